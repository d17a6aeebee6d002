package io.witan.server.log;

import io.witan.storage.EnsembleStore;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// What a member of an ensemble has on disk, behind a thread of its own: everything it is given is
/// done in order. Transactions that have queued up are one group with one `fdatasync`, and reported
/// by the last zxid; anything else, an epoch, a truncation, is done once all before it is durable.
///
/// A failed write or sync is final: the failure is reported once, nothing is done any more, and the
/// server ends.
public final class StorageThread implements RollingLog {

    private static final Logger LOG = LoggerFactory.getLogger(StorageThread.class);

    private final EnsembleStore store;
    private final LogThread.Durable durable;
    private final Consumer<Throwable> failed;
    private final Thread thread;

    // Owned by the core's thread.
    private TxnBatch filling = new TxnBatch();
    private long txnsSinceRoll;
    private long bytesSinceRoll;

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private final ArrayDeque<Item> queue = new ArrayDeque<>();
    private final ArrayDeque<TxnBatch> empty = new ArrayDeque<>();
    private boolean closed;

    /// Whether the thread is about to park, or parked, because it found nothing to do.
    private volatile boolean idle;

    private sealed interface Item {
        record Txns(TxnBatch batch) implements Item {}

        record Other(Task task) implements Item {}
    }

    /// Something to be done with the store, on its thread.
    public interface Task {
        void run(EnsembleStore store);
    }

    /// @param store loaded; the thread owns it from here on
    /// @param durable told what is durable, on that thread
    /// @param failed called on that thread, once, when nothing can be stored any more
    public StorageThread(
            EnsembleStore store, LogThread.Durable durable, Consumer<Throwable> failed) {
        this.store = store;
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

    /// Appends a transaction; handed over with [#flush].
    public void append(long zxid, byte[] txn) {
        filling.add(zxid, txn, 0, txn.length);
        txnsSinceRoll++;
        bytesSinceRoll += txn.length;
    }

    /// Does something once everything appended before is durable.
    public void then(Task task) {
        put(new Item.Other(task));
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
        txnsSinceRoll = 0;
        bytesSinceRoll = 0;
        then(EnsembleStore::roll);
    }

    /// Hands over what has been appended since the last time.
    public void flush() {
        if (!filling.isEmpty()) {
            put(null);
        }
    }

    private void put(@org.jspecify.annotations.Nullable Item item) {
        lock.lock();
        try {
            if (!filling.isEmpty()) {
                queue.addLast(new Item.Txns(filling));
                TxnBatch next = empty.pollFirst();
                filling = next == null ? new TxnBatch() : next;
            }
            if (item != null) {
                queue.addLast(item);
            }
        } finally {
            lock.unlock();
        }
        wake();
    }

    private void wake() {
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    /// Does what has been handed over, ends the thread and closes the log; waits for it, but no
    /// longer than `millis`.
    public void close(long millis) {
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

    // ---- the storage thread

    private void run() {
        List<Item> group = new ArrayList<>();
        try (store) {
            while (take(group)) {
                carryOut(group);
                group.clear();
            }
        } catch (RuntimeException | Error failure) {
            failed.accept(failure);
        }
    }

    private void carryOut(List<Item> group) {
        long start = System.nanoTime();
        long last = 0;
        int txns = 0;
        for (Item item : group) {
            switch (item) {
                case Item.Txns(TxnBatch batch) -> {
                    for (int i = 0; i < batch.count(); i++) {
                        last = batch.zxid(i);
                        store.append(last, batch.bytes(), batch.offset(i), batch.length(i));
                    }
                    txns += batch.count();
                    giveBack(batch);
                }
                case Item.Other(Task task) -> {
                    commit(last, txns, start);
                    last = 0;
                    txns = 0;
                    task.run(store);
                    start = System.nanoTime();
                }
            }
        }
        commit(last, txns, start);
    }

    private void commit(long last, int txns, long startNanos) {
        if (txns > 0) {
            store.commit();
            durable.upTo(last, txns, System.nanoTime() - startNanos);
        }
    }

    /// Waits for something to do. False when there will be nothing any more.
    private boolean take(List<Item> group) {
        boolean open = takeQueued(group);
        while (open && group.isEmpty()) {
            idle = true;
            open = takeQueued(group);
            if (open && group.isEmpty()) {
                LockSupport.park(this);
            }
            idle = false;
        }
        return !group.isEmpty();
    }

    private boolean takeQueued(List<Item> group) {
        lock.lock();
        try {
            group.addAll(queue);
            queue.clear();
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(TxnBatch batch) {
        lock.lock();
        try {
            batch.clear();
            if (empty.size() < 4) {
                empty.addLast(batch);
            }
        } finally {
            lock.unlock();
        }
    }
}
