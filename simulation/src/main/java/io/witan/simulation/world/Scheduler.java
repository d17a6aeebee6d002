package io.witan.simulation.world;

import java.util.PriorityQueue;

/// Runs what is to happen in the order of virtual time; what is due at the same microsecond happens
/// in the order in which it was asked for.
public final class Scheduler implements Clock {

    private record Due(long micros, long number, Runnable event) implements Comparable<Due> {

        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(micros, other.micros);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Due> queue = new PriorityQueue<>(1024);
    private long nowMicros;
    private long scheduledCount;
    private long ranCount;

    @Override
    public long nowMicros() {
        return nowMicros;
    }

    @Override
    public void after(long micros, Runnable event) {
        // At most some centuries, so that "never" does not run over.
        long delay = Math.clamp(micros, 0, Long.MAX_VALUE / 4);
        queue.add(new Due(nowMicros + delay, scheduledCount++, event));
    }

    /// How many events there have been.
    public long ranCount() {
        return ranCount;
    }

    /// Runs the next event if it is due by then; if not, it is `micros` now.
    ///
    /// @return whether there was one
    public boolean runNextUntil(long micros) {
        Due next = queue.peek();
        if (next == null || next.micros > micros) {
            nowMicros = Math.max(nowMicros, micros);
            return false;
        }
        queue.poll();
        nowMicros = next.micros;
        ranCount++;
        next.event.run();
        return true;
    }

    /// Runs everything that is due by then.
    public void runUntil(long micros) {
        while (runNextUntil(micros)) {}
    }
}
