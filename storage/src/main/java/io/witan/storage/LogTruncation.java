package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Takes back transactions that the leader never knew (client-and-disk, section 9.3): after it, no
/// file on disk can bring one of them back.
///
/// The original keeps snapshots beyond the point, so that the next start returns what was taken
/// back (ZOOKEEPER-4837), and flushes nothing. Here logs go, newest first, then the snapshots that
/// may hold such transactions: what a crash leaves in between can be loaded, and the leader
/// truncates it again. Snapshots go last, because one of them may stand for transactions that no
/// log has.
public final class LogTruncation {

    private final DataDirectory directory;
    private final Disk disk;
    private final long zxid;

    private LogTruncation(DataDirectory directory, long zxid) {
        this.directory = directory;
        this.disk = directory.disk();
        this.zxid = zxid;
    }

    /// Removes everything after transaction `zxid`, which must be in the log or be where a snapshot
    /// ends. Durable when it returns. There must be no open [LogWriter].
    public static void truncateTo(DataDirectory directory, long zxid) {
        try {
            new LogTruncation(directory, zxid).run();
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "Cannot truncate the transaction log to "
                            + Zxids.hex(zxid)
                            + ": "
                            + LogWriteException.describe(e)
                            + ". The server stops; started again, it will be told by the leader to"
                            + " truncate again. Check the health and the permissions of the disk.",
                    e);
        }
    }

    /// Whether the files here lead from a snapshot to `zxid` without a hole, so that the log can be
    /// truncated to it.
    static boolean leadsTo(DataDirectory directory, long zxid) {
        LogTruncation truncation = new LogTruncation(directory, zxid);
        try {
            return truncation.newestStart() >= 0;
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "Cannot read the snapshots and logs in "
                            + directory.snapshotDirectory()
                            + " and "
                            + directory.logDirectory()
                            + ": "
                            + LogWriteException.describe(e)
                            + ". Check the health of the disk.",
                    e);
        }
    }

    /// Where to cut.
    private record Cut(Path file, long offset) {}

    private void run() throws IOException {
        // Never further back than asked: what stands there may have been acknowledged by a quorum.
        if (newestStart() < 0) {
            throw new DataDirectoryException(
                    "The leader wants the transaction log truncated to "
                            + Zxids.hex(zxid)
                            + ", but the snapshots and logs in "
                            + directory.snapshotDirectory()
                            + " and "
                            + directory.logDirectory()
                            + " do not lead there. Nothing was changed; the server must take a"
                            + " snapshot from the leader.");
        }
        Cut cut = findCut();
        for (LogFile log : directory.logs().reversed()) {
            if (log.zxid() > zxid) {
                disk.delete(log.path());
                // One by one: were an older one gone and this one still there, it would be a hole.
                disk.syncDirectory(directory.logDirectory());
            }
        }
        if (cut != null) {
            try (DiskFile file = disk.openForWriting(cut.file)) {
                file.setSize(cut.offset);
                file.force();
            }
        }
        for (SnapshotFile snapshot : directory.snapshots()) {
            if (effectsUpTo(snapshot) > zxid) {
                disk.delete(snapshot.path());
            }
        }
        disk.syncDirectory(directory.snapshotDirectory());
    }

    /// The zxid of the newest snapshot from which the state after `zxid` can be had, or -1.
    private long newestStart() throws IOException {
        NavigableSet<Long> bad = new TreeSet<>();
        for (SnapshotFile snapshot : directory.snapshots()) {
            long effects = effectsUpTo(snapshot);
            if (effects < 0) {
                bad.add(snapshot.zxid());
            } else if (effects <= zxid) {
                return leadsHereFrom(snapshot.zxid(), bad) ? snapshot.zxid() : -1;
            }
        }
        return -1;
    }

    /// @param bad snapshots in between that cannot be loaded: the log must pass through them, or
    ///   what they held is missing
    private boolean leadsHereFrom(long snapshotZxid, NavigableSet<Long> bad) throws IOException {
        long last = snapshotZxid;
        for (LogFile log : Recovery.neededWith(snapshotZxid, directory.logs())) {
            if (log.zxid() > zxid) {
                break;
            }
            try (LogReader reader = LogReader.open(disk, log.path())) {
                while (reader.next() && reader.zxid() <= zxid) {
                    if (reader.zxid() > last) {
                        if (!Zxids.follows(last, reader.zxid())) {
                            return false;
                        }
                        last = reader.zxid();
                        bad.remove(last);
                    }
                }
            }
        }
        return last == zxid && bad.isEmpty();
    }

    /// -1 for a bad snapshot: no transaction comes back from it.
    private long effectsUpTo(SnapshotFile snapshot) {
        if (snapshot.zxid() > zxid) {
            return snapshot.zxid();
        }
        try {
            return SnapshotReader.readTrailerOf(disk, snapshot).effectsUpTo(snapshot.zxid());
        } catch (BadSnapshotException e) {
            return -1;
        }
    }

    /// Behind the last record that stays, in the newest file that has one.
    private @Nullable Cut findCut() throws IOException {
        for (LogFile log : directory.logs().reversed()) {
            if (log.zxid() > zxid) {
                continue;
            }
            long end = 0;
            try (LogReader reader = LogReader.open(disk, log.path())) {
                while (reader.next() && reader.zxid() <= zxid) {
                    end = reader.nextOffset();
                }
            }
            if (end > 0) {
                return new Cut(log.path(), end);
            }
        }
        return null;
    }
}
