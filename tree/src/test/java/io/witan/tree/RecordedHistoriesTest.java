package io.witan.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.LoggedTxn;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/// The transactions and snapshots that real servers wrote lead to the state that real servers had.
class RecordedHistoriesTest {

    private static final TreeSettings SETTINGS = new TreeSettings(true, false, true, 42);

    private final ZnodeTree tree = new ZnodeTree(SETTINGS);

    @Test
    void an_empty_database_has_the_digest_of_its_system_znodes() {
        assertThat(tree.digest()).isEqualTo(1371985504L);
        assertThat(tree.znodeCount()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "small", "gzip", "snappy", "old", "dup", "v0"})
    void replaying_all_transactions_gives_the_recorded_digests_and_the_recorded_state(String name) {
        for (LoggedTxn txn : Recorded.transactions(name)) {
            tree.apply(txn.header(), txn.txn(), TreeListener.NONE);
            assertThat(tree.matches(txn.digest())).as("%s", txn.header()).isTrue();
        }

        TreeText.assertSame(TreeText.of(tree), expected(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ensemble/server1", "ensemble/server3"})
    void an_ensembles_history_too_but_for_the_configuration_that_each_server_sets(String name) {
        for (LoggedTxn txn : Recorded.transactions(name)) {
            tree.apply(txn.header(), txn.txn(), TreeListener.NONE);
            assertThat(tree.matches(txn.digest())).as("%s", txn.header()).isTrue();
        }

        assertThat(withoutConfig(TreeText.of(tree)))
                .isEqualTo(withoutConfig(expected("ensemble/server1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "small", "gzip", "old", "dup", "v0", "fuzzy", "snapshot-only"})
    void every_snapshot_and_the_transactions_after_it_lead_to_the_same_state(String name) {
        for (var snapshot : Recorded.snapshots(name)) {
            Recorded.load(snapshot, tree);
            for (LoggedTxn txn :
                    Recorded.transactions(name.equals("snapshot-only") ? "small" : name)) {
                if (txn.header().zxid() > tree.lastZxid()) {
                    tree.apply(txn.header(), txn.txn(), TreeListener.NONE);
                    assertThat(tree.matches(txn.digest())).as("%s", txn.header()).isTrue();
                }
            }

            TreeText.assertSame(
                    TreeText.of(tree), expected(name.equals("snapshot-only") ? "small" : name));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "small", "gzip", "old", "v0", "ensemble/server1"})
    void a_snapshot_that_was_loaded_comes_out_again_as_it_was(String name) {
        for (var snapshot : Recorded.snapshots(name)) {
            Recorded.load(snapshot, tree);
            List<String> before = TreeText.of(tree);

            ZnodeTree copy = reloaded(tree);

            TreeText.assertSame(TreeText.of(copy), before);
        }
    }

    /// The tree that the snapshot of another one gives.
    static ZnodeTree reloaded(ZnodeTree tree) {
        SnapshotCursor cursor = tree.snapshot();
        var out = new JuteWriter();
        cursor.header(out);
        while (!cursor.advance(out, 100)) {}
        var copy = new ZnodeTree(SETTINGS);
        TreeLoader loader = copy.loader(cursor.zxid());
        JuteReader in = JuteReader.over(out.toByteArray());
        Recorded.loadHeader(in, loader);
        while (in.remaining() > 0) {
            Recorded.loadZnode(in.readBufferNotNull("path"), in, loader);
        }
        loader.end();
        assertThat(copy.digestMismatches()).isZero();
        return copy;
    }

    private static List<String> expected(String name) {
        return TreeText.recorded(
                Recorded.lines("disk/expected/" + name.replace('/', '-') + ".loaded.jsonl"));
    }

    private static List<String> withoutConfig(List<String> lines) {
        return lines.stream().filter(line -> !line.contains("/zookeeper/config")).toList();
    }
}
