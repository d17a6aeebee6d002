package io.witan.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.server.log.SnapshotSchedule.Logged;
import io.witan.server.log.SnapshotSchedule.Policy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;

/// A snapshot is due after half to all of snapCount transactions (client-and-disk, section 9.5)
/// and, unless the operator has set that, not before the log has grown to a share of a large tree.
class SnapshotScheduleTest {

    private static final int TXN_BYTES = 200;
    private static final long NO_LIMIT = 0;

    private final CountedLog log = new CountedLog();
    private long snapshotBytes = 1_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void one_is_due_after_half_to_all_of_the_transactions(long seed) {
        var schedule = schedule(new Policy(1_000, true, NO_LIMIT), Logged.NOTHING, seed);

        assertThat(txnsUntilDue(schedule)).isBetween(501L, 1_000L);
        schedule.begun();
        assertThat(schedule.isDue()).isFalse();
        assertThat(txnsUntilDue(schedule)).isBetween(501L, 1_000L);
    }

    @Test
    void servers_of_an_ensemble_draw_different_moments() {
        var policy = new Policy(1_000, true, NO_LIMIT);
        snapshotBytes = 100_000_000;

        long one = txnsUntilDue(schedule(policy, Logged.NOTHING, 1));
        log.roll();
        long other = txnsUntilDue(schedule(policy, Logged.NOTHING, 2));

        assertThat(one).isNotEqualTo(other);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void beside_a_large_tree_the_log_grows_to_a_twelfth_of_it_or_to_half_of_that(long seed) {
        snapshotBytes = 100_000_000;
        var schedule = schedule(new Policy(1_000, true, NO_LIMIT), Logged.NOTHING, seed);

        assertThat(txnsUntilDue(schedule) * TXN_BYTES)
                .isBetween(snapshotBytes / 24, snapshotBytes / 12 + TXN_BYTES);
    }

    @Test
    void a_tree_that_grows_meanwhile_is_waited_for() {
        var schedule = schedule(new Policy(1_000, true, NO_LIMIT), Logged.NOTHING, 1);
        log.txns(1_000);
        snapshotBytes = 24 * 1_000 * TXN_BYTES + 1;
        assertThat(schedule.isDue()).isFalse();
        snapshotBytes = 12 * 1_000 * TXN_BYTES - 1;
        assertThat(schedule.isDue()).isTrue();
    }

    @Test
    void the_operators_number_holds_whatever_the_size_of_the_tree() {
        snapshotBytes = 100_000_000;
        var schedule = schedule(new Policy(1_000, false, NO_LIMIT), Logged.NOTHING, 1);

        assertThat(txnsUntilDue(schedule)).isBetween(501L, 1_000L);
    }

    @Test
    void a_long_log_is_reason_enough() {
        snapshotBytes = 100_000_000;
        var schedule = schedule(new Policy(1_000_000, true, 100_000), Logged.NOTHING, 1);

        assertThat(txnsUntilDue(schedule) * TXN_BYTES).isBetween(50_000L, 100_000L + TXN_BYTES);
    }

    @Test
    void what_was_replayed_at_the_start_counts_once() {
        var schedule =
                schedule(
                        new Policy(1_000, true, NO_LIMIT), new Logged(1_000, 1_000 * TXN_BYTES), 1);

        assertThat(schedule.isDue()).isTrue();
        schedule.begun();
        assertThat(txnsUntilDue(schedule)).isBetween(501L, 1_000L);
    }

    private SnapshotSchedule schedule(Policy policy, Logged before, long seed) {
        return new SnapshotSchedule(
                policy, log, before, () -> snapshotBytes, new SplittableRandom(seed));
    }

    private long txnsUntilDue(SnapshotSchedule schedule) {
        while (!schedule.isDue()) {
            log.txns(1);
        }
        return log.txnsSinceRoll();
    }

    private static final class CountedLog implements RollingLog {

        private long txns;

        void txns(long count) {
            txns += count;
        }

        @Override
        public long txnsSinceRoll() {
            return txns;
        }

        @Override
        public long bytesSinceRoll() {
            return txns * TXN_BYTES;
        }

        @Override
        public void roll() {
            txns = 0;
        }
    }
}
