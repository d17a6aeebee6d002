package io.witan.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Deletes snapshots and logs that no recovery needs any more (client-and-disk, section 9.9).
///
/// The original counts a snapshot by its last five bytes. Here the newest one that counts is read
/// whole, seals and all, before anything older goes; if none is good, nothing goes. Its thread only
/// reads; it may run beside a [LogWriter] and a [SnapshotWriter].
public final class Purge {

    private final DataDirectory directory;
    private final int snapshotsKept;

    /// Snapshots that were read whole, so that each is read once only.
    private final Set<SnapshotFile> good = new HashSet<>();

    /// @param snapshotsKept how many of the newest snapshots stay, with the logs after the oldest
    public Purge(DataDirectory directory, int snapshotsKept) {
        if (snapshotsKept < 1) {
            throw new IllegalArgumentException("snapshotsKept " + snapshotsKept);
        }
        this.directory = directory;
        this.snapshotsKept = snapshotsKept;
    }

    boolean keeps(int snapshots) {
        return snapshotsKept == snapshots;
    }

    /// Deletes what can go. Returns the deleted files.
    public List<Path> run() {
        List<SnapshotFile> snapshots = directory.snapshots();
        long oldestKept = oldestKept(snapshots);
        if (oldestKept < 0) {
            return List.of();
        }
        try {
            List<LogFile> needed = Recovery.neededWith(oldestKept, directory.logs());
            return OldFiles.delete(directory, oldestKept, needed);
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "Cannot delete old snapshots and logs in "
                            + directory.snapshotDirectory()
                            + ": "
                            + LogWriteException.describe(e)
                            + ". The server goes on; the disk fills up. Check the permissions of"
                            + " the directories.",
                    e);
        }
    }

    /// The zxid of the oldest snapshot to keep, or -1 if nothing may be deleted.
    private long oldestKept(List<SnapshotFile> newestFirst) {
        Disk disk = directory.disk();
        Set<Long> kept = new HashSet<>();
        boolean haveGood = false;
        for (SnapshotFile snapshot : newestFirst) {
            if (!SnapshotReader.looksWhole(disk, snapshot)) {
                continue;
            }
            if (!haveGood) {
                haveGood = isGood(snapshot);
            }
            kept.add(snapshot.zxid());
            if (haveGood && kept.size() >= snapshotsKept) {
                good.retainAll(newestFirst);
                return snapshot.zxid();
            }
        }
        return -1;
    }

    private boolean isGood(SnapshotFile snapshot) {
        if (good.contains(snapshot)) {
            return true;
        }
        boolean isGood = SnapshotReader.problemOf(directory.disk(), snapshot) == null;
        if (isGood) {
            good.add(snapshot);
        }
        return isGood;
    }
}
