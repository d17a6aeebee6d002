package io.witan.interop.javaclient;

import static io.witan.interop.javaclient.ReadsAndWritesIT.bytes;

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
import org.apache.zookeeper.OpResult;
import org.junit.jupiter.api.Test;

import java.util.List;

@AgainstBoth
class ChrootIT {

    @Test
    void a_chrooted_client_sees_its_subtree_as_the_whole_tree(Lab lab) throws Exception {
        var whole = lab.clientAtRoot();
        var chrooted = lab.client();

        assertThat(chrooted.create("/a", bytes("in"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                .isEqualTo("/a");
        assertThat(
                        chrooted.create(
                                "/a/n-", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL))
                .isEqualTo("/a/n-0000000000");

        assertThat(whole.getData(lab.root() + "/a", false, null)).isEqualTo(bytes("in"));
        assertThat(chrooted.getChildren("/", false)).containsExactly("a");
        assertThat(chrooted.getAllChildrenNumber("/")).isEqualTo(2);
    }

    @Test
    void watches_report_paths_inside_the_chroot(Lab lab) throws Exception {
        var events = new Events();
        var chrooted = lab.client();
        chrooted.addWatch("/", events, AddWatchMode.PERSISTENT_RECURSIVE);
        var whole = lab.clientAtRoot();

        whole.create(lab.root() + "/a", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        whole.setData(lab.root() + "/a", bytes("x"), -1);

        assertThat(events.next(2)).containsExactly("NodeCreated /a", "NodeDataChanged /a");
    }

    @Test
    void transactions_are_inside_the_chroot(Lab lab) throws Exception {
        var chrooted = lab.client();

        List<OpResult> results =
                chrooted.multi(
                        List.of(
                                Op.create("/a", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                                Op.setData("/a", bytes("1"), 0)));

        // Apache's client does not take the chroot off the paths in results of a transaction.
        assertThat(((OpResult.CreateResult) results.getFirst()).getPath())
                .isEqualTo(lab.root() + "/a");
        assertThat(lab.clientAtRoot().getData(lab.root() + "/a", false, null))
                .isEqualTo(bytes("1"));
    }

    @Test
    void the_chroot_itself_may_be_created_later(Lab lab) throws Exception {
        var below =
                lab.closedAfterwards(Lab.connected(lab.connectString() + "/later", new Events()));

        assertThatThrownBy(() -> below.getChildren("/", false))
                .isInstanceOf(KeeperException.NoNodeException.class);
        below.create("/", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        assertThat(below.getChildren("/", false)).isEmpty();
        assertThat(lab.client().getChildren("/", false)).containsExactly("later");
    }
}
