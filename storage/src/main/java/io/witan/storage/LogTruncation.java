package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Takes back transactions that the leader never knew (client-and-disk, section 9.3): after it, no
/// file on disk can bring one of them back.
///
/// The original keeps snapshots beyond the point, so that the next start returns what was taken
/// back (ZOOKEEPER-4837), and flushes nothing. Here snapshots that may hold such transactions go
/// too, then logs, newest first: what a crash leaves in between can be loaded, and the leader
/// truncates it again.
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

    /// Where to cut.
    private record Cut(Path file, long offset) {}

    private void run() throws IOException {
        List<SnapshotFile> beyond = new ArrayList<>();
        boolean startsFromSnapshot = false;
        boolean endsSnapshot = false;
        for (SnapshotFile snapshot : directory.snapshots()) {
            long effects = effectsUpTo(snapshot);
            if (effects > zxid) {
                beyond.add(snapshot);
            } else if (effects >= 0) {
                startsFromSnapshot = true;
                endsSnapshot |= snapshot.zxid() == zxid;
            }
        }
        Cut cut = find();
        // Never further back: what stands there may have been acknowledged by a quorum.
        if (!startsFromSnapshot || (cut == null && !endsSnapshot)) {
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
        for (SnapshotFile snapshot : beyond) {
            disk.delete(snapshot.path());
        }
        disk.syncDirectory(directory.snapshotDirectory());
        for (LogFile log : directory.logs().reversed()) {
            if (log.zxid() > zxid) {
                disk.delete(log.path());
            }
        }
        disk.syncDirectory(directory.logDirectory());
        if (cut != null) {
            try (DiskFile file = disk.openForWriting(cut.file)) {
                file.setSize(cut.offset);
                file.force();
            }
        }
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

    private @Nullable Cut find() throws IOException {
        for (LogFile log : directory.logs().reversed()) {
            if (log.zxid() > zxid) {
                continue;
            }
            try (LogReader reader = LogReader.open(disk, log.path())) {
                while (reader.next() && reader.zxid() <= zxid) {
                    if (reader.zxid() == zxid) {
                        return new Cut(log.path(), endOfAll(reader));
                    }
                }
            }
        }
        return null;
    }

    /// The end of the record, or of the failed writes that repeat its zxid.
    private long endOfAll(LogReader reader) throws IOException {
        long end = reader.nextOffset();
        while (reader.next() && reader.zxid() == zxid) {
            end = reader.nextOffset();
        }
        return end;
    }
}
