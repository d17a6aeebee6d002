package io.witan.benchmarks.load;

import java.time.Duration;
import java.util.OptionalLong;

/// When answers came, from any number of clients: the longest time without one, and the first of a
/// new leader, which its zxid tells: the high half is the leader's epoch.
public final class AnswerTimes implements RoamingClient.Sink {

    private long count;
    private long epoch;

    /// When the first answer of `epoch` came.
    private long epochBeganNanos;

    private long lastNanos = System.nanoTime();
    private long gapNanosMax;

    @Override
    public synchronized void answered(long zxid, long nowNanos) {
        count++;
        // Threads tell in another order than they took the time.
        if (nowNanos > lastNanos) {
            gapNanosMax = Math.max(gapNanosMax, nowNanos - lastNanos);
            lastNanos = nowNanos;
        }
        if (zxid >>> 32 > epoch) {
            epoch = zxid >>> 32;
            epochBeganNanos = nowNanos;
            notifyAll();
        }
    }

    public synchronized long count() {
        return count;
    }

    public synchronized long epoch() {
        return epoch;
    }

    /// When the first answer of a later epoch came; waits for it, but no longer than `wait`.
    public synchronized OptionalLong awaitEpochAfter(long before, Duration wait)
            throws InterruptedException {
        var end = System.nanoTime() + wait.toNanos();
        while (epoch <= before) {
            var left = end - System.nanoTime();
            if (left <= 0) {
                return OptionalLong.empty();
            }
            wait(left / 1_000_000 + 1);
        }
        return OptionalLong.of(epochBeganNanos);
    }

    /// Forgets the gaps so far; one that is open now counts from here.
    public synchronized void beginGaps() {
        gapNanosMax = 0;
        lastNanos = System.nanoTime();
    }

    /// The longest time without an answer since [#beginGaps], the time since the last one included.
    public synchronized long gapNanosMax() {
        return Math.max(gapNanosMax, System.nanoTime() - lastNanos);
    }
}
