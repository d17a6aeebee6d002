package io.witan.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/// One of the two epochs that a member of an ensemble remembers (client-and-disk, section 9.8):
/// decimal text, written atomically and durably. They live beside the snapshots.
public enum EpochFile {
    ACCEPTED("acceptedEpoch"),
    CURRENT("currentEpoch");

    private final String fileName;

    EpochFile(String fileName) {
        this.fileName = fileName;
    }

    /// The epoch, or nothing if the file does not exist.
    public OptionalLong read(DataDirectory directory) {
        return read(directory, path(directory));
    }

    /// The epoch in the temporary file that an interrupted write left, or nothing.
    public OptionalLong readUnfinished(DataDirectory directory) {
        return read(directory, directory.snapshotDirectory().resolve(fileName + ".tmp"));
    }

    /// Replaces the epoch; durable when this returns.
    public void write(DataDirectory directory, long epoch) {
        Path path = path(directory);
        try {
            SmallFiles.write(
                    directory.disk(),
                    directory.snapshotDirectory(),
                    fileName,
                    Long.toString(epoch));
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "Cannot write "
                            + path
                            + ": "
                            + LogWriteException.describe(e)
                            + ". The server stops: it may only promise an epoch that it will"
                            + " remember. Check free space and health of the disk under dataDir.",
                    e);
        }
    }

    private OptionalLong read(DataDirectory directory, Path path) {
        Disk disk = directory.disk();
        try {
            if (disk.kind(path) == Disk.Kind.MISSING) {
                return OptionalLong.empty();
            }
            String text = SmallFiles.read(disk, path);
            String line = text.lines().findFirst().orElse("").strip();
            return OptionalLong.of(Long.parseLong(line));
        } catch (NumberFormatException e) {
            throw new DataDirectoryException(
                    path
                            + " does not hold a number. The server does not start, because it may"
                            + " have promised an epoch that it no longer knows. If the other servers"
                            + " form a quorum, move version-2 aside and start it again; it takes the"
                            + " epochs from the leader.",
                    e);
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "Cannot read " + path + ": " + LogWriteException.describe(e), e);
        }
    }

    private Path path(DataDirectory directory) {
        return directory.snapshotDirectory().resolve(fileName);
    }
}
