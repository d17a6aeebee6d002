package io.witan.storage;

import io.witan.wire.client.OpCode;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.TxnCodec;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Reads log files in order and holds them to one rule: after the snapshot, each transaction
/// follows the one before (client-and-disk, section 9.3), without a hole that the snapshot does not
/// cover. What breaks it is a [DamagedLogException].
///
/// A bad place in a file is judged by what comes next:
///
/// | next in the log | bad place is |
/// | --- | --- |
/// | the successor of the last good transaction | the torn tail of an earlier crash: never acknowledged, passed over |
/// | the first transaction of a higher epoch | the same, if it is torn; else damage |
/// | any other transaction | a hole, or covered by the snapshot |
/// | nothing | a torn tail, to be cut; or damage, if no crash leaves such bytes |
final class LogReplay {

    /// Takes the transactions after the snapshot.
    interface Sink {
        void transaction(LoggedTxn txn, byte[] bytes, int offset, int length);

        void progress(Path file, long position);
    }

    private final Disk disk;
    private final Sink sink;
    private final List<Finding> findings;

    /// Transactions up to here are in the snapshot.
    private final long snapshotZxid;

    /// The last transaction read, -1 before the first; and where it is.
    private long last = -1;

    private @Nullable Path lastFile;
    private int lastLength;
    private long lastChecksum;

    /// How [#lastFile] ends, if not cleanly and nothing has explained it yet.
    private @Nullable LogEnd openEnd;

    /// Files behind [#lastFile] that hold no record.
    private final List<LogFile> empty = new ArrayList<>();

    /// Zxids of snapshots that could not be loaded and that the log has not reached yet.
    private final NavigableSet<Long> ahead = new TreeSet<>();

    private final JuteReader in = new JuteReader(Integer.MAX_VALUE);

    private long replayed;
    private long bytesReplayed;
    private boolean repeatsReported;

    LogReplay(Disk disk, long snapshotZxid, Sink sink, List<Finding> findings) {
        this.disk = disk;
        this.snapshotZxid = snapshotZxid;
        this.sink = sink;
        this.findings = findings;
    }

    /// Says that there is a snapshot at `zxid` that could not be loaded. If the log goes on behind
    /// it, it must hold that transaction. Otherwise a leader sent the snapshot, and what was in it
    /// and not in the log is missing here, though the zxids may join.
    void mustPass(long zxid) {
        if (zxid > snapshotZxid) {
            ahead.add(zxid);
        }
    }

    /// Reads the files, which are sorted, and says what is to be done about their tail.
    LogTail read(List<LogFile> files) {
        LogFile lastRead = null;
        long recordsEnd = 0;
        for (LogFile file : files) {
            long end = readFile(file);
            if (end > 0) {
                lastRead = file;
                recordsEnd = end;
                empty.clear();
            } else {
                empty.add(file);
            }
        }
        return new LogTail(lastRead, recordsEnd, tornEnd(), List.copyOf(empty));
    }

    /// The last transaction of snapshot and logs.
    long lastZxid() {
        return Math.max(last, snapshotZxid);
    }

    long replayed() {
        return replayed;
    }

    long bytesReplayed() {
        return bytesReplayed;
    }

    /// Returns where the records end, or 0 if the file holds none.
    private long readFile(LogFile file) {
        long recordsEnd = 0;
        long position = 0;
        try (LogReader reader = LogReader.open(disk, file.path())) {
            while (reader.next()) {
                if (recordsEnd == 0) {
                    beginFile(file, reader.zxid());
                }
                position = reader.offset();
                take(file, reader);
                recordsEnd = reader.nextOffset();
                sink.progress(file.path(), recordsEnd);
            }
            endFile(file, reader.end(), recordsEnd > 0);
            sink.progress(file.path(), reader.size());
        } catch (IOException e) {
            throw DamagedLogException.unreadable(file.path(), position, lastZxid(), e);
        }
        return recordsEnd;
    }

    private void beginFile(LogFile file, long first) {
        if (first != file.zxid()) {
            throw DamagedLogException.misnamed(file.path(), file.zxid(), first);
        }
    }

    private void take(LogFile file, LogReader reader) {
        long zxid = reader.zxid();
        if (isRepeatOfFailure(reader, zxid)) {
            reportRepeats(file, zxid);
            return;
        }
        checkFollows(file, reader.offset(), zxid);
        checkPasses(file, reader.offset(), zxid);
        last = zxid;
        lastFile = file.path();
        lastLength = reader.payloadLength();
        lastChecksum = reader.checksum();
        if (zxid > snapshotZxid) {
            deliver(file, reader, zxid);
        }
    }

    private void checkFollows(LogFile file, long offset, long zxid) {
        LogEnd end = openEnd;
        Path before = lastFile;
        if (last >= 0 && zxid <= last) {
            throw DamagedLogException.outOfPlace(file.path(), offset, last, zxid);
        }
        long known = Math.max(last, snapshotZxid);
        boolean successor = zxid <= known + 1;
        boolean damaged = end != null && end.kind() == LogEnd.Kind.DAMAGED;
        if (!successor && (damaged || !Zxids.follows(known, zxid))) {
            if (end != null && before != null) {
                throw DamagedLogException.endsEarly(before, end, known, file.path(), zxid);
            }
            throw DamagedLogException.gap(
                    last < snapshotZxid ? null : before, file.path(), offset, known, zxid);
        }
        if (end != null && before != null) {
            explain(before, end, zxid);
        }
        openEnd = null;
    }

    private void checkPasses(LogFile file, long offset, long zxid) {
        while (!ahead.isEmpty() && ahead.first() <= zxid) {
            long passed = ahead.first();
            if (passed < zxid) {
                throw DamagedLogException.skips(file.path(), offset, lastZxid(), passed, zxid);
            }
            ahead.remove(passed);
        }
    }

    private void explain(Path before, LogEnd end, long zxid) {
        String text =
                "Transaction log "
                        + before
                        + " ends at byte "
                        + end.offset()
                        + " with bytes that are no whole record ("
                        + end.what()
                        + "); nothing is missing, the log goes on with "
                        + Zxids.hex(zxid)
                        + " in the next file";
        findings.add(
                end.kind() == LogEnd.Kind.TORN
                        ? Finding.info(before, text)
                        : Finding.warn(before, text));
    }

    private void endFile(LogFile file, LogEnd end, boolean hadRecords) {
        if (end.kind() == LogEnd.Kind.CLEAN) {
            return;
        }
        if (hadRecords || end.kind() == LogEnd.Kind.DAMAGED) {
            openEnd = end;
            lastFile = file.path();
        } else {
            findings.add(
                    Finding.info(
                            file.path(),
                            "Transaction log "
                                    + file.path()
                                    + " holds no transaction ("
                                    + end.what()
                                    + "): a crash came before the first one was written"));
        }
    }

    /// The torn end of the last file that holds records. Damage there is refused: nothing followed
    /// that could have explained it.
    private @Nullable LogEnd tornEnd() {
        LogEnd end = openEnd;
        if (end == null || lastFile == null) {
            return null;
        }
        if (end.kind() == LogEnd.Kind.DAMAGED) {
            throw DamagedLogException.inside(lastFile, end, lastZxid());
        }
        return end;
    }

    /// ZooKeeper logs a write that it could not decode as failed, with the zxid of the one before
    /// (section 13.2). The same record twice is something else: a write in a wrong place.
    private boolean isRepeatOfFailure(LogReader reader, long zxid) {
        return zxid == last
                && reader.type() == OpCode.ERROR
                && !(reader.payloadLength() == lastLength && reader.checksum() == lastChecksum);
    }

    private void reportRepeats(LogFile file, long zxid) {
        if (!repeatsReported) {
            repeatsReported = true;
            findings.add(
                    Finding.info(
                            file.path(),
                            "Transaction log "
                                    + file.path()
                                    + " holds failed writes that repeat the zxid of the transaction"
                                    + " before, the first at "
                                    + Zxids.hex(zxid)
                                    + "; ZooKeeper writes them for requests that it cannot decode,"
                                    + " and they change nothing"));
        }
    }

    private void deliver(LogFile file, LogReader reader, long zxid) {
        in.reset(reader.bytes(), reader.payloadOffset(), reader.payloadLength());
        LoggedTxn txn;
        try {
            txn = TxnCodec.read(in);
        } catch (DecodeException e) {
            throw DamagedLogException.undecodable(file.path(), reader.offset(), zxid, e);
        }
        sink.transaction(txn, reader.bytes(), reader.payloadOffset(), reader.payloadLength());
        replayed++;
        bytesReplayed += reader.payloadLength();
    }
}
