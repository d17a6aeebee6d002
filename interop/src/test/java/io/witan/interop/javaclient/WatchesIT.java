package io.witan.interop.javaclient;

import static io.witan.interop.javaclient.ReadsAndWritesIT.bytes;
import static io.witan.interop.javaclient.ReadsAndWritesIT.text;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.interop.AgainstBoth;
import io.witan.interop.Events;
import io.witan.interop.Lab;

import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

@AgainstBoth
class WatchesIT {

    private final Events events = new Events();

    @Test
    void a_data_watch_fires_once(Lab lab) throws Exception {
        var client = lab.client();
        create(client, "/a");
        client.getData("/a", events, null);

        client.setData("/a", bytes("1"), -1);
        client.setData("/a", bytes("2"), -1);

        assertThat(seenBy(client)).containsExactly("NodeDataChanged /a");
    }

    @Test
    void an_exists_watch_waits_for_the_creation_of_a_missing_znode(Lab lab) throws Exception {
        var client = lab.client();
        assertThat(client.exists("/a", events)).isNull();

        create(client, "/a");
        create(client, "/a/b");

        assertThat(seenBy(client)).containsExactly("NodeCreated /a");
    }

    @Test
    void a_failed_read_other_than_exists_sets_no_watch(Lab lab) throws Exception {
        var client = lab.client();
        assertThatThrownBy(() -> client.getData("/a", events, null))
                .isInstanceOf(KeeperException.NoNodeException.class);
        assertThatThrownBy(() -> client.getChildren("/a", events))
                .isInstanceOf(KeeperException.NoNodeException.class);

        create(client, "/a");

        assertThat(seenBy(client)).isEmpty();
    }

    @Test
    void a_child_watch_fires_on_creation_and_deletion_of_children_only(Lab lab) throws Exception {
        var client = lab.client();
        create(client, "/a");
        create(client, "/a/b");

        client.getChildren("/a", events);
        client.setData("/a/b", bytes("1"), -1);
        create(client, "/a/b/c");
        assertThat(seenBy(client)).isEmpty();

        create(client, "/a/d");
        assertThat(seenBy(client)).containsExactly("NodeChildrenChanged /a");

        client.getChildren("/a", events);
        client.delete("/a/d", -1);
        assertThat(seenBy(client)).containsExactly("NodeChildrenChanged /a");
    }

    @Test
    void deletion_fires_data_exists_and_child_watches(Lab lab) throws Exception {
        var client = lab.client();
        create(client, "/a");
        var data = new Events();
        var exists = new Events();
        var children = new Events();
        client.getData("/a", data, null);
        client.exists("/a", exists);
        client.getChildren("/a", children);

        client.delete("/a", -1);

        assertThat(data.next()).isEqualTo("NodeDeleted /a");
        assertThat(exists.next()).isEqualTo("NodeDeleted /a");
        assertThat(children.next()).isEqualTo("NodeDeleted /a");
    }

    @Test
    void set_acl_and_failed_writes_fire_nothing(Lab lab) throws Exception {
        var client = lab.client();
        create(client, "/a");
        client.getData("/a", events, null);
        client.getChildren("/a", events);

        client.setACL("/a", Ids.OPEN_ACL_UNSAFE, -1);
        assertThatThrownBy(() -> client.setData("/a", bytes("x"), 9))
                .isInstanceOf(KeeperException.BadVersionException.class);
        assertThatThrownBy(() ->
                        client.multi(List.of(Op.setData("/a", bytes("x"), -1), Op.check("/a", 9))))
                .isInstanceOf(KeeperException.BadVersionException.class);

        assertThat(seenBy(client)).isEmpty();
    }

    @Test
    void a_persistent_watch_reports_the_znode_and_its_children_again_and_again(Lab lab)
            throws Exception {
        var client = lab.client();
        client.addWatch("/a", events, AddWatchMode.PERSISTENT);

        create(client, "/a");
        client.setData("/a", bytes("1"), -1);
        client.setData("/a", bytes("2"), -1);
        create(client, "/a/b");
        client.setData("/a/b", bytes("not reported"), -1);
        client.delete("/a/b", -1);
        client.delete("/a", -1);

        assertThat(seenBy(client))
                .containsExactly(
                        "NodeCreated /a",
                        "NodeDataChanged /a",
                        "NodeDataChanged /a",
                        "NodeChildrenChanged /a",
                        "NodeChildrenChanged /a",
                        "NodeDeleted /a");
    }

    @Test
    void a_recursive_watch_reports_the_whole_subtree_without_children_events(Lab lab)
            throws Exception {
        var client = lab.client();
        client.addWatch("/a", events, AddWatchMode.PERSISTENT_RECURSIVE);

        create(client, "/a");
        create(client, "/a/b");
        create(client, "/a/b/c");
        create(client, "/ab");
        client.setData("/a/b/c", bytes("1"), -1);
        client.delete("/a/b/c", -1);
        client.delete("/a/b", -1);

        assertThat(seenBy(client))
                .containsExactly(
                        "NodeCreated /a",
                        "NodeCreated /a/b",
                        "NodeCreated /a/b/c",
                        "NodeDataChanged /a/b/c",
                        "NodeDeleted /a/b/c",
                        "NodeDeleted /a/b");
    }

    @Test
    void a_removed_watch_is_silent_and_says_that_it_was_removed(Lab lab) throws Exception {
        var client = lab.client();
        create(client, "/a");
        client.getData("/a", events, null);
        client.getChildren("/a", events);

        client.removeWatches("/a", events, WatcherType.Data, false);
        client.setData("/a", bytes("1"), -1);
        create(client, "/a/b");

        assertThat(seenBy(client)).containsExactly("DataWatchRemoved /a", "NodeChildrenChanged /a");
    }

    @Test
    void removing_a_watch_that_is_not_there_is_refused(Lab lab) throws Exception {
        var client = lab.client();
        create(client, "/a");

        assertThatThrownBy(() -> client.removeWatches("/a", events, WatcherType.Any, false))
                .isInstanceOf(KeeperException.NoWatcherException.class);
        client.addWatch("/a", events, AddWatchMode.PERSISTENT);
        assertThatThrownBy(() -> client.removeAllWatches("/a", WatcherType.Data, false))
                .isInstanceOf(KeeperException.NoWatcherException.class);
    }

    @Test
    void a_persistent_watch_is_removed_with_all_others(Lab lab) throws Exception {
        var client = lab.client();
        client.addWatch("/a", events, AddWatchMode.PERSISTENT);
        client.addWatch("/r", events, AddWatchMode.PERSISTENT_RECURSIVE);

        client.removeAllWatches("/a", WatcherType.Any, false);
        client.removeWatches("/r", events, WatcherType.PersistentRecursive, false);
        create(client, "/a");
        create(client, "/r");

        assertThat(seenBy(client))
                .containsExactlyInAnyOrder(
                        "PersistentWatchRemoved /a", "PersistentWatchRemoved /r");
    }

    @Test
    void a_transaction_fires_its_events_in_the_order_of_its_operations(Lab lab) throws Exception {
        var client = lab.client();
        create(client, "/a");
        client.addWatch("/", events, AddWatchMode.PERSISTENT_RECURSIVE);

        client.multi(
                List.of(
                        Op.create("/b", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                        Op.setData("/a", bytes("1"), -1),
                        Op.create("/b/c", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                        Op.delete("/b/c", -1),
                        Op.delete("/a", -1)));

        assertThat(seenBy(client))
                .containsExactly(
                        "NodeCreated /b",
                        "NodeDataChanged /a",
                        "NodeCreated /b/c",
                        "NodeDeleted /b/c",
                        "NodeDeleted /a");
    }

    @Test
    void closing_a_session_reports_each_of_its_ephemerals(Lab lab) throws Exception {
        var owner = lab.client();
        var client = lab.client();
        create(client, "/p");
        client.addWatch("/p", events, AddWatchMode.PERSISTENT_RECURSIVE);
        owner.create("/p/e1", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        owner.create("/p/e2", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        events.next(2);

        owner.close();

        assertThat(events.next(2))
                .containsExactlyInAnyOrder("NodeDeleted /p/e1", "NodeDeleted /p/e2");
    }

    @Test
    void an_event_about_a_znode_that_may_not_be_read_is_withheld(Lab lab) throws Exception {
        var owner = lab.client();
        owner.addAuthInfo("digest", bytes("owner:secret"));
        var client = lab.client();
        client.exists("/secret", events);
        client.addWatch("/open", events, AddWatchMode.PERSISTENT);

        owner.create("/secret", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        create(owner, "/open");

        assertThat(seenBy(client)).containsExactly("NodeCreated /open");
    }

    @Test
    void the_event_of_an_own_write_comes_before_its_reply(Lab lab) throws Exception {
        var client = lab.client();
        create(client, "/a");
        int rounds = 100;
        List<String> order = new ArrayList<>();
        var done = new CountDownLatch(rounds);
        client.addWatch("/a", event -> order.add(event.getType().name()), AddWatchMode.PERSISTENT);

        for (int i = 0; i < rounds; i++) {
            client.setData(
                    "/a",
                    bytes("" + i),
                    i,
                    (_, _, _, _) -> {
                        order.add("reply");
                        done.countDown();
                    },
                    null);
        }
        Lab.await(done);

        List<String> expected = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            expected.add("NodeDataChanged");
            expected.add("reply");
        }
        assertThat(order).isEqualTo(expected);
    }

    @Test
    void another_client_sees_the_event_before_the_new_state(Lab lab) throws Exception {
        var writer = lab.client();
        var client = lab.client();
        create(writer, "/a");
        int rounds = 100;
        List<String> order = new ArrayList<>();

        for (int i = 0; i < rounds; i++) {
            client.getData("/a", event -> order.add("event"), null);
            writer.setData("/a", bytes("" + i), i);
            var read = new CountDownLatch(1);
            client.getData(
                    "/a",
                    false,
                    (_, _, _, data, _) -> {
                        order.add(text(data));
                        read.countDown();
                    },
                    null);
            Lab.await(read);
        }

        List<String> expected = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            expected.add("event");
            expected.add("" + i);
        }
        assertThat(order).isEqualTo(expected);
    }

    private List<String> seenBy(ZooKeeper client) {
        Lab.settle(client);
        return events.pending();
    }

    private static void create(ZooKeeper client, String path) throws Exception {
        client.create(path, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }
}
