package io.witan.storage;

import io.witan.wire.file.LogFormat;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.Adler32;

/// Reads one log file, record by record, and says how it ends (client-and-disk, section 9.3, with
/// our answers: docs/decisions/0010-damaged-logs.md).
///
/// A record of any length is read if the file really holds it: the original's limit on length
/// (which locks it out of its own log when a multi got too long) only served to recognise nonsense,
/// and the checksum does that.
public final class LogReader implements Closeable {

    /// The unit in which disks tear: a write reaches each sector whole or not at all.
    static final int SECTOR_BYTES = 512;

    private static final int ZXID_OFFSET = 12;
    private static final int TYPE_OFFSET = 28;

    private final DiskFile file;
    private final ByteWindow window;
    private final long size;
    private final Adler32 adler = new Adler32();

    /// Start of the record that [#next] moved to, and of the one behind it.
    private long offset;

    private long nextOffset = LogFormat.HEADER_BYTES;
    private int payloadIndex;
    private int payloadLength;
    private @Nullable LogEnd end;

    private LogReader(DiskFile file) throws IOException {
        this.file = file;
        this.size = file.size();
        this.window = new ByteWindow(file, size);
        this.end = headerProblem();
    }

    public static LogReader open(Disk disk, Path path) throws IOException {
        DiskFile file = disk.openForReading(path);
        try {
            return new LogReader(file);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /// Moves to the next whole record; false if there is none, and then [#end] tells why.
    public boolean next() throws IOException {
        if (end != null) {
            return false;
        }
        long start = nextOffset;
        int head = window.require(start, LogFormat.RECORD_HEAD_BYTES);
        if (head >= 0) {
            long checksum = window.longAt(head);
            int length = window.intAt(head + 8);
            if (isWhole(start, checksum, length)) {
                offset = start;
                payloadIndex = window.require(start + LogFormat.RECORD_HEAD_BYTES, length + 1);
                payloadLength = length;
                nextOffset = start + LogFormat.RECORD_HEAD_BYTES + length + 1;
                return true;
            }
        }
        end = new LogEndExamination(window, size).at(start);
        return false;
    }

    /// How the records end. Only after [#next] has returned false.
    public LogEnd end() {
        if (end == null) {
            throw new IllegalStateException("the file is not read to its end");
        }
        return end;
    }

    /// Where the current record starts in the file.
    public long offset() {
        return offset;
    }

    /// Where the current record ends.
    public long nextOffset() {
        return nextOffset;
    }

    public long zxid() {
        return window.longAt(payloadIndex + ZXID_OFFSET);
    }

    public long checksum() {
        return adler.getValue();
    }

    /// Transaction type of the current record.
    public int type() {
        return window.intAt(payloadIndex + TYPE_OFFSET);
    }

    /// The array that holds the current record, until the next call of [#next].
    public byte[] bytes() {
        return window.bytes();
    }

    public int payloadOffset() {
        return payloadIndex;
    }

    public int payloadLength() {
        return payloadLength;
    }

    public long size() {
        return size;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /// Refuses with a [DamagedLogException] if `path` holds a whole record: nobody may overwrite
    /// it.
    static void refuseIfItHoldsRecords(Disk disk, Path path) throws IOException {
        try (LogReader reader = open(disk, path)) {
            if (reader.next()) {
                throw DamagedLogException.wouldOverwrite(path, reader.zxid());
            }
            LogEnd found = reader.end();
            if (found.kind() == LogEnd.Kind.DAMAGED) {
                throw DamagedLogException.inside(path, found, -1);
            }
        }
    }

    private boolean isWhole(long start, long checksum, int length) throws IOException {
        if (length < TxnHeader.BYTES
                || length > size - start - LogFormat.RECORD_HEAD_BYTES - 1
                || checksum >>> 32 != 0) {
            return false;
        }
        long payload = start + LogFormat.RECORD_HEAD_BYTES;
        // The end byte first: a length that makes no sense must not cost its size in memory.
        int last = window.peek(payload + length);
        if (last != LogFormat.RECORD_END) {
            return false;
        }
        int index = window.require(payload, length + 1);
        adler.reset();
        adler.update(window.bytes(), index, length);
        return adler.getValue() == checksum;
    }

    private @Nullable LogEnd headerProblem() throws IOException {
        if (size < LogFormat.HEADER_BYTES) {
            return LogEnd.torn(0, "the file has " + size + " bytes, not even a whole header");
        }
        int index = window.require(0, LogFormat.HEADER_BYTES);
        if (window.intAt(index) == LogFormat.MAGIC) {
            return null;
        }
        boolean isZero = window.longAt(index) == 0 && window.longAt(index + 8) == 0;
        LogEnd.Found record = new LogEndExamination(window, size).wholeRecordFrom(0);
        if (isZero && record == null) {
            return LogEnd.torn(0, "the header is not there, nor any whole record");
        }
        return LogEnd.damaged(
                0,
                isZero
                        ? "the header is not there, but records are"
                        : "it does not begin with ZKLG: its header is hurt, or it is no transaction"
                                + " log",
                record);
    }
}
