package io.witan.tree;

import static io.witan.tree.TestTree.SESSION;
import static io.witan.tree.TestTree.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Objects;

/// Section 8.5, and what of sections 3.7, 6.1 and 13.3 shows when transactions are applied.
class TransactionsTest {

    private final TestTree t = new TestTree();

    // create

    @Test
    void a_new_znode_has_the_zxid_and_the_time_of_its_transaction() {
        t.create("/a");

        Znode a = t.at("/a");
        assertThat(List.of(a.czxid(), a.mzxid(), a.pzxid())).containsOnly(1L);
        assertThat(List.of(a.ctime(), a.mtime())).containsOnly(1000L);
        assertThat(List.of(a.version(), a.cversion(), a.aversion(), a.childCount()))
                .containsOnly(0);
    }

    @Test
    void the_cversion_that_clients_see_counts_creates_and_deletes() {
        assertThat(t.at("/").cversion()).isEqualTo(-1);
        assertThat(t.at("/zookeeper").cversion()).isEqualTo(-2);

        t.create("/a");
        t.create("/a/b");
        t.create("/a/c");
        t.delete("/a/b");

        assertThat(t.at("/a").cversion()).isEqualTo(3);
        assertThat(t.at("/a").storedCversion()).isEqualTo(2);
        assertThat(t.at("/a").pzxid()).isEqualTo(4);
    }

    @Test
    void create_without_a_parent_changes_nothing() {
        assertThat(t.create("/missing/a").err()).isEqualTo(ErrorCode.NO_NODE);
        assertThat(t.tree.znodeCount()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a", "//", "/a/", "//a", "/zookeeper//x", "/a/b/"})
    void malformed_paths_are_errors_and_nothing_else(String path) {
        t.create("/a");
        List<String> before = TreeText.content(t.tree);

        assertThat(t.create(path).err()).isNotZero();
        assertThat(t.delete(path).err()).isNotZero();

        TreeText.assertSame(TreeText.content(t.tree), before);
    }

    @Test
    void create_of_what_exists_takes_over_the_acl_alone() {
        t.create("/a");
        t.create("/a/b", "data");
        List<Acl> acl = List.of(new Acl(1, Id.ANYONE));

        TxnOutcome outcome = t.createWith(acl, "/a/b");

        assertThat(outcome.err()).isEqualTo(ErrorCode.NODE_EXISTS);
        assertThat(t.tree.acls().list(t.at("/a/b").aclKey())).isEqualTo(acl);
        assertThat(t.data("/a/b")).isEqualTo("data");
        assertThat(t.at("/a").storedCversion()).isEqualTo(1);
        assertThat(t.events).containsExactly("created /a", "created /a/b");
    }

    @Test
    void only_a_create_of_type_1_moves_the_parent_of_what_exists() {
        t.create("/a");
        t.create("/a/b");

        t.create(OpCode.CREATE2, "/a/b", 7);
        assertThat(t.at("/a").storedCversion()).isEqualTo(1);

        t.create(OpCode.CREATE, "/a/b", 7);
        assertThat(t.at("/a").storedCversion()).isEqualTo(7);
        assertThat(t.at("/a").pzxid()).isEqualTo(4);
    }

    @Test
    void the_stored_cversion_only_grows_and_pzxid_moves_with_it() {
        t.create("/a");
        t.create(OpCode.CREATE, "/a/b", 5);
        t.create(OpCode.CREATE, "/a/c", 3);

        assertThat(t.at("/a").storedCversion()).isEqualTo(5);
        assertThat(t.at("/a").pzxid()).isEqualTo(2);
        assertThat(t.at("/a").childCount()).isEqualTo(2);
    }

    // delete

    @Test
    void delete_moves_pzxid_of_the_parent_even_if_there_is_nothing_to_delete() {
        t.create("/a");

        assertThat(t.delete("/a/missing").err()).isEqualTo(ErrorCode.NO_NODE);

        assertThat(t.at("/a").pzxid()).isEqualTo(2);
        assertThat(t.delete("/missing/x").err()).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void delete_never_moves_pzxid_back() {
        t.create("/a");
        t.create("/a/b");
        t.zxid = 0;

        t.delete("/a/b");

        assertThat(t.at("/a").pzxid()).isEqualTo(2);
        assertThat(t.tree.lastZxid()).isEqualTo(2);
    }

    @Test
    void delete_of_a_znode_with_children_takes_them_along() {
        t.createSession(SESSION);
        t.create("/a");
        t.createEphemeral("/a/e", SESSION);
        t.createContainer("/a/c");
        t.createContainer("/a/c/d");
        t.createTtl("/a/c/t", 5);

        assertThat(t.delete("/a").err()).isZero();

        assertThat(t.tree.znodeCount()).isEqualTo(4);
        ZnodeTreePropertiesTest.assertIndexesAgree(t.tree);
        assertThat(t.tree.digest()).isEqualTo((t.at("/").digest() & 0xFFFF_FFFFL) + 1303661912L);
    }

    // setData, setACL

    @Test
    void set_data_takes_the_version_as_it_is() {
        t.create("/a");

        TxnOutcome outcome = t.setData("/a", "new", -1);

        assertThat(outcome.znode()).isEqualTo(t.at("/a"));
        assertThat(t.at("/a").version()).isEqualTo(-1);
        assertThat(t.at("/a").mzxid()).isEqualTo(2);
        assertThat(t.at("/a").mtime()).isEqualTo(2000);
        assertThat(t.at("/a").pzxid()).isEqualTo(1);
        assertThat(t.setData("/b", "x", 0).err()).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void null_and_empty_data_stay_apart() {
        t.create("/null", (String) null);
        t.create("/empty", "");

        assertThat(t.at("/null").data()).isNull();
        assertThat(t.at("/empty").data()).isEmpty();
    }

    @Test
    void set_acl_changes_list_and_aversion_alone() {
        t.create("/a");
        List<Acl> acl = List.of(new Acl(3, new Id("ip", "10.0.0.1")));

        t.apply(OpCode.SET_ACL, new Txn.SetAcl(bytes("/a"), acl, 9));

        assertThat(t.tree.acls().list(t.at("/a").aclKey())).isEqualTo(acl);
        assertThat(t.at("/a").aversion()).isEqualTo(9);
        assertThat(t.at("/a").mzxid()).isEqualTo(1);
        assertThat(t.events).containsExactly("created /a");
    }

    // sessions

    @Test
    void close_session_deletes_the_listed_paths_in_order_and_what_else_the_session_owns() {
        t.createSession(SESSION);
        for (String path : List.of("/e1", "/e2", "/e3")) {
            t.createEphemeral(path, SESSION);
        }
        t.events.clear();

        t.closeSession(SESSION, "/e3", "/gone", "/e1");

        assertThat(t.events).containsExactly("deleted /e3 1", "deleted /e1 1", "deleted /e2 1");
        assertThat(t.tree.sessions().contains(SESSION)).isFalse();
        assertThat(t.at("/").pzxid()).isEqualTo(5);
        assertThat(t.at("/").storedCversion()).isEqualTo(3);
    }

    @Test
    void sessions_are_known_with_the_timeout_they_were_made_with() {
        t.createSession(5);
        t.createSession(-7);

        assertThat(t.tree.sessions().timeoutMillis(5)).isEqualTo(4000);
        assertThat(t.tree.sessions().count()).isEqualTo(2);
        assertThat(t.tree.sessions().contains(6)).isFalse();
        assertThat(t.tree.sessions().timeoutMillis(6)).isZero();
    }

    @Test
    void ephemerals_of_unknown_sessions_are_found_for_the_sweep() {
        t.createSession(5);
        t.createEphemeral("/e5", 5);
        t.createEphemeral("/e6", 6);

        assertThat(t.tree.sessions().strangers()).containsExactly(6);
        t.closeSession(6);
        assertThat(t.tree.sessions().strangers()).isEmpty();
        assertThat(t.exists("/e6")).isFalse();
        assertThat(t.tree.ephemeralCount()).isEqualTo(1);
    }

    @Test
    void many_sessions_come_and_go() {
        for (long id = 1; id <= 3000; id++) {
            t.createSession(id * 0x10001);
            t.createEphemeral("/e" + id, id * 0x10001);
        }
        for (long id = 1; id <= 3000; id += 2) {
            t.closeSession(id * 0x10001);
        }

        assertThat(t.tree.sessions().count()).isEqualTo(1500);
        assertThat(t.tree.sessions().withEphemeralsCount()).isEqualTo(1500);
        for (long id = 1; id <= 3000; id++) {
            assertThat(t.tree.sessions().contains(id * 0x10001)).isEqualTo(id % 2 == 0);
            assertThat(t.tree.sessions().ephemerals(id * 0x10001).size())
                    .isEqualTo(id % 2 == 0 ? 1 : 0);
        }
    }

    // multi

    @Test
    void a_multi_with_a_failed_op_changes_nothing() {
        TxnOutcome outcome =
                t.multi(
                        new Txn.Op(OpCode.CREATE, TestTree.created("/a", 1)),
                        new Txn.Op(OpCode.ERROR, new Txn.Failed(-103)),
                        new Txn.Op(OpCode.ERROR, new Txn.Failed(-2)));

        assertThat(t.exists("/a")).isFalse();
        assertThat(t.events).isEmpty();
        assertThat(outcome.isFailedMulti()).isTrue();
        assertThat(outcome.parts().stream().map(TxnOutcome::err)).containsExactly(0, -103, -2);
        assertThat(t.tree.lastZxid()).isEqualTo(1);
    }

    @Test
    void each_op_of_a_multi_has_the_stat_right_after_it() {
        TxnOutcome outcome =
                t.multi(
                        new Txn.Op(OpCode.CREATE2, TestTree.created("/a", 1)),
                        new Txn.Op(OpCode.SET_DATA, new Txn.SetData(bytes("/a"), bytes("xy"), 1)),
                        new Txn.Op(OpCode.CREATE, TestTree.created("/a/b", 1)),
                        new Txn.Op(OpCode.CHECK, new Txn.CheckVersion(bytes("/a"), 2)),
                        new Txn.Op(OpCode.DELETE, new Txn.Delete(bytes("/a/b"))));

        List<TxnOutcome> parts = outcome.parts();
        assertThat(Objects.requireNonNull(parts.get(0).stat()).dataLength()).isZero();
        assertThat(Objects.requireNonNull(parts.get(1).stat()).dataLength()).isEqualTo(2);
        assertThat(Objects.requireNonNull(parts.get(1).stat()).numChildren()).isZero();
        assertThat(parts.get(4).stat()).isNull();
        assertThat(t.events)
                .containsExactly("created /a", "changed /a", "created /a/b", "deleted /a/b 1");
        assertThat(t.at("/a").mzxid()).isEqualTo(1);
    }

    @Test
    void errors_of_single_ops_on_replay_do_not_roll_back_the_others() {
        TxnOutcome outcome =
                t.multi(
                        new Txn.Op(OpCode.CREATE, TestTree.created("/missing/x", 1)),
                        new Txn.Op(OpCode.CREATE, TestTree.created("/a", 1)));

        assertThat(outcome.parts().get(0).err()).isEqualTo(ErrorCode.NO_NODE);
        assertThat(t.exists("/a")).isTrue();
    }

    // owners (3.7)

    @Test
    void containers_and_ttl_znodes_show_clients_no_owner() {
        t.createContainer("/c");
        t.createTtl("/t", 12345);

        assertThat(t.at("/c").storedOwner()).isEqualTo(0x8000_0000_0000_0000L);
        assertThat(t.at("/t").storedOwner()).isEqualTo(0xFF00_0000_0000_3039L);
        assertThat(t.at("/c").ephemeralOwner()).isZero();
        assertThat(t.at("/t").stat().ephemeralOwner()).isZero();
        assertThat(t.tree.ttlMillis(t.at("/t"))).isEqualTo(12345);
        assertThat(t.tree.containers().toArray()).containsExactly(t.at("/c"));
        assertThat(t.tree.ttlZnodes().toArray()).containsExactly(t.at("/t"));
    }

    @Test
    void without_extended_types_a_ttl_znode_is_an_ephemeral_of_an_unknown_session() {
        var plain = new TestTree(new TreeSettings(false, false, true, 1));

        plain.createTtl("/t", 12345);

        assertThat(plain.at("/t").ephemeralOwner()).isEqualTo(0xFF00_0000_0000_3039L);
        assertThat(plain.tree.sessions().strangers()).containsExactly(0xFF00_0000_0000_3039L);
    }

    @Test
    void ttls_in_the_format_of_3_5_3_are_understood_where_that_is_emulated() {
        var settings = new TreeSettings(true, true, true, 1);

        assertThat(OwnerKind.of(0x8000_0000_0000_0400L, settings)).isEqualTo(OwnerKind.TTL);
        assertThat(OwnerKind.ttlMillis(0x8000_0000_0000_0400L, settings)).isEqualTo(1024);
        // Seen at a 3.9.4 server: it goes on writing, and expiring, the present format.
        assertThat(OwnerKind.of(0xFF00_0000_0000_01F4L, settings)).isEqualTo(OwnerKind.TTL);
        assertThat(OwnerKind.ttlMillis(0xFF00_0000_0000_01F4L, settings)).isEqualTo(500);
        assertThat(OwnerKind.of(OwnerKind.CONTAINER_OWNER, settings))
                .isEqualTo(OwnerKind.CONTAINER);
    }

    // Transactions on which every 3.9 server stops (13.3): plain znodes instead.

    @Test
    void a_ttl_that_is_negative_makes_a_persistent_znode() {
        assertThat(t.createTtl("/t", -5).err()).isZero();
        assertThat(t.createTtl("/u", 1L << 40).err()).isZero();

        assertThat(t.at("/t").kind()).isEqualTo(OwnerKind.PERSISTENT);
        assertThat(t.at("/u").kind()).isEqualTo(OwnerKind.PERSISTENT);
    }

    @Test
    void a_quota_on_the_root_is_an_ordinary_znode() {
        assertThat(t.create("/zookeeper/quota/zookeeper_limits", "count=1").err()).isZero();
        assertThat(t.create("/zookeeper/quota/zookeeper_stats", "mine").err()).isZero();

        assertThat(t.tree.quotas().size()).isZero();
        assertThat(t.data("/zookeeper/quota/zookeeper_stats")).isEqualTo("mine");
        assertThat(t.delete("/zookeeper/quota/zookeeper_limits").err()).isZero();
    }

    @Test
    void limits_elsewhere_below_zookeeper_are_ordinary_znodes() {
        assertThat(t.create("/zookeeper/zookeeper_limits", "x").err()).isZero();
        assertThat(t.delete("/zookeeper/zookeeper_limits").err()).isZero();
        assertThat(t.create("/zookeeper/quotas", "x").err()).isZero();
        assertThat(t.create("/zookeeper/quotas/zookeeper_limits", "x").err()).isZero();
        assertThat(t.tree.quotas().size()).isZero();
    }

    // Digests (8.4)

    @Test
    void every_128th_digest_is_kept_and_1024_of_them() {
        for (int i = 0; i < 128 * 1030; i++) {
            t.apply(OpCode.ERROR, new Txn.Failed(-101));
        }

        DigestLog log = t.tree.digestLog();
        assertThat(log.size()).isEqualTo(1024);
        var zxids = new java.util.ArrayList<Long>();
        log.forEach((zxid, digest) -> zxids.add(zxid));
        assertThat(zxids.getFirst()).isEqualTo(7 * 128);
        assertThat(zxids.getLast()).isEqualTo(1030 * 128);
        assertThat(zxids).isSorted();
    }

    @Test
    void a_tree_without_digests_has_none() {
        var plain = new TestTree(new TreeSettings(true, false, false, 1));

        plain.create("/a");
        plain.create("/a/b");
        plain.setData("/a", "x", 1);
        plain.delete("/a/b");

        assertThat(plain.tree.digest()).isZero();
        assertThat(plain.at("/a").digest()).isZero();
        assertThat(plain.tree.matches(new io.witan.wire.txn.TxnDigest(2, 99))).isTrue();
    }

    @Test
    void a_wrong_digest_is_counted_and_no_more() {
        t.create("/a");

        assertThat(t.tree.matches(new io.witan.wire.txn.TxnDigest(2, 99))).isFalse();
        assertThat(t.tree.matches(new io.witan.wire.txn.TxnDigest(1, 99))).isTrue();
        assertThat(t.tree.matches(null)).isTrue();
        assertThat(t.tree.digestMismatches()).isEqualTo(1);
    }

    // The configuration of an ensemble (6.2)

    @Test
    void the_configuration_is_set_without_a_transaction() {
        t.create("/a");
        long digest = t.tree.digest();

        t.tree.setConfig(bytes("server.1=...\nversion=100000000"), 0x1_0000_0000L, 55);

        Znode config = t.at("/zookeeper/config");
        assertThat(config.version()).isEqualTo(-1);
        assertThat(config.mzxid()).isEqualTo(0x1_0000_0000L);
        assertThat(config.mtime()).isEqualTo(55);
        assertThat(t.tree.digest()).isEqualTo(digest);
        assertThat(t.tree.lastZxid()).isEqualTo(1);
    }

    // Look-ups

    @ParameterizedTest
    @ValueSource(strings = {"a", "/a/", "//", "/a//b", "//a", "/b", "/a/b/c"})
    void what_is_not_there_or_no_path_is_not_found(String path) {
        t.create("/a");
        t.create("/a/b");

        assertThat(t.exists(path)).isFalse();
    }

    @Test
    void both_names_of_the_root_are_found() {
        assertThat(t.at("")).isEqualTo(t.tree.root());
        assertThat(t.at("/")).isEqualTo(t.tree.root());
        assertThat(t.tree.root().path()).isEqualTo(bytes("/"));
    }

    @Test
    void paths_are_found_within_a_buffer() {
        t.create("/a");
        t.create("/a/b");
        byte[] buffer = bytes("xx/a/b/yy");

        assertThat(t.tree.find(buffer, 2, 4)).isEqualTo(t.at("/a/b"));
        assertThat(t.at("/a/b").path()).isEqualTo(bytes("/a/b"));
    }

    @Test
    void children_are_found_however_many_there_are() {
        t.create("/a");
        for (int i = 0; i < 2000; i++) {
            t.create("/a/n" + i);
            assertThat(t.exists("/a/n" + i)).isTrue();
            assertThat(t.exists("/a/n" + (i + 1))).isFalse();
        }
        for (int i = 0; i < 2000; i++) {
            assertThat(t.delete("/a/n" + i).err()).isZero();
            assertThat(t.exists("/a/n" + i)).isFalse();
            assertThat(t.at("/a").childCount()).isEqualTo(1999 - i);
        }
    }

    @Test
    void descendants_are_counted() {
        t.create("/a");
        t.create("/a/b");
        t.create("/a/b/c");
        t.create("/a/d");

        assertThat(t.tree.descendantCount(t.at("/a"))).isEqualTo(3);
        assertThat(t.tree.descendantCount(t.at("/a/d"))).isZero();
        assertThat(t.tree.descendantCount(t.tree.root())).isEqualTo(7);
    }

    @Test
    void a_fresh_tree_comes_again_after_reset() {
        t.createSession(1);
        t.create("/a");

        t.tree.reset();

        TreeText.assertSame(TreeText.of(t.tree), TreeText.of(new TestTree().tree));
    }

    @Test
    void unknown_things_within_a_multi_are_errors() {
        TxnOutcome outcome =
                t.tree.apply(
                        new TxnHeader(1, 1, 1, 1, OpCode.MULTI),
                        new Txn.Multi(
                                List.of(
                                        new Txn.Op(OpCode.MULTI, new Txn.Multi(List.of())),
                                        new Txn.Op(OpCode.CREATE_SESSION, new Txn.CreateSession(1)),
                                        new Txn.Op(
                                                OpCode.CLOSE_SESSION, new Txn.CloseSession(null)))),
                        t);

        assertThat(outcome.parts()).allSatisfy(part -> assertThat(part.err()).isNotZero());
    }
}
