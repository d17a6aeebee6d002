package io.witan.server.log;

import java.util.Arrays;

/// Decides whether the log thread, before it syncs, waits a moment for company.
///
/// Clients that wait for each write fall into two cohorts by themselves: while the writes of the
/// one are synced those of the other come in, and are synced while the first one's next writes come
/// in. That is two syncs for what one could do, and a sync is dearer than all else in a write. So
/// after a group the log thread may wait until as many transactions are there as that group had,
/// and those that came meanwhile, since as many clients seem to be at work; but no longer than the
/// sync took.
///
/// Whether that is good depends on how soon clients come back, and is tried out: now and then some
/// groups go the other way, and waiting must not make writes slower by more than half the share of
/// syncs that it saves. The reasons and figures: docs/decisions/0007-company-for-a-sync.md and
/// 0008-company-weighed.md.
///
/// Not thread safe. Time is that of [System#nanoTime].
final class Gathering {

    /// Groups that are larger share a sync among enough already.
    static final int TXNS_MAX = 32;

    static final long NANOS_MAX = 1_000_000;

    /// By so many groups one way is judged, after some that still show the other.
    private static final int JUDGED = 40;

    private static final int SETTLING = 8;

    /// After so many stretches of groups the other way is tried; more and more of them while the
    /// trials change nothing.
    private static final int STRETCHES_MIN = 2;

    private static final int STRETCHES_MAX = 32;

    /// Handed over and not yet taken, and the sum of the times at which they were. It may overflow:
    /// only its difference to another such sum is used.
    private int queued;

    private long queuedAt;

    /// The same of the group being synced.
    private int txns;

    private long txnsAt;
    private long takenAt;

    /// Waited for; 1 when there is no waiting.
    private int wanted = 1;

    private long deadline;

    /// The way being gone, and whether it is on trial.
    private boolean waits;

    private boolean onTrial;
    private int stretchesLeft = 1;
    private int stretches = STRETCHES_MIN;

    /// How long transactions of each group took from being handed over to being durable, on
    /// average. Negative indices stand for groups that do not count.
    private final long[] latencies = new long[JUDGED];

    private int next = -SETTLING;

    private int txnsJudged;

    /// The last stretch with and without waiting.
    private Stretch waiting = new Stretch(0, 0);

    private Stretch atOnce = new Stretch(0, 0);

    /// @param latency the median of the groups', in nanoseconds
    /// @param txns that its groups had together
    private record Stretch(long latency, int txns) {

        /// Whether waiting, which made this stretch, is worth it.
        boolean isBetterThan(Stretch atOnce) {
            double syncsSaved = 1 - (double) atOnce.txns / txns;
            double slower = (double) latency / atOnce.latency - 1;
            return slower <= syncsSaved / 2;
        }
    }

    /// Transactions are handed over.
    void add(int count, long now) {
        queued += count;
        queuedAt += count * now;
    }

    /// Handed over and not yet taken.
    int queued() {
        return queued;
    }

    /// Whether so many are there that none are waited for.
    boolean isEnough() {
        return queued >= wanted;
    }

    /// Whether those handed over are to be synced now.
    boolean isComplete(long now) {
        return wanted == 1 || queued >= wanted || now - deadline >= 0;
    }

    /// How long the waiting lasts at most; 0 when there is none.
    long nanosLeft(long now) {
        return wanted == 1 ? 0 : Math.max(1, deadline - now);
    }

    /// All that were handed over are a group now, complete or not.
    void take(long now) {
        wanted = 1;
        txns = queued;
        txnsAt = queuedAt;
        takenAt = now;
        queued = 0;
        queuedAt = 0;
    }

    /// The group is durable.
    void synced(long now) {
        int atWork = txns + queued;
        if (txns == 0 || atWork == 1 || atWork > TXNS_MAX) {
            return;
        }
        judge((txns * now - txnsAt) / txns);
        if (waits) {
            wanted = atWork;
            deadline = now + Math.min(now - takenAt, NANOS_MAX);
        }
    }

    private void judge(long latency) {
        if (next >= 0) {
            latencies[next] = latency;
            txnsJudged += txns;
        }
        next++;
        if (next == JUDGED) {
            Arrays.sort(latencies);
            endStretch(new Stretch(latencies[JUDGED / 2], txnsJudged));
            next = -SETTLING;
            txnsJudged = 0;
        }
    }

    private void endStretch(Stretch stretch) {
        if (waits) {
            waiting = stretch;
        } else {
            atOnce = stretch;
        }
        if (onTrial) {
            onTrial = false;
            boolean waitedBefore = !waits;
            waits = waiting.isBetterThan(atOnce);
            stretches =
                    waits == waitedBefore ? Math.min(STRETCHES_MAX, 2 * stretches) : STRETCHES_MIN;
            stretchesLeft = stretches;
        } else if (--stretchesLeft == 0) {
            onTrial = true;
            waits = !waits;
        }
    }
}
