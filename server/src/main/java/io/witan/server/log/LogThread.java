package io.witan.server.log;

import io.witan.replica.Proposals;
import io.witan.storage.LogWriter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Makes transactions durable. The core's thread collects what it proposes in a batch and hands it
/// over with [#flush]; the log thread appends everything that has been handed over, makes one
/// `fdatasync`, and reports the last zxid. While it syncs, the next group forms; whether it waits
/// for more, [Gathering] decides.
///
/// What is on its way is bounded by the core's limits on requests in progress, since nothing is
/// answered before it is durable.
///
/// A failed write or sync is final: the failure is reported once, nothing is acknowledged any more,
/// and the server ends.
public final class LogThread implements Proposals, RollingLog {

    private static final Logger LOG = LoggerFactory.getLogger(LogThread.class);

    /// Empty batches kept for use again: what a small group is made of.
    private static final int BATCHES_KEPT = 16;

    private final LogWriter writer;
    private final Durable durable;
    private final java.util.function.Consumer<Throwable> failed;
    private final Thread thread;

    // Owned by the core's thread.
    private TxnBatch filling = new TxnBatch();
    private long txnsSinceRoll;
    private long bytesSinceRoll;

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private final ArrayDeque<TxnBatch> queue = new ArrayDeque<>();
    private final ArrayDeque<TxnBatch> empty = new ArrayDeque<>();
    private final Gathering gathering = new Gathering();
    private boolean closed;

    /// Whether the log thread is about to park, or parked, because it found nothing to do. Set
    /// before it looks once more, so that whoever adds something afterwards sees it. Parking costs
    /// less than a condition, whose every signal passes through the lock's own queue.
    private volatile boolean idle;

    /// Owned by the log thread: how long it parks at most; 0 = until it is woken.
    private long patienceNanos;

    /// Told of each group of transactions that is on disk. Called on the log thread.
    public interface Durable {
        /// @param zxid everything up to it is durable
        /// @param txns how many that are new
        /// @param nanos how long it took to write and sync them
        void upTo(long zxid, int txns, long nanos);
    }

    /// @param durable told what is durable
    /// @param failed called on the log thread, once, when the log cannot be written any more
    public LogThread(
            LogWriter writer, Durable durable, java.util.function.Consumer<Throwable> failed) {
        this.writer = writer;
        this.durable = durable;
        this.failed = failed;
        this.thread = new Thread(this::run, "witan-log");
        // A disk that never answers must not keep a server from ending.
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    // ---- the core's thread

    @Override
    public void propose(long zxid, byte[] bytes, int offset, int length) {
        filling.add(zxid, bytes, offset, length);
        txnsSinceRoll++;
        bytesSinceRoll += length;
    }

    @Override
    public long txnsSinceRoll() {
        return txnsSinceRoll;
    }

    @Override
    public long bytesSinceRoll() {
        return bytesSinceRoll;
    }

    @Override
    public void roll() {
        if (filling.count() > 0) {
            flush();
        }
        filling.rollFirst();
        txnsSinceRoll = 0;
        bytesSinceRoll = 0;
    }

    /// Hands over what has been proposed since the last time.
    public void flush() {
        if (filling.isEmpty()) {
            return;
        }
        boolean enough;
        lock.lock();
        try {
            queue.addLast(filling);
            enough = gathering.add(filling.count(), System.nanoTime()) || filling.startsNewFile();
            filling = nextEmpty();
        } finally {
            lock.unlock();
        }
        if (enough) {
            wake();
        }
    }

    /// Makes what has been proposed durable here and now, on the core's thread, if the log thread
    /// has nothing to do. For when nobody else could be served meanwhile anyway: it saves two
    /// changes of thread, which cost more than all the rest of a write.
    public void commitHere() {
        if (filling.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            // While it is idle and nothing is queued, the log thread does not touch the writer.
            boolean free = idle && queue.isEmpty() && !closed;
            if (free) {
                List<TxnBatch> group = List.of(filling);
                write(group);
                filling.clear();
                return;
            }
        } catch (RuntimeException | Error failure) {
            failed.accept(failure);
            return;
        } finally {
            lock.unlock();
        }
        flush();
    }

    private TxnBatch nextEmpty() {
        TxnBatch next = empty.pollFirst();
        return next == null ? new TxnBatch() : next;
    }

    private void wake() {
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    /// Writes what has been handed over, ends the thread and closes the log; waits for it, but no
    /// longer than `millis`.
    public void close(long millis) {
        try {
            // The core's thread holds the lock while it waits for the disk itself.
            if (lock.tryLock(millis, TimeUnit.MILLISECONDS)) {
                closed = true;
                lock.unlock();
                wake();
                thread.join(millis);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn(
                    "The disk has not taken the last transactions; they were not acknowledged:"
                            + " waitedMillis={}",
                    millis);
        }
    }

    // ---- the log thread

    private void run() {
        List<TxnBatch> group = new ArrayList<>();
        try (writer) {
            while (take(group)) {
                write(group);
                giveBack(group);
            }
        } catch (InterruptedException interrupted) {
            failed.accept(interrupted);
        } catch (RuntimeException | Error failure) {
            failed.accept(failure);
        }
    }

    /// Waits for batches. False when there will be none any more.
    private boolean take(List<TxnBatch> group) throws InterruptedException {
        boolean open = takeQueued(group);
        while (open && group.isEmpty()) {
            idle = true;
            open = takeQueued(group);
            if (open && group.isEmpty()) {
                park();
            }
            idle = false;
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return !group.isEmpty();
    }

    private void park() {
        if (patienceNanos > 0) {
            LockSupport.parkNanos(this, patienceNanos);
        } else {
            LockSupport.park(this);
        }
    }

    /// False when there will be none any more.
    private boolean takeQueued(List<TxnBatch> group) {
        lock.lock();
        try {
            long now = System.nanoTime();
            if (gathering.isComplete(now) || closed) {
                group.addAll(queue);
                queue.clear();
                gathering.take(now);
            }
            patienceNanos = gathering.nanosLeft(now);
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void write(List<TxnBatch> group) {
        long start = System.nanoTime();
        long last = append(group);
        int txns = 0;
        for (TxnBatch batch : group) {
            txns += batch.count();
        }
        if (last != 0) {
            durable.upTo(last, txns, System.nanoTime() - start);
        }
    }

    private long append(List<TxnBatch> group) {
        long last = 0;
        for (TxnBatch batch : group) {
            if (batch.startsNewFile()) {
                writer.roll();
            }
            for (int i = 0; i < batch.count(); i++) {
                writer.append(batch.bytes(), batch.offset(i), batch.length(i));
                last = batch.zxid(i);
            }
        }
        writer.commit();
        return last;
    }

    private void giveBack(List<TxnBatch> group) {
        lock.lock();
        try {
            gathering.synced(System.nanoTime());
            for (TxnBatch batch : group) {
                batch.clear();
                if (empty.size() < BATCHES_KEPT) {
                    empty.addLast(batch);
                }
            }
        } finally {
            lock.unlock();
        }
        group.clear();
    }
}
