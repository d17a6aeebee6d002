package io.witan.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

/// When the log thread waits for company before a sync, and when it does not.
class GatheringTest {

    private static final long MICROS = 1_000;

    @Test
    void the_first_transaction_waits_for_nobody() {
        var gathering = new Gathering();
        long now = Long.MIN_VALUE + 5;

        gathering.add(1, now);
        assertThat(gathering.isEnough()).isTrue();
        assertThat(gathering.isComplete(now)).isTrue();
        assertThat(gathering.nanosLeft(now)).isZero();
    }

    @Test
    void a_client_that_writes_alone_is_never_made_to_wait() {
        var gathering = new Gathering();
        long now = 0;
        for (int i = 0; i < 10_000; i++) {
            gathering.add(1, now);
            assertThat(gathering.isEnough()).isTrue();
            assertThat(gathering.isComplete(now)).isTrue();
            gathering.take(now);
            now += 100 * MICROS;
            gathering.synced(now);
            assertThat(gathering.nanosLeft(now)).isZero();
            now += 50 * MICROS;
        }
    }

    @Test
    void large_groups_never_wait() {
        var gathering = new Gathering();
        long now = 0;
        for (int i = 0; i < 10_000; i++) {
            gathering.add(Gathering.TXNS_MAX + 1, now);
            assertThat(gathering.isEnough()).isTrue();
            assertThat(gathering.isComplete(now)).isTrue();
            gathering.take(now);
            now += 100 * MICROS;
            gathering.synced(now);
        }
    }

    @Test
    void clients_that_come_back_within_a_sync_share_one_and_lose_no_time() {
        for (int clients = 2; clients <= 12; clients++) {
            Run atOnce = new Run(clients, 40 * MICROS, 150 * MICROS, false);
            Run gathered = new Run(clients, 40 * MICROS, 150 * MICROS, true);

            assertThat(atOnce.txnsPerSync()).isLessThan(0.55 * clients);
            assertThat(gathered.txnsPerSync()).isGreaterThan(0.95 * clients);
            assertThat(gathered.txnsPerSecond()).isGreaterThan(atOnce.txnsPerSecond());
        }
    }

    /// Wherever they are and however slow the disk is.
    @Test
    void all_other_clients_lose_little() {
        double sum = 0;
        int runs = 0;
        for (long away : new long[] {0, 30, 60, 100, 150, 250, 500, 2_000, 20_000}) {
            for (long sync : new long[] {30, 100, 1_000, 10_000}) {
                for (int clients : new int[] {2, 3, 5, 10, 20, 30, 50}) {
                    Run atOnce = new Run(clients, away * MICROS, sync * MICROS, false);
                    Run gathered = new Run(clients, away * MICROS, sync * MICROS, true);
                    double speed = gathered.txnsPerSecond() / atOnce.txnsPerSecond();

                    assertThat(speed)
                            .as("%d clients, %d µs away, sync %d µs", clients, away, sync)
                            .isGreaterThan(0.8);
                    sum += speed;
                    runs++;
                }
            }
        }
        assertThat(sum / runs).isGreaterThan(0.98);
    }

    @Test
    void nobody_is_waited_for_longer_than_a_sync_took_nor_than_a_millisecond() {
        assertThat(new Run(10, 20_000 * MICROS, 100 * MICROS, true).longestWait())
                .isLessThanOrEqualTo(100 * MICROS);
        assertThat(new Run(10, 20_000 * MICROS, 10_000 * MICROS, true).longestWait())
                .isLessThanOrEqualTo(Gathering.NANOS_MAX);
    }

    /// Clients that write again a while after each answer, one a little after the other, and a log
    /// with or without gathering. In a time of its own.
    private static final class Run {

        private static final int SYNCS = 5_000;
        private static final long STAGGER_NANOS = 5_000;

        private final long[] arrivals;
        private final boolean[] handedOver;
        private final Gathering gathering = new Gathering();
        private long now;
        private long txns;
        private long longestWait;

        Run(int clients, long awayNanos, long syncNanos, boolean gathers) {
            arrivals = new long[clients];
            handedOver = new boolean[clients];
            Arrays.setAll(arrivals, client -> client * STAGGER_NANOS);
            for (int sync = 0; sync < SYNCS; sync++) {
                handOver();
                long from = now;
                while (queued() == 0 || (gathers && !gathering.isComplete(now))) {
                    if (!gathering.isComplete(now)) {
                        now = Math.min(nextArrival(), now + gathering.nanosLeft(now));
                    } else {
                        now = nextArrival();
                        from = now;
                    }
                    handOver();
                }
                longestWait = Math.max(longestWait, now - from);
                sync(awayNanos, syncNanos);
            }
        }

        private void sync(long awayNanos, long syncNanos) {
            gathering.take(now);
            int group = 0;
            for (int client = 0; client < arrivals.length; client++) {
                if (handedOver[client]) {
                    handedOver[client] = false;
                    group++;
                    arrivals[client] = now + syncNanos + awayNanos + group * STAGGER_NANOS;
                }
            }
            txns += group;
            now += syncNanos;
            handOver();
            gathering.synced(now);
        }

        /// What has come until now, each at its time.
        private void handOver() {
            for (int client = 0; client < arrivals.length; client++) {
                if (arrivals[client] <= now && !handedOver[client]) {
                    handedOver[client] = true;
                    gathering.add(1, arrivals[client]);
                }
            }
        }

        private int queued() {
            int count = 0;
            for (boolean there : handedOver) {
                count += there ? 1 : 0;
            }
            return count;
        }

        private long nextArrival() {
            return Arrays.stream(arrivals).filter(at -> at > now).min().orElse(Long.MAX_VALUE);
        }

        double txnsPerSync() {
            return (double) txns / SYNCS;
        }

        double txnsPerSecond() {
            return txns * 1e9 / now;
        }

        long longestWait() {
            return longestWait;
        }
    }
}
