package io.witan.storage;

import io.witan.wire.file.LogFormat;
import io.witan.wire.txn.LoggedTxn;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Turns the files of a [DataDirectory] back into a state (client-and-disk, sections 9.6 and 9.7):
/// the newest snapshot that is good, and the log after it.
///
/// Recovery gives one valid snapshot and a log without a hole behind it, or refuses with a
/// [StorageException]; it never gives less and calls it whole. What a crash can leave is repaired,
/// and named in [Recovered#findings].
public final class Recovery {

    /// Snapshots tried, as in the original.
    private static final int CANDIDATES_MAX = 100;

    /// How much of the last log is written again before it is relied on, see [#makeDurable]. More
    /// than a commit ever holds.
    private static final long REWRITE_BYTES = 64L << 20;

    private static final int REWRITE_BUFFER_BYTES = 1 << 20;

    private static final String INITIALIZE = "initialize";

    private final DataDirectory directory;
    private final Disk disk;
    private final RecoverySettings settings;
    private final List<Finding> findings = new ArrayList<>();

    /// Snapshots newer than the one being read, which could not be.
    private final List<SnapshotFile> bad = new ArrayList<>();

    /// Those of them that were whole once: the log must reach as far.
    private final List<SnapshotFile> badNow = new ArrayList<>();

    private long bytesTotal;
    private long bytesDone;

    private Recovery(DataDirectory directory, RecoverySettings settings) {
        this.directory = directory;
        this.disk = directory.disk();
        this.settings = settings;
    }

    /// Gives the state to `visitor`, cuts the torn tail of the log and makes durable what the state
    /// rests on. After this the server may serve, and log what follows.
    public static Recovered recover(
            DataDirectory directory, RecoverySettings settings, RecoveryVisitor visitor) {
        Recovery recovery = new Recovery(directory, settings);
        return recovery.load(visitor, true);
    }

    /// As [#recover], but changes nothing on disk: for tools that look.
    public static Recovered inspect(
            DataDirectory directory, RecoverySettings settings, RecoveryVisitor visitor) {
        Recovery recovery = new Recovery(directory, settings);
        return recovery.load(visitor, false);
    }

    private Recovered load(RecoveryVisitor visitor, boolean repair) {
        List<SnapshotFile> candidates = candidates();
        List<LogFile> logs = directory.logs();
        if (candidates.isEmpty()) {
            return loadWithoutSnapshot(logs, visitor, repair);
        }
        List<String> reasons = new ArrayList<>();
        for (SnapshotFile candidate : candidates) {
            List<LogFile> needed = readWith(candidate.zxid(), logs);
            bytesTotal = candidate.bytes() + totalBytes(needed);
            bytesDone = 0;
            SnapshotTrailer trailer;
            try {
                trailer =
                        SnapshotReader.read(
                                disk,
                                candidate,
                                visitor.beginSnapshot(candidate.zxid()),
                                position ->
                                        visitor.progress(candidate.path(), position, bytesTotal));
            } catch (BadSnapshotException e) {
                reasons.add(e.getMessage());
                bad.add(candidate);
                badNow.add(candidate);
                findings.add(
                        Finding.warn(
                                candidate.path(),
                                "Snapshot "
                                        + candidate.path()
                                        + " is bad and was passed over: "
                                        + e.getMessage()));
                continue;
            }
            bytesDone = candidate.bytes();
            return replay(Recovered.Origin.SNAPSHOT, candidate, trailer, needed, visitor, repair);
        }
        throw NoUsableSnapshotException.allBad(directory.snapshotDirectory(), reasons);
    }

    private Recovered loadWithoutSnapshot(
            List<LogFile> logs, RecoveryVisitor visitor, boolean repair) {
        boolean anyLog = !logs.isEmpty();
        if (anyLog && !settings.trustEmpty()) {
            throw NoUsableSnapshotException.onlyLogs(
                    directory.snapshotDirectory(), directory.logDirectory());
        }
        if (!anyLog) {
            refuseLostState();
        }
        boolean initialize = !initializedDirectories().isEmpty();
        visitor.beginEmpty();
        bytesTotal = totalBytes(logs);
        if (anyLog) {
            return replay(
                    Recovered.Origin.LOGS_ONLY, null, SnapshotTrailer.NONE, logs, visitor, repair);
        }
        Recovered.Origin origin =
                initialize || settings.autocreate()
                        ? Recovered.Origin.NEW
                        : Recovered.Origin.UNKNOWN;
        if (repair) {
            repair(LogTail.NONE, null);
        }
        return new Recovered(
                origin,
                origin == Recovered.Origin.NEW ? 0 : -1,
                null,
                SnapshotTrailer.NONE,
                List.of(),
                0,
                0,
                List.copyOf(findings));
    }

    /// A snapshot that is not whole and names a transaction says that there was a state. Beginning
    /// a new database over it, as the original does, would lose what is left of it without a word.
    private void refuseLostState() {
        List<String> reasons = new ArrayList<>();
        for (SnapshotFile snapshot : directory.snapshots()) {
            if (snapshot.zxid() > 0) {
                reasons.add(snapshot.path() + " is not whole");
            }
        }
        if (!reasons.isEmpty()) {
            throw NoUsableSnapshotException.allBad(directory.snapshotDirectory(), reasons);
        }
    }

    private Recovered replay(
            Recovered.Origin origin,
            @Nullable SnapshotFile snapshot,
            SnapshotTrailer trailer,
            List<LogFile> files,
            RecoveryVisitor visitor,
            boolean repair) {
        long snapshotZxid = snapshot == null ? 0 : snapshot.zxid();
        LogReplay replay = new LogReplay(disk, snapshotZxid, sinkOf(visitor), findings);
        for (SnapshotFile passedOver : bad) {
            replay.mustPass(passedOver.zxid());
        }
        LogTail tail = replay.read(files);
        for (SnapshotFile reached : badNow) {
            if (reached.zxid() > replay.lastZxid()) {
                throw DamagedLogException.endsBefore(
                        reached.path(), replay.lastZxid(), reached.zxid());
            }
        }
        reportTail(tail, replay.lastZxid(), repair);
        reportFuzzyness(snapshot, trailer, replay.lastZxid());
        if (repair) {
            repair(tail, snapshot);
        }
        return new Recovered(
                origin,
                replay.lastZxid(),
                snapshot,
                trailer,
                files,
                replay.replayed(),
                replay.bytesReplayed(),
                List.copyOf(findings));
    }

    private LogReplay.Sink sinkOf(RecoveryVisitor visitor) {
        return new LogReplay.Sink() {

            private @Nullable Path current;
            private long currentPosition;

            @Override
            public void transaction(LoggedTxn txn, byte[] bytes, int offset, int length) {
                visitor.transaction(txn, bytes, offset, length);
            }

            @Override
            public void progress(Path file, long position) {
                if (!file.equals(current)) {
                    bytesDone += currentPosition;
                    current = file;
                }
                currentPosition = position;
                visitor.progress(file, bytesDone + position, bytesTotal);
            }
        };
    }

    private List<SnapshotFile> candidates() {
        List<SnapshotFile> candidates = new ArrayList<>();
        for (SnapshotFile snapshot : directory.snapshots()) {
            if (candidates.size() < CANDIDATES_MAX) {
                if (SnapshotReader.looksWhole(disk, snapshot)) {
                    candidates.add(snapshot);
                } else {
                    bad.add(snapshot);
                    findings.add(
                            Finding.warn(
                                    snapshot.path(),
                                    "Snapshot "
                                            + snapshot.path()
                                            + " is not whole and was passed over"));
                }
            }
        }
        return candidates;
    }

    /// The newest file that starts at or before the snapshot, because the transactions after it can
    /// begin in its middle, and all later ones (section 9.3).
    static List<LogFile> neededWith(long snapshotZxid, List<LogFile> logs) {
        int first = 0;
        for (int i = 0; i < logs.size(); i++) {
            if (logs.get(i).zxid() <= snapshotZxid) {
                first = i;
            }
        }
        return List.copyOf(logs.subList(first, logs.size()));
    }

    /// As [#neededWith], without a file that ends where the snapshot does.
    private static List<LogFile> readWith(long snapshotZxid, List<LogFile> logs) {
        List<LogFile> needed = neededWith(snapshotZxid, logs);
        boolean nextBegins = needed.size() > 1 && needed.get(1).zxid() == snapshotZxid + 1;
        return nextBegins ? needed.subList(1, needed.size()) : needed;
    }

    private static long totalBytes(List<LogFile> logs) {
        return logs.stream().mapToLong(LogFile::bytes).sum();
    }

    private void reportTail(LogTail tail, long lastZxid, boolean repair) {
        if (tail.torn() != null && tail.last() != null) {
            Path path = tail.last().path();
            findings.add(
                    Finding.info(
                            path,
                            "Transaction log "
                                    + path
                                    + " has a torn tail, "
                                    + (repair ? "cut" : "to be cut")
                                    + " at byte "
                                    + tail.recordsEnd()
                                    + " after transaction "
                                    + Zxids.hex(lastZxid)
                                    + " ("
                                    + tail.torn().what()
                                    + "): the server or the machine went down while writing;"
                                    + " nothing acknowledged is lost"));
        }
    }

    /// A snapshot of the original, taken while transactions went on, holds effects of later ones,
    /// and is a true state only once the log is replayed up to there.
    private void reportFuzzyness(
            @Nullable SnapshotFile snapshot, SnapshotTrailer trailer, long lastZxid) {
        if (snapshot == null) {
            return;
        }
        long effects = trailer.effectsUpTo(snapshot.zxid());
        if (effects > lastZxid) {
            findings.add(
                    Finding.warn(
                            snapshot.path(),
                            "Snapshot "
                                    + snapshot.path()
                                    + " was written while transactions went on and may hold effects"
                                    + " up to "
                                    + Zxids.hex(effects)
                                    + ", but the log ends at "
                                    + Zxids.hex(lastZxid)
                                    + ": the transactions between are applied in part only. Were"
                                    + " log files left out when this directory was copied?"));
        }
    }

    /// The first snapshot of a new database is on disk: the file `initialize`, which permitted to
    /// begin it, is used up. Not before, or a first start that failed could not be repeated.
    public static void begun(DataDirectory directory) {
        var recovery = new Recovery(directory, RecoverySettings.DEFAULT);
        try {
            recovery.useUpPermission();
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "Cannot delete the file "
                            + INITIALIZE
                            + " in "
                            + directory.dataLogDir()
                            + ": "
                            + LogWriteException.describe(e)
                            + ". The server does not start. Delete it by hand.",
                    e);
        }
    }

    private void useUpPermission() throws IOException {
        for (Path parent : initializedDirectories()) {
            disk.delete(parent.resolve(INITIALIZE));
            disk.syncDirectory(parent);
        }
    }

    private void repair(LogTail tail, @Nullable SnapshotFile snapshot) {
        try {
            if (tail.last() != null) {
                makeDurable(tail.last().path(), tail.recordsEnd(), tail.torn() != null);
            }
            for (LogFile file : tail.empty()) {
                // Nothing is in it, and the original would not start on one without a header.
                if (file.bytes() < LogFormat.HEADER_BYTES) {
                    disk.delete(file.path());
                }
            }
            if (snapshot != null) {
                // The original does not flush snapshots; purge relies on this one from now on.
                try (DiskFile file = disk.openForWriting(snapshot.path())) {
                    file.force();
                }
            }
            disk.syncDirectory(directory.logDirectory());
            if (!directory.snapshotDirectory().equals(directory.logDirectory())) {
                disk.syncDirectory(directory.snapshotDirectory());
            }
            if (snapshot != null) {
                useUpPermission();
            }
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "Cannot make the recovered state durable: "
                            + LogWriteException.describe(e)
                            + ". The server does not start. Check that the disks under dataDir and"
                            + " dataLogDir are healthy, not full and not mounted read-only, and that"
                            + " the files belong to the user that runs the server.",
                    e);
        }
    }

    /// Cuts the torn tail and makes sure that the records are on the disk. A flush before the crash
    /// may have failed; then the kernel serves the bytes from memory and takes them for clean, and
    /// another flush would write nothing (Rebello et al., ATC 2020). So the end of the log, which
    /// is what that flush can have been about, is written once more.
    private void makeDurable(Path path, long recordsEnd, boolean cut) throws IOException {
        try (DiskFile file = disk.openForWriting(path)) {
            if (cut) {
                file.setSize(recordsEnd);
            }
            ByteBuffer buffer =
                    ByteBuffer.allocateDirect(Math.clamp(recordsEnd, 1, REWRITE_BUFFER_BYTES));
            long position = Math.max(0, recordsEnd - REWRITE_BYTES);
            while (position < recordsEnd) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), recordsEnd - position));
                int count = file.read(buffer, position);
                if (count == 0) {
                    throw new IOException(path + " became shorter");
                }
                buffer.flip();
                file.write(buffer, position);
                position += count;
            }
            file.force();
        }
    }

    /// The original looks beside the logs only, though its own script puts the file into dataDir.
    private List<Path> initializedDirectories() {
        List<Path> found = new ArrayList<>();
        try {
            for (Path parent : List.of(directory.dataLogDir(), directory.dataDir())) {
                if (!found.contains(parent)
                        && disk.kind(parent.resolve(INITIALIZE)) == Disk.Kind.FILE) {
                    found.add(parent);
                }
            }
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "Cannot read " + directory.dataDir() + ": " + LogWriteException.describe(e), e);
        }
        return found;
    }
}
