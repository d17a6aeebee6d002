package io.witan.storage;

import io.witan.wire.client.OpCode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/// A part of the history, read back from the log for a learner that is far behind.
///
/// That zxids join does not prove that nothing is missing: where a server once took over a
/// snapshot, 0x400000001 may stand right behind 0x100000032 (ZOOKEEPER-2846). The snapshot tells:
/// the log has then no transaction with its zxid. So the range must pass through each snapshot that
/// lies in it.
final class LogRange {

    private final long after;
    private final long upTo;
    private final long bytesMax;

    /// Zxids of snapshots in the range.
    private final NavigableSet<Long> snapshots = new TreeSet<>();

    private final List<StoredTxn> found = new ArrayList<>();
    private long foundBytes;

    /// The last transaction read, -1 before the first.
    private long last = -1;

    private LogRange(DataDirectory directory, long after, long upTo, long bytesMax) {
        this.after = after;
        this.upTo = upTo;
        this.bytesMax = bytesMax;
        for (SnapshotFile snapshot : directory.snapshots()) {
            if (snapshot.zxid() > after && snapshot.zxid() <= upTo) {
                snapshots.add(snapshot.zxid());
            }
        }
    }

    /// The transactions after `after` up to and including `upTo`, or null if the log does not hold
    /// them without a hole, or if they have more than `bytesMax` bytes.
    static @Nullable List<StoredTxn> read(
            DataDirectory directory, long after, long upTo, long bytesMax) throws IOException {
        if (upTo <= after) {
            return upTo == after ? List.of() : null;
        }
        LogRange range = new LogRange(directory, after, upTo, bytesMax);
        for (LogFile file : Recovery.neededWith(after, directory.logs())) {
            Step step = range.readFile(directory.disk(), file);
            if (step != Step.GO_ON) {
                return step == Step.COMPLETE ? List.copyOf(range.found) : null;
            }
        }
        return null;
    }

    private enum Step {
        GO_ON,
        COMPLETE,
        BROKEN
    }

    private Step readFile(Disk disk, LogFile file) throws IOException {
        try (LogReader reader = LogReader.open(disk, file.path())) {
            while (reader.next()) {
                Step step = take(reader);
                if (step != Step.GO_ON) {
                    return step;
                }
            }
            return Step.GO_ON;
        }
    }

    private Step take(LogReader reader) {
        long zxid = reader.zxid();
        if (zxid == last && reader.type() == OpCode.ERROR) {
            return Step.GO_ON; // ZooKeeper repeats a zxid for what it cannot decode.
        }
        if (zxid <= after && zxid > last) {
            last = zxid;
            return Step.GO_ON;
        }
        if (zxid > upTo || !joins(zxid) || !passesSnapshots(zxid)) {
            return Step.BROKEN;
        }
        foundBytes += reader.payloadLength();
        if (foundBytes > bytesMax) {
            return Step.BROKEN;
        }
        int offset = reader.payloadOffset();
        found.add(
                new StoredTxn(
                        zxid,
                        Arrays.copyOfRange(
                                reader.bytes(), offset, offset + reader.payloadLength())));
        last = zxid;
        return zxid == upTo ? Step.COMPLETE : Step.GO_ON;
    }

    private boolean joins(long zxid) {
        if (!found.isEmpty()) {
            return Zxids.follows(last, zxid);
        }
        return zxid == after + 1 || (last == after && Zxids.follows(after, zxid));
    }

    private boolean passesSnapshots(long zxid) {
        if (snapshots.isEmpty() || snapshots.first() > zxid) {
            return true;
        }
        return snapshots.first() == zxid && snapshots.remove(zxid);
    }
}
