package io.witan.server.net;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Which of two threads runs a loop. The one whose turn it is may lay the turn down while it waits
/// for the disk, and takes it up again before anybody has noticed. If the disk takes longer than
/// [#PATIENCE_MILLIS], the thread that stands by, which looks at that pace, takes the turn up, and
/// the first one stands by in its place.
///
/// While nobody lays the turn down, the thread that stands by sleeps.
final class LoopTurn {

    /// How long a loop stands still because a disk does; no more than twice as long. All time-outs
    /// of clients and servers are many times longer.
    static final long PATIENCE_MILLIS = 10;

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);

    /// Whose turn it is; null while it is laid down.
    private final AtomicReference<@Nullable Thread> holder;

    /// How often it has been laid down.
    private final AtomicLong laidDown = new AtomicLong();

    /// The thread that stands by, while it sleeps.
    private volatile @Nullable Thread asleep;

    LoopTurn(Thread first) {
        holder = new AtomicReference<>(first);
    }

    boolean isOf(Thread thread) {
        return thread.equals(holder.get());
    }

    boolean isLaidDown() {
        return holder.get() == null;
    }

    /// For the thread whose turn it is: others may take it up from here on.
    void layDown() {
        laidDown.incrementAndGet();
        holder.set(null);
        Thread sleeper = asleep;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }

    /// For the thread that laid it down. False if the other one has the turn now.
    boolean takeUp() {
        return holder.compareAndSet(null, Thread.currentThread());
    }

    /// Waits until the calling thread has the turn, or all is over.
    void standBy(BooleanSupplier over) {
        long seen = laidDown.get();
        while (!over.getAsBoolean()) {
            pause();
            long now = laidDown.get();
            if (now == seen) {
                if (takeUp()) {
                    return;
                }
                sleepUntilLaidDownAfter(seen, over);
                now = laidDown.get();
            }
            seen = now;
        }
    }

    private void pause() {
        long until = System.nanoTime() + PATIENCE_NANOS;
        for (long left = PATIENCE_NANOS; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private void sleepUntilLaidDownAfter(long seen, BooleanSupplier over) {
        asleep = Thread.currentThread();
        // Looked at after that, so that whoever lays it down sees one asleep or is seen.
        while (laidDown.get() == seen && !over.getAsBoolean()) {
            LockSupport.park(this);
        }
        asleep = null;
    }

    /// All is over: the thread that stands by sees so.
    void wake() {
        Thread sleeper = asleep;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }
}
