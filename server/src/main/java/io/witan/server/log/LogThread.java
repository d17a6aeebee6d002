package io.witan.server.log;

import io.witan.replica.Proposals;
import io.witan.storage.LogWriter;

import java.util.function.Consumer;

/// Makes the transactions of a server that is alone durable, on a thread of their own, in groups
/// ([GroupCommit]).
public final class LogThread implements Proposals, RollingLog {

    private final LogWriter writer;
    private final GroupCommit commits;

    private long txnsSinceRoll;
    private long bytesSinceRoll;

    /// Methods are for the core's thread.
    ///
    /// @param writer the log thread owns it from here on
    /// @param durable told what is durable
    /// @param failed called on the log thread, once, when the log cannot be written any more
    public LogThread(LogWriter writer, GroupCommit.Durable durable, Consumer<Throwable> failed) {
        this.writer = writer;
        this.commits = new GroupCommit(new WriterLog(writer), durable, failed);
    }

    private record WriterLog(LogWriter writer) implements GroupCommit.Log {

        @Override
        public void append(long zxid, byte[] bytes, int offset, int length) {
            writer.append(bytes, offset, length);
        }

        @Override
        public void commit() {
            writer.commit();
        }

        @Override
        public void close() {
            writer.close();
        }
    }

    public void start() {
        commits.start();
    }

    @Override
    public void propose(long zxid, byte[] bytes, int offset, int length) {
        commits.append(zxid, bytes, offset, length);
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
        commits.then(writer::roll);
        txnsSinceRoll = 0;
        bytesSinceRoll = 0;
    }

    /// How what has been handed in comes to the disk.
    public GroupCommit commits() {
        return commits;
    }

    /// Writes what has been handed over, ends the thread and closes the log; waits for it, but no
    /// longer than `millis`.
    public void close(long millis) {
        commits.close(millis);
    }
}
