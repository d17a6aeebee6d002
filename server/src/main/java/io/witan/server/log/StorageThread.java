package io.witan.server.log;

import io.witan.storage.EnsembleStore;

import java.util.function.Consumer;

/// What a member of an ensemble has on disk, behind a thread of its own: everything it is given is
/// done in order. Transactions become durable in groups ([GroupCommit]) and are reported by the
/// last zxid; anything else, an epoch, a truncation, is done once all before it is durable.
public final class StorageThread implements RollingLog {

    private final EnsembleStore store;
    private final GroupCommit commits;

    private long txnsSinceRoll;
    private long bytesSinceRoll;

    /// Something to be done with the store, on its thread.
    public interface Task {
        void run(EnsembleStore store);
    }

    /// Methods are for the core's thread.
    ///
    /// @param store loaded; the thread owns it from here on
    /// @param durable told what is durable, on that thread
    /// @param failed called on that thread, once, when nothing can be stored any more
    public StorageThread(
            EnsembleStore store, GroupCommit.Durable durable, Consumer<Throwable> failed) {
        this.store = store;
        this.commits = new GroupCommit(new StoreLog(store), durable, failed);
    }

    private record StoreLog(EnsembleStore store) implements GroupCommit.Log {

        @Override
        public void append(long zxid, byte[] bytes, int offset, int length) {
            store.append(zxid, bytes, offset, length);
        }

        @Override
        public void commit() {
            store.commit();
        }

        @Override
        public void close() {
            store.close();
        }
    }

    public void start() {
        commits.start();
    }

    /// Appends a transaction; handed over with [GroupCommit#flush].
    public void append(long zxid, byte[] txn) {
        commits.append(zxid, txn, 0, txn.length);
        txnsSinceRoll++;
        bytesSinceRoll += txn.length;
    }

    /// Does something once everything appended before is durable.
    public void then(Task task) {
        commits.then(() -> task.run(store));
        commits.flush();
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

    /// How what has been handed in comes to the disk.
    public GroupCommit commits() {
        return commits;
    }

    /// Does what has been handed over, ends the thread and closes the log; waits for it, but no
    /// longer than `millis`.
    public void close(long millis) {
        commits.close(millis);
    }
}
