package io.witan.server.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// A log behind a thread of its own. The core's thread collects transactions in a batch and hands
/// it over with [#flush]; the log thread appends everything that has been handed over, syncs once,
/// and reports the last zxid. While it syncs, the next group forms; whether it waits for more,
/// [Gathering] decides. What else is to be done with the log takes its place between them.
///
/// Instead, the core's thread may make a group durable itself, with [#takeToCommit] and
/// [#commitTaken]. It then looks after the next one, too, until that has waited long enough: the
/// log thread sleeps.
///
/// What is on its way is bounded by the core's limits on requests in progress, since nothing is
/// answered before it is durable.
///
/// A failed write or sync is final: the failure is reported once, nothing is acknowledged any more,
/// and the server ends.
public final class GroupCommit {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /// Empty batches kept for use again: what a small group is made of.
    private static final int BATCHES_KEPT = 16;

    /// So many groups in a row must have found every client waiting before the core's thread makes
    /// them durable. Clients that also read are seldom all waiting: their groups would be as small,
    /// and late.
    static final int OFFERS_MIN = 8;

    private final Log log;
    private final Durable durable;
    private final Consumer<Throwable> failed;
    private final Thread thread;

    /// Owned by the core's thread.
    private TxnBatch filling = new TxnBatch();

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private final ArrayDeque<TxnBatch> queue = new ArrayDeque<>();
    private final ArrayDeque<TxnBatch> empty = new ArrayDeque<>();
    private final Gathering gathering = new Gathering();
    private boolean taskQueued;
    private boolean closed;

    /// Whether the log thread has taken something that it has not done yet.
    private boolean isWorking;

    /// The log could not be written: nothing is done with it any more.
    private boolean broken;

    /// Being made durable by the core's thread, which has the log meanwhile. Until it has done so
    /// nobody else changes this.
    private final List<TxnBatch> taken = new ArrayList<>();

    /// Whether the core's thread made the last group durable, and ends the waiting for company.
    private boolean coreGathers;

    /// Whether the core's thread could have made what is queued durable, and for how many groups in
    /// a row it could.
    private boolean offered;

    private int offersInARow;

    /// Whether the log thread is about to park, or parked, because it found nothing to do. Set
    /// before it looks once more, so that whoever adds something afterwards sees it. Parking costs
    /// less than a condition, whose every signal passes through the lock's own queue.
    private volatile boolean idle;

    /// Owned by the log thread: how long it parks at most; 0 = until it is woken.
    private long patienceNanos;

    /// The log itself. Used by one thread at a time.
    interface Log extends AutoCloseable {
        void append(long zxid, byte[] bytes, int offset, int length);

        /// Makes durable what was appended.
        void commit();

        @Override
        void close();
    }

    /// Told of each group of transactions that is on disk. Called on the log thread, or on the one
    /// that calls [#commitTaken].
    public interface Durable {
        /// @param zxid everything up to it is durable
        /// @param txns how many that are new
        /// @param nanos how long it took to write and sync them
        void upTo(long zxid, int txns, long nanos);
    }

    /// @param log the thread owns it from here on
    /// @param durable told what is durable
    /// @param failed called on the thread that writes the log, once, when it cannot be written any
    ///   more
    GroupCommit(Log log, Durable durable, Consumer<Throwable> failed) {
        this.log = log;
        this.durable = durable;
        this.failed = failed;
        this.thread = new Thread(this::run, "witan-log");
        // A disk that never answers must not keep a server from ending.
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    // ---- the core's thread

    /// Appends a transaction; handed over with [#flush].
    void append(long zxid, byte[] bytes, int offset, int length) {
        filling.add(zxid, bytes, offset, length);
    }

    /// Does something when everything appended before is durable, and before what is appended next;
    /// handed over with [#flush].
    void then(Runnable task) {
        flush();
        filling.before(task);
    }

    /// Hands over what there is since the last time.
    ///
    /// @return after how many nanoseconds [#endGathering] is to be called; 0 if it need not be
    public long flush() {
        if (filling.isEmpty()) {
            return 0;
        }
        long nanosLeft = 0;
        boolean enough;
        lock.lock();
        try {
            long now = System.nanoTime();
            queueFilling(now);
            enough = gathering.isEnough() || taskQueued;
            if (!enough && coreGathers) {
                nanosLeft = gathering.nanosLeft(now);
            }
        } finally {
            lock.unlock();
        }
        if (enough) {
            wake();
        }
        return nanosLeft;
    }

    private void queueFilling(long now) {
        queue.addLast(filling);
        taskQueued |= filling.before() != null;
        gathering.add(filling.count(), now);
        TxnBatch next = empty.pollFirst();
        filling = next == null ? new TxnBatch() : next;
    }

    /// Leaves what was handed over to the log thread if it has waited for company long enough.
    ///
    /// @return after how many nanoseconds to ask again; 0 if there is no need to
    public long endGathering() {
        lock.lock();
        try {
            if (!coreGathers || queue.isEmpty()) {
                return 0;
            }
            long now = System.nanoTime();
            if (!gathering.isComplete(now)) {
                return gathering.nanosLeft(now);
            }
            coreGathers = false;
        } finally {
            lock.unlock();
        }
        wake();
        return 0;
    }

    /// Takes what has been appended, and what has been handed over, for [#commitTaken], if the log
    /// thread has nothing to do. False if there is nothing, or nothing but to [#flush] it: a large
    /// group shares the changes of thread among enough, and takes its time.
    ///
    /// @param isForOne whether there is but one client, if any: nobody else will come
    public boolean takeToCommit(boolean isForOne) {
        if (filling.before() != null) {
            return false;
        }
        lock.lock();
        try {
            int txns = gathering.queued() + filling.count();
            boolean logIsFree = !isWorking && !taskQueued && taken.isEmpty();
            logIsFree &= queue.isEmpty() || !isForOne;
            if (txns == 0 || txns > Gathering.TXNS_MAX || !logIsFree || closed || broken) {
                return false;
            }
            if (!isForOne && offersInARow < OFFERS_MIN) {
                offered = true;
                return false;
            }
            long now = System.nanoTime();
            if (!filling.isEmpty()) {
                queueFilling(now);
            }
            // This group is complete: nobody waits for company any more.
            gathering.take(now);
            coreGathers = !isForOne;
            taken.addAll(queue);
            queue.clear();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Makes durable what [#takeToCommit] took, here and now: that saves two changes of thread,
    /// which cost more than all the rest of a write. On any one thread; whatever is handed over
    /// meanwhile waits for it.
    public void commitTaken() {
        if (taken.isEmpty()) {
            throw new IllegalStateException("nothing was taken");
        }
        boolean done = false;
        try {
            carryOut(taken);
            done = true;
        } catch (RuntimeException | Error failure) {
            failed.accept(failure);
        }
        boolean others;
        lock.lock();
        try {
            if (coreGathers) {
                gathering.synced(System.nanoTime());
            }
            taken.forEach(this::giveBack);
            taken.clear();
            broken = !done;
            // What was handed over meanwhile came while the loop went on without this thread.
            others = !queue.isEmpty() || closed || broken;
            coreGathers &= !others;
        } finally {
            lock.unlock();
        }
        if (others) {
            wake();
        }
    }

    private void wake() {
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    /// Does what has been handed over, ends the thread and closes the log; waits for it, but no
    /// longer than `millis`.
    void close(long millis) {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        wake();
        try {
            thread.join(millis);
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

    /// Whether the log thread has nothing to do, or waits for company. From any thread.
    boolean isIdle() {
        return idle;
    }

    // ---- the log thread

    private void run() {
        List<TxnBatch> group = new ArrayList<>();
        try (log) {
            while (take(group)) {
                boolean onlyTxns = carryOut(group);
                giveBack(group, onlyTxns);
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
            if (!taken.isEmpty()) {
                patienceNanos = 0;
                return true;
            }
            if (broken) {
                return false;
            }
            if (coreGathers && !gathering.isEnough() && !taskQueued && !closed) {
                patienceNanos = 0;
                return true;
            }
            coreGathers = false;
            long now = System.nanoTime();
            if (taskQueued || closed || gathering.isComplete(now)) {
                group.addAll(queue);
                queue.clear();
                taskQueued = false;
                isWorking = !group.isEmpty();
                if (isWorking) {
                    offersInARow = offered ? offersInARow + 1 : 0;
                    offered = false;
                }
                gathering.take(now);
            }
            patienceNanos = gathering.nanosLeft(now);
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /// Returns whether the group was made of transactions alone.
    private boolean carryOut(List<TxnBatch> group) {
        boolean onlyTxns = true;
        long start = System.nanoTime();
        long last = 0;
        int txns = 0;
        for (TxnBatch batch : group) {
            @Nullable Runnable before = batch.before();
            if (before != null) {
                commit(last, txns, start);
                before.run();
                start = System.nanoTime();
                txns = 0;
                onlyTxns = false;
            }
            for (int i = 0; i < batch.count(); i++) {
                last = batch.zxid(i);
                log.append(last, batch.bytes(), batch.offset(i), batch.length(i));
            }
            txns += batch.count();
        }
        commit(last, txns, start);
        return onlyTxns;
    }

    private void commit(long last, int txns, long startNanos) {
        if (txns > 0) {
            log.commit();
            durable.upTo(last, txns, System.nanoTime() - startNanos);
        }
    }

    private void giveBack(List<TxnBatch> group, boolean onlyTxns) {
        lock.lock();
        try {
            if (onlyTxns) {
                gathering.synced(System.nanoTime());
            }
            isWorking = false;
            group.forEach(this::giveBack);
        } finally {
            lock.unlock();
        }
        group.clear();
    }

    private void giveBack(TxnBatch batch) {
        batch.clear();
        if (empty.size() < BATCHES_KEPT) {
            empty.addLast(batch);
        }
    }
}
