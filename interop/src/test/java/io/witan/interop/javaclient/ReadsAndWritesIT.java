package io.witan.interop.javaclient;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.interop.AgainstBoth;
import io.witan.interop.Events;
import io.witan.interop.Lab;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

@AgainstBoth
class ReadsAndWritesIT {

    @Test
    void a_created_znode_is_read_back_with_its_stat(Lab lab) throws Exception {
        var client = lab.client();
        var created = new Stat();

        String path =
                client.create("/a", bytes("one"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, created);

        var read = new Stat();
        assertThat(path).isEqualTo("/a");
        assertThat(client.getData("/a", false, read)).isEqualTo(bytes("one"));
        assertThat(read).isEqualTo(created);
        assertThat(read.getCzxid())
                .isPositive()
                .isEqualTo(read.getMzxid())
                .isEqualTo(read.getPzxid());
        assertThat(read.getCtime()).isPositive().isEqualTo(read.getMtime());
        assertThat(List.of(read.getVersion(), read.getCversion(), read.getAversion()))
                .containsOnly(0);
        assertThat(read.getDataLength()).isEqualTo(3);
        assertThat(read.getNumChildren()).isZero();
        assertThat(read.getEphemeralOwner()).isZero();
    }

    @Test
    void null_data_and_empty_data_stay_apart(Lab lab) throws Exception {
        var client = lab.client();
        client.create("/null", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create("/empty", new byte[0], OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        assertThat(client.getData("/null", false, null)).isNull();
        assertThat(client.getData("/empty", false, null)).isNotNull().isEmpty();

        client.setData("/empty", null, 0);
        assertThat(client.getData("/empty", false, null)).isNull();
    }

    @Test
    void set_data_moves_the_version_and_checks_it(Lab lab) throws Exception {
        var client = lab.client();
        client.create("/a", bytes("v0"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        Stat first = client.setData("/a", bytes("v1"), 0);
        Stat second = client.setData("/a", bytes("longer"), -1);

        assertThat(first.getVersion()).isEqualTo(1);
        assertThat(second.getVersion()).isEqualTo(2);
        assertThat(second.getDataLength()).isEqualTo(6);
        assertThat(second.getMzxid()).isGreaterThan(first.getMzxid());
        assertThat(second.getCzxid()).isEqualTo(first.getCzxid());
        assertThatThrownBy(() -> client.setData("/a", bytes("x"), 1))
                .isInstanceOf(KeeperException.BadVersionException.class);
        assertThatThrownBy(() -> client.setData("/missing", bytes("x"), -1))
                .isInstanceOf(KeeperException.NoNodeException.class);
    }

    @Test
    void delete_checks_version_and_children(Lab lab) throws Exception {
        var client = lab.client();
        client.create("/a", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create("/a/b", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        assertThatThrownBy(() -> client.delete("/a", 7))
                .isInstanceOf(KeeperException.BadVersionException.class);
        assertThatThrownBy(() -> client.delete("/a", 0))
                .isInstanceOf(KeeperException.NotEmptyException.class);
        client.delete("/a/b", 0);
        client.delete("/a", -1);

        assertThat(client.exists("/a", false)).isNull();
        assertThatThrownBy(() -> client.delete("/a", -1))
                .isInstanceOf(KeeperException.NoNodeException.class);
    }

    @Test
    void create_says_why_it_cannot(Lab lab) throws Exception {
        var client = lab.client();
        client.create("/a", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create("/e", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);

        assertThatThrownBy(() -> client.create("/a", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                .isInstanceOf(KeeperException.NodeExistsException.class);
        assertThatThrownBy(
                        () -> client.create("/x/y", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                .isInstanceOf(KeeperException.NoNodeException.class);
        assertThatThrownBy(
                        () -> client.create("/e/y", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                .isInstanceOf(KeeperException.NoChildrenForEphemeralsException.class);
        assertThatThrownBy(() -> client.create("/i", null, List.of(), CreateMode.PERSISTENT))
                .isInstanceOf(KeeperException.InvalidACLException.class);
    }

    @Test
    void children_are_listed_and_counted(Lab lab) throws Exception {
        var client = lab.client();
        for (String path : List.of("/p", "/p/a", "/p/b", "/p/a/x", "/p/a/y")) {
            client.create(path, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        client.delete("/p/b", -1);
        var stat = new Stat();

        assertThat(client.getChildren("/p", false)).containsExactly("a");
        assertThat(client.getChildren("/p/a", false, stat)).containsExactlyInAnyOrder("x", "y");
        assertThat(client.getAllChildrenNumber("/p")).isEqualTo(3);
        assertThat(stat.getNumChildren()).isEqualTo(2);
        assertThat(stat.getCversion()).isEqualTo(2);
        assertThat(client.exists("/p", false).getCversion()).isEqualTo(3);
        assertThat(client.exists("/p", false).getPzxid())
                .isGreaterThan(client.exists("/p/a", false).getCzxid());
    }

    @Test
    void sequence_numbers_count_every_create_under_the_parent(Lab lab) throws Exception {
        var client = lab.client();
        client.create("/q", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        String first =
                client.create("/q/n-", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
        client.create("/q/plain", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.delete(first, -1);
        String second =
                client.create("/q/n-", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL);
        String nameless =
                client.create("/q/", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);

        assertThat(first).isEqualTo("/q/n-0000000000");
        assertThat(second).isEqualTo("/q/n-0000000002");
        assertThat(nameless).isEqualTo("/q/0000000003");
    }

    @Test
    void names_may_be_in_any_script(Lab lab) throws Exception {
        var client = lab.client();
        String path = "/ünïcödé 节点 ελληνικά";

        client.create(path, bytes("données 😀"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        assertThat(client.getChildren("/", false)).containsExactly(path.substring(1));
        assertThat(client.getData(path, false, null)).isEqualTo(bytes("données 😀"));
    }

    @Test
    void data_up_to_the_frame_limit_is_kept(Lab lab) throws Exception {
        var client = lab.client();
        byte[] large = new byte[1_048_575 - 200];
        Arrays.fill(large, (byte) 'L');

        client.create("/large", large, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        assertThat(client.getData("/large", false, null)).isEqualTo(large);
        assertThat(client.setData("/large", bytes("small"), -1).getDataLength()).isEqualTo(5);
    }

    @Test
    void a_frame_beyond_the_limit_costs_the_connection_and_not_the_session(Lab lab)
            throws Exception {
        var events = new Events();
        var client = lab.client(events);
        client.create("/eph", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        long session = client.getSessionId();

        assertThatThrownBy(() ->
                        client.create(
                                "/huge",
                                new byte[1_048_576],
                                OPEN_ACL_UNSAFE,
                                CreateMode.PERSISTENT))
                .isInstanceOf(KeeperException.ConnectionLossException.class);
        events.awaitState(KeeperState.SyncConnected);

        assertThat(client.getSessionId()).isEqualTo(session);
        assertThat(client.exists("/eph", false)).isNotNull();
        assertThat(client.exists("/huge", false)).isNull();
    }

    @Test
    void ephemerals_of_the_session_are_listed_by_prefix(Lab lab) throws Exception {
        var client = lab.clientAtRoot();
        String root = lab.root();
        client.create(root + "/x", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create(root + "/x/e1", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        client.create(root + "/xy", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        client.create(root + "/z", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);

        assertThat(client.getEphemerals())
                .containsExactlyInAnyOrder(root + "/x/e1", root + "/xy", root + "/z");
        assertThat(client.getEphemerals(root + "/x"))
                .containsExactlyInAnyOrder(root + "/x/e1", root + "/xy");
        assertThat(client.getEphemerals("/nowhere")).isEmpty();
    }

    @Test
    void system_znodes_are_there_and_stay(Lab lab) throws Exception {
        var client = lab.clientAtRoot();

        assertThat(client.getChildren("/zookeeper", false)).contains("config", "quota");
        assertThat(client.getConfig(false, null)).isEmpty();
        for (String path : List.of("/zookeeper", "/zookeeper/config", "/zookeeper/quota")) {
            assertThatThrownBy(() -> client.delete(path, -1))
                    .isInstanceOf(KeeperException.BadArgumentsException.class);
        }
        assertThatThrownBy(() -> client.setData("/zookeeper/config", bytes("x"), -1))
                .isInstanceOf(KeeperException.NoAuthException.class);
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
