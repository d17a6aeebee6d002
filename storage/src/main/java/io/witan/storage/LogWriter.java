package io.witan.storage;

import io.witan.wire.file.LogFormat;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.Adler32;

/// Adds transactions to the log: [#append] frames them into one buffer, [#commit] writes it and
/// waits for the disk once for all of them.
///
/// ```
///   append, append, append ... commit          append ... commit
///   '--- framed in memory ---' write+fdatasync
///                                    ^ only now may they be acknowledged
/// ```
///
/// A file that exists is never appended to: the first append after start, [#roll] or a full file
/// creates a new one, named by its first zxid. A file of that name can exist only if none of its
/// records survived a crash; if it does hold records, the writer refuses instead of emptying it.
///
/// The first failed write or flush is the last thing this writer does ([LogWriteException]); from
/// then on each call throws it again. Not thread safe; its thread must not be interrupted, as Java
/// closes the file of an interrupted thread.
///
/// A transaction is copied once, into a buffer that is reused. What a group costs: LogBenchmark.
public final class LogWriter implements AutoCloseable {

    /// A file is extended when its records come this near to its end.
    private static final int PREALLOC_MARGIN_BYTES = 4096;

    /// What a learner that was away for a moment, or the next start, reads again.
    static final int REMEMBERED_BYTES = 16 << 20;

    private static final int FORGOTTEN_AT_ONCE_BYTES = 256 << 10;

    /// Where the zxid stands in a serialized transaction: behind session id and cxid.
    private static final int ZXID_OFFSET = 12;

    private final Disk disk;
    private final Path directory;
    private final LogSettings settings;
    private final LogListener listener;

    /// Framed bytes not yet written.
    private final ByteBuffer buffer;

    private final Adler32 adler = new Adler32();

    /// The file being written, and its name; null before the first append to it.
    private @Nullable DiskFile file;

    private Path path;

    /// End of the bytes written to the file.
    private long written;

    /// End of the bytes that the operating system need not keep in memory.
    private long forgotten;

    /// Size that the file should have by the rule of pre-allocation, and the size it has.
    private long sizePlanned;

    private long sizeActual;

    /// Whether the directory entry of the file may still get lost.
    private boolean entryVolatile;

    /// `durableZxid <= lastZxid`: the last transactions that were committed, and appended.
    private long lastZxid;

    private long durableZxid;

    private long txnsSinceRoll;
    private long bytesSinceRoll;

    private @Nullable LogWriteException failure;

    /// A writer into a directory whose log ends with `lastZxid`.
    public LogWriter(
            Disk disk, Path directory, LogSettings settings, LogListener listener, long lastZxid) {
        this.disk = disk;
        this.directory = directory;
        this.settings = settings;
        this.listener = listener;
        this.buffer = ByteBuffer.allocateDirect(settings.bufferBytes());
        this.lastZxid = lastZxid;
        this.durableZxid = lastZxid;
        this.path = directory;
    }

    /// Adds one serialized transaction (header, record, digest). Not durable before [#commit].
    public void append(byte[] bytes, int offset, int length) {
        refuseIfFailed();
        if (length < TxnHeader.BYTES) {
            throw new IllegalArgumentException("a transaction of " + length + " bytes");
        }
        long zxid = ByteBuffer.wrap(bytes, offset, length).getLong(offset + ZXID_OFFSET);
        // A hole in the log is what no reader can repair, so it must not be written.
        if (!Zxids.follows(lastZxid, zxid)) {
            throw new IllegalStateException(
                    "transaction "
                            + Zxids.hex(zxid)
                            + " does not follow "
                            + Zxids.hex(lastZxid)
                            + " in the log");
        }
        try {
            if (file == null) {
                start(zxid);
            }
            planSize();
            frame(bytes, offset, length);
        } catch (IOException e) {
            throw fail("write to", e);
        }
        lastZxid = zxid;
        txnsSinceRoll++;
        bytesSinceRoll += LogFormat.RECORD_HEAD_BYTES + length + 1;
    }

    /// Makes everything appended durable; afterwards it may be acknowledged. Starts a new file for
    /// the next append if this one has reached its limit.
    public void commit() {
        refuseIfFailed();
        DiskFile current = file;
        if (current == null || durableZxid == lastZxid) {
            return;
        }
        try {
            flush(current);
        } catch (IOException e) {
            throw fail("write to", e);
        }
        try {
            if (settings.forceSync()) {
                force(current);
            }
            if (entryVolatile) {
                // A durable file that no durable directory entry leads to is lost all the same.
                disk.syncDirectory(directory);
                entryVolatile = false;
                listener.started(path);
            }
        } catch (IOException e) {
            throw fail("flush", e);
        }
        durableZxid = lastZxid;
        forgetOld(current);
        if (settings.rollBytes() > 0 && sizeActual > settings.rollBytes()) {
            closeFile();
        }
    }

    /// Commits, and lets the next append start a new file: a snapshot is about to be taken.
    public void roll() {
        commit();
        closeFile();
        txnsSinceRoll = 0;
        bytesSinceRoll = 0;
    }

    /// Says that the log continues after `zxid`, whatever it holds: the state was replaced by a
    /// snapshot of the leader, or the log was truncated. Starts a new file.
    public void continueAfter(long zxid) {
        roll();
        lastZxid = zxid;
        durableZxid = zxid;
    }

    /// The last transaction that [#commit] made durable.
    public long durableZxid() {
        return durableZxid;
    }

    /// The last transaction appended.
    public long lastZxid() {
        return lastZxid;
    }

    /// Transactions appended since the last [#roll], for deciding when to take a snapshot.
    public long txnsSinceRoll() {
        return txnsSinceRoll;
    }

    /// Bytes of records appended since the last [#roll].
    public long bytesSinceRoll() {
        return bytesSinceRoll;
    }

    /// Closes the file. What was not committed may be lost.
    @Override
    public void close() {
        closeFile();
    }

    private void start(long zxid) throws IOException {
        path = directory.resolve(LogFiles.logName(zxid));
        removeRemains(path);
        boolean inSectors = settings.forceSync() && settings.direct();
        file = inSectors ? disk.createForAppending(path) : disk.create(path);
        entryVolatile = true;
        written = 0;
        forgotten = 0;
        sizeActual = 0;
        sizePlanned = LogFormat.HEADER_BYTES;
        buffer.clear();
        buffer.putInt(LogFormat.MAGIC).putInt(LogFormat.VERSION).putLong(LogFormat.DBID);
    }

    /// What a crash left of a file whose first transaction, never acknowledged, was to have the
    /// same zxid.
    private void removeRemains(Path remains) throws IOException {
        if (disk.kind(remains) == Disk.Kind.MISSING) {
            return;
        }
        LogReader.refuseIfItHoldsRecords(disk, remains);
        disk.delete(remains);
        disk.syncDirectory(directory);
    }

    /// The original's rule (section 9.2), with the place of the next record as position.
    private void planSize() {
        long prealloc = settings.preallocBytes();
        long position = written + buffer.position();
        if (prealloc > 0 && position + PREALLOC_MARGIN_BYTES >= sizePlanned) {
            if (position > sizePlanned) {
                sizePlanned = (position + prealloc) / prealloc * prealloc;
            } else {
                sizePlanned += prealloc;
            }
        }
    }

    private void frame(byte[] bytes, int offset, int length) throws IOException {
        adler.reset();
        adler.update(bytes, offset, length);
        need(LogFormat.RECORD_HEAD_BYTES);
        buffer.putLong(adler.getValue()).putInt(length);
        int done = 0;
        while (done < length) {
            need(1);
            int count = Math.min(buffer.remaining(), length - done);
            buffer.put(bytes, offset + done, count);
            done += count;
        }
        need(1);
        buffer.put(LogFormat.RECORD_END);
    }

    private void need(int count) throws IOException {
        if (buffer.remaining() < count && file != null) {
            flush(file);
        }
    }

    private void flush(DiskFile current) throws IOException {
        if (sizePlanned > sizeActual && settings.preallocBytes() > 0) {
            current.setSize(sizePlanned);
            sizeActual = sizePlanned;
        }
        buffer.flip();
        int count = buffer.remaining();
        if (count > 0) {
            current.write(buffer, written);
        }
        buffer.clear();
        written += count;
        sizeActual = Math.max(sizeActual, written);
    }

    private void force(DiskFile current) throws IOException {
        long start = System.nanoTime();
        current.force();
        long nanos = System.nanoTime() - start;
        listener.forced(nanos);
        if (nanos > settings.slowForceNanos()) {
            listener.slowForce(path, nanos, sizeActual);
        }
    }

    /// A log is written and hardly ever read. Left alone it fills the memory of the machine, or of
    /// the container, and each new page has to be found and filled anew.
    private void forgetOld(DiskFile current) {
        long old = written - REMEMBERED_BYTES - forgotten;
        if (old >= FORGOTTEN_AT_ONCE_BYTES && settings.forceSync()) {
            long count = old - old % FORGOTTEN_AT_ONCE_BYTES;
            current.forget(forgotten, count);
            forgotten += count;
        }
    }

    private void closeFile() {
        DiskFile current = file;
        file = null;
        buffer.clear();
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                // Everything acknowledged was flushed; closing promises nothing more.
            }
        }
    }

    private LogWriteException fail(String operation, IOException cause) {
        LogWriteException thrown = new LogWriteException(path, operation, cause);
        failure = thrown;
        closeFile();
        return thrown;
    }

    private void refuseIfFailed() {
        if (failure != null) {
            throw failure;
        }
    }
}
