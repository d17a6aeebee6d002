package io.witan.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Deletes snapshots and logs that are older than what is kept, oldest first and one by one, each
/// durably, so that wherever a crash comes
///
/// - no snapshot is left without the log behind it: the zxids of the logs that are kept could join
///   it all the same, where an epoch begins;
/// - no logs are left of which only a snapshot that is gone told that transactions are missing
///   between them;
/// - no log is missing between two others.
///
/// So a snapshot goes before the log that goes on behind it, and after the logs that end with it or
/// before.
final class OldFiles {

    private final DataDirectory directory;
    private final Disk disk;
    private final List<Path> deleted = new ArrayList<>();

    private OldFiles(DataDirectory directory) {
        this.directory = directory;
        this.disk = directory.disk();
    }

    /// Deletes the snapshots before `zxid` and the logs that are not `needed`; returns what was
    /// deleted.
    static List<Path> delete(DataDirectory directory, long zxid, List<LogFile> needed)
            throws IOException {
        return new OldFiles(directory).deleteBefore(zxid, needed);
    }

    private List<Path> deleteBefore(long zxid, List<LogFile> needed) throws IOException {
        Deque<SnapshotFile> snapshots = new ArrayDeque<>();
        for (SnapshotFile snapshot : directory.snapshots()) {
            if (snapshot.zxid() < zxid) {
                snapshots.addFirst(snapshot);
            }
        }
        List<LogFile> logs = directory.logs();
        for (int i = 0; i < logs.size() - needed.size(); i++) {
            long next = i + 1 < logs.size() ? logs.get(i + 1).zxid() : Long.MAX_VALUE;
            while (!snapshots.isEmpty() && goesOnBehind(logs.get(i), next, snapshots.getFirst())) {
                delete(snapshots.removeFirst().path());
            }
            delete(logs.get(i).path());
        }
        while (!snapshots.isEmpty()) {
            delete(snapshots.removeFirst().path());
        }
        return deleted;
    }

    /// Whether a log that is followed by one that begins with `next` holds transactions behind the
    /// snapshot.
    private boolean goesOnBehind(LogFile log, long next, SnapshotFile snapshot) {
        if (snapshot.zxid() < log.zxid()) {
            return true;
        }
        if (snapshot.zxid() >= next - 1) {
            return false;
        }
        try (LogReader reader = LogReader.open(disk, log.path())) {
            while (reader.next()) {
                if (reader.zxid() > snapshot.zxid()) {
                    return true;
                }
            }
            return false;
        } catch (IOException unreadable) {
            return true;
        }
    }

    private void delete(Path path) throws IOException {
        disk.delete(path);
        disk.syncDirectory(DataDirectory.parentOf(path));
        deleted.add(path);
    }
}
