package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// Puts a snapshot in the place of everything on disk (SNAP). A crash leaves the old state, whole,
/// or the new one, never a mix of both:
///
/// ```
///   all on disk is older than the snapshot        some of it is not: history has diverged
///   -----------------------------------------     ------------------------------------------
///   unfinished.received.snapshot.Z, flushed       unfinished.received.snapshot.Z, flushed
///   rename to snapshot.Z          <- counts        rename to received.snapshot.Z   <- counts
///   delete older snapshots, logs                  delete all snapshots and logs
///                                                 copy to snapshot.Z
///                                                 delete received.snapshot.Z
/// ```
///
/// On the left recovery takes the newest snapshot, and what is left of the older files holds
/// nothing after it. On the right, `received.snapshot.Z` means that the rest is void: the next
/// start goes on from there before it looks at anything else ([#finishInterrupted]). It is copied,
/// not renamed, because where a rename can get lost ([Disk]) both names can, and nothing else is
/// left.
///
/// Older files go in either case. Between them and the snapshot transactions are missing, and the
/// zxids need not show it: 0x300000001 may follow 0x100000032 in a log (ZOOKEEPER-2846).
final class SnapshotReplacement {

    static final String RECEIVED = "received.";

    private static final int COPY_BYTES = 1 << 16;

    private SnapshotReplacement() {}

    static SnapshotWriter begin(
            DataDirectory directory, long zxid, SnapshotCompression compression) {
        return new SnapshotWriter(
                directory.disk(),
                directory.snapshotDirectory(),
                zxid,
                compression,
                SnapshotWriter.UNFINISHED + RECEIVED);
    }

    /// Makes a complete snapshot count, durably. The log ends at `lastZxid`, and is closed.
    static void complete(DataDirectory directory, SnapshotWriter writer, long zxid, long lastZxid) {
        if (lastZxid <= zxid && isNewest(directory, zxid, writer.fileName())) {
            writer.publish();
            return;
        }
        writer.publish(RECEIVED + writer.fileName());
        finishInterrupted(directory);
    }

    /// Goes on with a replacement that has counted already but is not done.
    static void finishInterrupted(DataDirectory directory) {
        Disk disk = directory.disk();
        Path snapshots = directory.snapshotDirectory();
        try {
            String received = received(disk, snapshots);
            if (received == null) {
                return;
            }
            // A killed process can leave a name that is there and not durable.
            disk.syncDirectory(snapshots);
            String name = received.substring(RECEIVED.length());
            long zxid = LogFiles.zxid(name, LogFiles.SNAPSHOT);
            Path path = snapshots.resolve(received);
            String problem =
                    SnapshotReader.problemOf(
                            disk,
                            new SnapshotFile(
                                    path, zxid, LogFiles.compression(name), disk.size(path)));
            if (problem != null) {
                throw NoUsableSnapshotException.badReplacement(path, problem);
            }
            removeAll(directory);
            copy(disk, path, snapshots, name);
            disk.delete(path);
            disk.syncDirectory(snapshots);
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    private static void copy(Disk disk, Path from, Path snapshots, String name) throws IOException {
        Path unfinished = snapshots.resolve(SnapshotWriter.UNFINISHED + "copy." + name);
        if (disk.kind(unfinished) != Disk.Kind.MISSING) {
            disk.delete(unfinished);
        }
        try (DiskFile source = disk.openForReading(from);
                DiskFile target = disk.create(unfinished)) {
            ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
            long position = 0;
            for (int count = source.read(buffer, 0); count > 0; ) {
                target.write(buffer.flip(), position);
                position += count;
                count = source.read(buffer.clear(), position);
            }
            target.force();
        }
        disk.rename(unfinished, snapshots.resolve(name));
        disk.syncDirectory(snapshots);
    }

    /// Deletes what is older than the only snapshot that counts. The log has not gone on yet.
    static void removeAllBefore(DataDirectory directory, long zxid) {
        try {
            OldFiles.delete(directory, zxid, List.of());
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    private static void removeAll(DataDirectory directory) throws IOException {
        Disk disk = directory.disk();
        for (LogFile log : directory.logs()) {
            disk.delete(log.path());
        }
        for (SnapshotFile snapshot : directory.snapshots()) {
            disk.delete(snapshot.path());
        }
        disk.syncDirectory(directory.logDirectory());
        disk.syncDirectory(directory.snapshotDirectory());
    }

    private static boolean isNewest(DataDirectory directory, long zxid, String fileName) {
        Path own = directory.snapshotDirectory().resolve(fileName);
        for (SnapshotFile snapshot : directory.snapshots()) {
            if (snapshot.zxid() >= zxid && !snapshot.path().equals(own)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String received(Disk disk, Path snapshots) throws IOException {
        for (String name : disk.list(snapshots)) {
            if (name.startsWith(RECEIVED)
                    && LogFiles.zxid(name.substring(RECEIVED.length()), LogFiles.SNAPSHOT) >= 0) {
                return name;
            }
        }
        return null;
    }

    private static DataDirectoryException failed(DataDirectory directory, IOException cause) {
        return new DataDirectoryException(
                "Cannot put the snapshot from the leader in the place of the older files in "
                        + directory.snapshotDirectory()
                        + " and "
                        + directory.logDirectory()
                        + ": "
                        + LogWriteException.describe(cause)
                        + ". The server stops; started again it goes on with it. Check the health"
                        + " and the permissions of the disk.",
                cause);
    }
}
