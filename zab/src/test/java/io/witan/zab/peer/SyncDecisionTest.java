package io.witan.zab.peer;

import static io.witan.zab.peer.Txns.zxid;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.zab.LogEntry;
import io.witan.zab.PeerSettings;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// The table of quorum, section 4.4. The leader's log: 1_1 to 1_5, 3_1 to 3_4; where the test says
/// so, 3_4 is not committed.
class SyncDecisionTest {

    private static final PeerSettings SETTINGS = PeerSettings.standard(3);

    /// From 1_3 on it is in memory.
    private final History history = history(1, 3, 5, 3, 4);

    private static History history(
            long epoch, long first, long last, long nextEpoch, long nextLast) {
        List<LogEntry> entries = new ArrayList<>(Txns.entries(epoch, first, last));
        entries.addAll(Txns.entries(nextEpoch, 1, nextLast));
        return new History(500, 1 << 20, zxid(nextEpoch, nextLast), entries);
    }

    private SyncDecision decide(long last) {
        return decide(last, zxid(3, 4));
    }

    private SyncDecision decideForTheOriginals(long last) {
        return SyncDecision.decide(last, history, zxid(3, 4), zxid(3, 4), SETTINGS, false);
    }

    private SyncDecision decide(long last, long committed) {
        return SyncDecision.decide(last, history, committed, zxid(3, 4), SETTINGS, true);
    }

    @Test
    void row_1_a_snapshot_where_nothing_else_is_wanted() {
        PeerSettings settings = Settings.withSnapshotsOnly(SETTINGS);

        assertThat(SyncDecision.decide(zxid(3, 4), history, zxid(3, 4), zxid(3, 4), settings, true))
                .isEqualTo(new SyncDecision.Snap());
    }

    /// A leader that is not in broadcast yet has delivered less than its history.
    @Test
    void no_snapshot_that_has_less_than_the_learner() {
        PeerSettings settings = Settings.withSnapshotsOnly(SETTINGS);

        assertThat(SyncDecision.decide(zxid(3, 4), history, zxid(3, 4), zxid(3, 3), settings, true))
                .isEqualTo(new SyncDecision.Diff(zxid(3, 4), zxid(3, 4)));
        assertThat(SyncDecision.decide(zxid(3, 3), history, zxid(3, 4), zxid(3, 3), settings, true))
                .isEqualTo(new SyncDecision.Snap());
    }

    @Test
    void row_2_an_empty_diff_where_both_end_alike() {
        assertThat(decide(zxid(3, 4))).isEqualTo(new SyncDecision.Diff(zxid(3, 4), zxid(3, 4)));
    }

    @Test
    void row_3_trunc_where_the_learner_is_ahead_in_the_last_epoch() {
        assertThat(decide(zxid(3, 6))).isEqualTo(new SyncDecision.Trunc(zxid(3, 4)));
    }

    @Test
    void row_3_trunc_where_the_learner_is_ahead_in_a_later_epoch() {
        assertThat(decide(zxid(4, 2))).isEqualTo(new SyncDecision.Trunc(zxid(3, 4)));
    }

    @Test
    void row_4_diff_with_what_follows_a_position_in_memory() {
        assertThat(decide(zxid(1, 4))).isEqualTo(new SyncDecision.Diff(zxid(3, 4), zxid(1, 4)));
        assertThat(decide(zxid(1, 3))).isEqualTo(new SyncDecision.Diff(zxid(3, 4), zxid(1, 3)));
    }

    @Test
    void row_4_diff_from_where_an_epoch_began() {
        assertThat(decide(zxid(3, 0))).isEqualTo(new SyncDecision.Diff(zxid(3, 4), zxid(3, 0)));
        assertThat(decide(zxid(2, 0))).isEqualTo(new SyncDecision.Diff(zxid(3, 4), zxid(2, 0)));
    }

    @Test
    void row_4_trunc_and_what_follows_where_the_learner_ends_beyond_an_earlier_epoch() {
        assertThat(decide(zxid(1, 7))).isEqualTo(new SyncDecision.Trunc(zxid(1, 5)));
        assertThat(decide(zxid(2, 1))).isEqualTo(new SyncDecision.Trunc(zxid(1, 5)));
    }

    @Test
    void row_4_a_snapshot_instead_for_a_learner_of_the_original() {
        assertThat(decideForTheOriginals(zxid(1, 7))).isEqualTo(new SyncDecision.Snap());
        assertThat(decideForTheOriginals(zxid(3, 6))).isEqualTo(new SyncDecision.Trunc(zxid(3, 4)));
    }

    @Test
    void row_5_the_log_on_disk_where_memory_does_not_reach_back() {
        assertThat(decide(zxid(1, 1)))
                .isEqualTo(new SyncDecision.DiffFromDisk(zxid(1, 1), zxid(1, 3)));
    }

    @Test
    void row_5_a_snapshot_where_the_log_on_disk_is_not_wanted() {
        PeerSettings settings = Settings.withoutDiskSync(SETTINGS);

        assertThat(SyncDecision.decide(zxid(1, 1), history, zxid(3, 4), zxid(3, 4), settings, true))
                .isEqualTo(new SyncDecision.Snap());
    }

    @Test
    void row_6_a_snapshot_where_an_epoch_began_that_is_unknown_here() {
        // Also what a learner of ours says that wants one.
        assertThat(decide(zxid(4, 0))).isEqualTo(new SyncDecision.Snap());
    }

    /// ZOOKEEPER-4352.
    @Test
    void a_fresh_learner_is_sent_a_snapshot_even_where_the_log_is_whole() {
        History whole = new History(500, 1 << 20, 0, List.of());
        Txns.entries(1, 1, 3).forEach(whole::append);

        assertThat(SyncDecision.decide(0, whole, zxid(1, 3), zxid(1, 3), SETTINGS, true))
                .isEqualTo(new SyncDecision.Snap());
        assertThat(decide(0)).isEqualTo(new SyncDecision.Snap());
        assertThat(decide(-1)).isEqualTo(new SyncDecision.Snap());
    }

    @Test
    void fresh_servers_are_alike() {
        History empty = new History(500, 1 << 20, 0, List.of());

        assertThat(SyncDecision.decide(0, empty, 0, 0, SETTINGS, true))
                .isEqualTo(new SyncDecision.Diff(0, 0));
    }

    @Test
    void nothing_is_truncated_to_nothing() {
        History empty = new History(500, 1 << 20, 0, List.of());

        assertThat(SyncDecision.decide(zxid(1, 2), empty, 0, 0, SETTINGS, true))
                .isEqualTo(new SyncDecision.Snap());
    }

    /// The original truncates it; but a quorum may have acknowledged it (safety, P4).
    @Test
    void what_is_outstanding_is_not_truncated() {
        assertThat(decide(zxid(3, 4), zxid(3, 2)))
                .isEqualTo(new SyncDecision.Diff(zxid(3, 4), zxid(3, 4)));
        assertThat(decide(zxid(3, 3), zxid(3, 2)))
                .isEqualTo(new SyncDecision.Diff(zxid(3, 3), zxid(3, 3)));
        assertThat(decide(zxid(3, 2), zxid(3, 2)))
                .isEqualTo(new SyncDecision.Diff(zxid(3, 2), zxid(3, 2)));
        assertThat(decide(zxid(1, 5), zxid(3, 2)))
                .isEqualTo(new SyncDecision.Diff(zxid(3, 2), zxid(1, 5)));
    }
}
