package io.witan.interop.javaclient;

import static io.witan.interop.javaclient.ReadsAndWritesIT.bytes;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.witan.interop.AgainstBoth;
import io.witan.interop.Lab;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

/// Note that Apache's client does not take the chroot off the paths in the results.
@AgainstBoth
class TransactionsIT {

    @Test
    void each_operation_sees_what_the_ones_before_it_did(Lab lab) throws Exception {
        var client = lab.client();

        List<OpResult> results =
                client.multi(
                        List.of(
                                Op.create("/a", bytes("0"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                                Op.setData("/a", bytes("1"), 0),
                                Op.check("/a", 1),
                                Op.create(
                                        "/a/n-",
                                        null,
                                        OPEN_ACL_UNSAFE,
                                        CreateMode.PERSISTENT_SEQUENTIAL),
                                Op.create(
                                        "/a/n-",
                                        null,
                                        OPEN_ACL_UNSAFE,
                                        CreateMode.EPHEMERAL_SEQUENTIAL),
                                Op.delete("/a/n-0000000000", 0)));

        assertThat(((OpResult.CreateResult) results.get(3)).getPath())
                .isEqualTo(lab.root() + "/a/n-0000000000");
        assertThat(((OpResult.CreateResult) results.get(4)).getPath())
                .isEqualTo(lab.root() + "/a/n-0000000001");
        assertThat(((OpResult.SetDataResult) results.get(1)).getStat().getVersion()).isEqualTo(1);
        assertThat(client.getChildren("/a", false)).containsExactly("n-0000000001");
        assertThat(client.exists("/a", false).getMzxid())
                .isEqualTo(client.exists("/a", false).getCzxid());
    }

    @Test
    void one_failure_undoes_everything_and_names_itself(Lab lab) throws Exception {
        var client = lab.client();
        client.create("/a", bytes("0"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        var failure =
                catchThrowableOfType(
                        KeeperException.class,
                        () ->
                                client.multi(
                                        List.of(
                                                Op.setData("/a", bytes("1"), 0),
                                                Op.create(
                                                        "/a/s-",
                                                        null,
                                                        OPEN_ACL_UNSAFE,
                                                        CreateMode.PERSISTENT_SEQUENTIAL),
                                                Op.delete("/missing", -1),
                                                Op.delete("/a", -1))));

        assertThat(failure.code()).isEqualTo(Code.NONODE);
        assertThat(failure.getResults())
                .extracting(result -> ((OpResult.ErrorResult) result).getErr())
                .containsExactly(
                        0, 0, Code.NONODE.intValue(), Code.RUNTIMEINCONSISTENCY.intValue());
        assertThat(client.getData("/a", false, null)).isEqualTo(bytes("0"));
        assertThat(client.create("/a/s-", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL))
                .isEqualTo("/a/s-0000000000");
    }

    @Test
    void containers_ttl_znodes_and_create_with_stat_are_allowed(Lab lab) throws Exception {
        var client = lab.client();

        List<OpResult> results =
                client.multi(
                        List.of(
                                Op.create("/c", null, OPEN_ACL_UNSAFE, CreateMode.CONTAINER),
                                Op.create(
                                        "/t",
                                        null,
                                        OPEN_ACL_UNSAFE,
                                        CreateMode.PERSISTENT_WITH_TTL,
                                        3_600_000),
                                Op.create(
                                        "/t-",
                                        null,
                                        OPEN_ACL_UNSAFE,
                                        CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL,
                                        3_600_000)));

        assertThat(results)
                .extracting(result -> ((OpResult.CreateResult) result).getPath())
                .containsExactly(
                        lab.root() + "/c", lab.root() + "/t", lab.root() + "/t-0000000002");
        assertThat(((OpResult.CreateResult) results.get(1)).getStat().getCzxid())
                .isEqualTo(client.exists("/c", false).getCzxid());
    }

    @Test
    void permissions_are_checked_operation_by_operation(Lab lab) throws Exception {
        var client = lab.client();
        client.create("/ro", null, Ids.READ_ACL_UNSAFE, CreateMode.PERSISTENT);

        assertThatThrownBy(() ->
                        client.multi(
                                List.of(Op.check("/ro", 0), Op.setData("/ro", bytes("x"), -1))))
                .isInstanceOf(KeeperException.NoAuthException.class);
    }

    @Test
    void an_empty_transaction_succeeds(Lab lab) throws Exception {
        assertThat(lab.client().multi(List.of())).isEmpty();
    }

    @Test
    void the_builder_commits_as_well(Lab lab) throws Exception {
        var client = lab.client();

        client.transaction()
                .create("/a", bytes("0"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)
                .check("/a", 0)
                .setData("/a", bytes("1"), 0)
                .commit();

        assertThat(client.getData("/a", false, null)).isEqualTo(bytes("1"));
    }

    @Test
    void a_long_transaction_is_one_change(Lab lab) throws Exception {
        var client = lab.client();
        var creates =
                IntStream.range(0, 2000)
                        .mapToObj(i ->
                                Op.create(
                                        "/n" + i,
                                        bytes("d"),
                                        OPEN_ACL_UNSAFE,
                                        CreateMode.PERSISTENT))
                        .toList();

        client.multi(creates);

        assertThat(client.getAllChildrenNumber("/")).isEqualTo(2000);
        assertThat(client.exists("/n0", false).getCzxid())
                .isEqualTo(client.exists("/n1999", false).getCzxid());
    }

    @Test
    void many_reads_go_in_one_request_and_fail_one_by_one(Lab lab) throws Exception {
        var client = lab.client();
        client.create("/a", bytes("A"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create("/a/b", bytes("B"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        List<OpResult> results =
                client.multi(
                        List.of(
                                Op.getData("/a"),
                                Op.getData("/missing"),
                                Op.getChildren("/a"),
                                Op.getData("/a/b")));

        assertThat(((OpResult.GetDataResult) results.get(0)).getData()).isEqualTo(bytes("A"));
        assertThat(((OpResult.ErrorResult) results.get(1)).getErr())
                .isEqualTo(Code.NONODE.intValue());
        assertThat(((OpResult.GetChildrenResult) results.get(2)).getChildren())
                .containsExactly("b");
        assertThat(((OpResult.GetDataResult) results.get(3)).getStat())
                .isEqualTo(client.exists("/a/b", false));
    }
}
