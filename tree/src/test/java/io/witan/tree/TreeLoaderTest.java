package io.witan.tree;

import static io.witan.tree.TestTree.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.data.StoredStat;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnDigest;
import io.witan.wire.txn.TxnHeader;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Section 9.6, as far as it is about what a snapshot says and not about its file.
class TreeLoaderTest {

    private static final byte[] EMPTY = new byte[0];

    private final ZnodeTree tree = new ZnodeTree(new TreeSettings(true, false, true, 5));
    private final TreeLoader loader = tree.loader(9);

    private void root() {
        Recorded.znode(loader, EMPTY, EMPTY, -1, StoredStat.ZERO);
    }

    @Test
    void a_znode_without_its_parent_is_refused() {
        root();

        assertThatThrownBy(() -> Recorded.znode(loader, bytes("/a/b"), EMPTY, -1, StoredStat.ZERO))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("/a/b");
    }

    @Test
    void a_znode_before_the_root_is_refused() {
        assertThatThrownBy(() -> Recorded.znode(loader, bytes("/a"), EMPTY, -1, StoredStat.ZERO))
                .isInstanceOf(DecodeException.class);
    }

    @Test
    void the_root_standing_there_twice_is_refused() {
        root();

        assertThatThrownBy(this::root).isInstanceOf(DecodeException.class);
    }

    @Test
    void one_of_few_children_that_stands_there_twice_is_refused_when_the_last_has_come() {
        root();
        Recorded.znode(loader, bytes("/b"), EMPTY, -1, StoredStat.ZERO);
        Recorded.znode(loader, bytes("/a"), EMPTY, -1, StoredStat.ZERO);
        Recorded.znode(loader, bytes("/a"), EMPTY, -1, StoredStat.ZERO);

        assertThatThrownBy(loader::end)
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("/a");
    }

    @Test
    void a_child_that_comes_again_after_others_is_refused() {
        root();
        Recorded.znode(loader, bytes("/a"), EMPTY, -1, StoredStat.ZERO);
        Recorded.znode(loader, bytes("/a/b"), EMPTY, -1, StoredStat.ZERO);

        assertThatThrownBy(() -> Recorded.znode(loader, bytes("/a"), EMPTY, -1, StoredStat.ZERO))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("/a");
    }

    @Test
    void one_of_many_children_that_stands_there_twice_is_refused_when_the_last_has_come() {
        root();
        for (int i = 0; i < 100; i++) {
            Recorded.znode(loader, bytes("/a" + i % 99), EMPTY, -1, StoredStat.ZERO);
        }

        assertThatThrownBy(loader::end)
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("/a0");
    }

    @Test
    void children_may_come_in_any_order_behind_their_parents() {
        root();
        for (int i = 0; i < 100; i++) {
            Recorded.znode(loader, bytes("/a" + i), EMPTY, -1, StoredStat.ZERO);
        }
        for (int j = 0; j < 20; j++) {
            for (int i = 0; i < 100; i++) {
                Recorded.znode(loader, bytes("/a" + i + "/b" + j), EMPTY, -1, StoredStat.ZERO);
            }
            Recorded.znode(loader, bytes("/c" + j), EMPTY, -1, StoredStat.ZERO);
        }
        loader.end();

        for (int i = 0; i < 100; i++) {
            assertThat(requireNonNull(tree.find(bytes("/a" + i))).childCount()).isEqualTo(20);
            assertThat(requireNonNull(tree.find(bytes("/a" + i + "/b7"))).path())
                    .isEqualTo(bytes("/a" + i + "/b7"));
        }
        assertThat(tree.find(bytes("/c19"))).isNotNull();
    }

    @Test
    void an_acl_key_without_a_list_is_refused() {
        root();

        assertThatThrownBy(() -> Recorded.znode(loader, bytes("/a"), EMPTY, 3, StoredStat.ZERO))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("3");
    }

    @Test
    void a_path_that_is_none_is_refused() {
        root();

        for (String path : List.of("a", "/a/", "//", "//a")) {
            assertThatThrownBy(
                            () -> Recorded.znode(loader, bytes(path), EMPTY, -1, StoredStat.ZERO))
                    .isInstanceOf(DecodeException.class);
        }
    }

    @Test
    void an_extended_type_that_nobody_knows_is_refused() {
        root();
        var stat = new StoredStat(1, 1, 1, 1, 0, 0, 0, 0xFF00_0100_0000_0001L, 1);

        assertThatThrownBy(() -> Recorded.znode(loader, bytes("/a"), EMPTY, -1, stat))
                .isInstanceOf(DecodeException.class);
    }

    @Test
    void a_snapshot_without_znodes_is_refused() {
        assertThatThrownBy(loader::end).isInstanceOf(DecodeException.class);
    }

    @Test
    void lists_that_no_znode_has_are_dropped() {
        loader.acl(7, Acl.OPEN);
        loader.acl(8, List.of());
        root();
        Recorded.znode(loader, bytes("/a"), EMPTY, 7, StoredStat.ZERO);

        loader.end();

        // That of /zookeeper/config, which this snapshot lacked, and the one in use.
        assertThat(tree.acls().size()).isEqualTo(2);
    }

    @Test
    void system_znodes_that_a_snapshot_of_an_old_server_lacks_are_added() {
        root();

        loader.end();

        assertThat(tree.znodeCount()).isEqualTo(4);
        assertThat(tree.digest()).isEqualTo(1371985504L);
        assertThat(tree.lastZxid()).isEqualTo(9);
    }

    @Test
    void a_digest_of_the_snapshots_own_zxid_is_compared_at_once() {
        root();
        loader.digest(9, 2, 1371985505L);

        loader.end();

        assertThat(tree.digestMismatches()).isEqualTo(1);
    }

    @Test
    void a_digest_of_an_earlier_zxid_or_of_none_is_ignored() {
        root();
        loader.digest(8, 2, 1);

        loader.end();

        assertThat(tree.digestMismatches()).isZero();
        assertThat(tree.matches(new TxnDigest(2, 1371985504L))).isTrue();
    }

    /// The snapshot is ahead of its name: until it has been caught up with, digests cannot match.
    @Test
    void a_digest_of_a_later_zxid_is_waited_for() {
        root();
        loader.digest(12, 2, 77);
        loader.end();

        applied(11);
        assertThat(tree.matches(new TxnDigest(2, 1))).isTrue();
        applied(12);
        assertThat(tree.matches(new TxnDigest(2, 1))).isFalse();
        applied(13);
        assertThat(tree.matches(new TxnDigest(2, 1371985504L))).isTrue();
        assertThat(tree.digestMismatches()).isEqualTo(1);
    }

    private void applied(long zxid) {
        tree.apply(
                new TxnHeader(1, 1, zxid, 1, OpCode.ERROR),
                new Txn.Failed(-101),
                TreeListener.NONE);
    }

    @Test
    void sessions_and_their_ephemerals_are_found_again() {
        loader.session(5, 3000);
        root();
        Recorded.znode(loader, bytes("/e"), EMPTY, -1, new StoredStat(1, 1, 1, 1, 0, 0, 0, 5, 1));
        Recorded.znode(loader, bytes("/f"), EMPTY, -1, new StoredStat(1, 1, 1, 1, 0, 0, 0, 6, 1));

        loader.end();

        assertThat(tree.sessions().timeoutMillis(5)).isEqualTo(3000);
        assertThat(tree.sessions().ephemerals(5).size()).isEqualTo(1);
        assertThat(tree.sessions().strangers()).containsExactly(6);
    }
}
