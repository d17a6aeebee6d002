package io.witan.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// One of the two epochs that a member of an ensemble remembers (client-and-disk, section 9.8):
/// decimal text, written atomically and durably. They live beside the snapshots.
public enum EpochFile {
    ACCEPTED("acceptedEpoch"),
    CURRENT("currentEpoch");

    private static final String PREPARED = ".new";

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
        return read(
                directory, directory.snapshotDirectory().resolve(fileName + SmallFiles.TEMPORARY));
    }

    /// Replaces the epoch; durable when this returns.
    public void write(DataDirectory directory, long epoch) {
        try {
            SmallFiles.write(
                    directory.disk(),
                    directory.snapshotDirectory(),
                    fileName,
                    Long.toString(epoch));
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        }
    }

    /// Writes the temporary file of [#write] durably, and goes no further: what the original looks
    /// for when the history is newer than currentEpoch (quorum, section 6.3).
    void prepare(DataDirectory directory, long epoch) {
        try {
            SmallFiles.create(
                    directory.disk(),
                    directory.snapshotDirectory(),
                    fileName + SmallFiles.TEMPORARY,
                    Long.toString(epoch));
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        }
    }

    /// Completes what [#prepare] began. Not by renaming: where a rename can get lost, both names
    /// can.
    void writePrepared(DataDirectory directory, long epoch) {
        try {
            SmallFiles.write(
                    directory.disk(),
                    directory.snapshotDirectory(),
                    fileName,
                    PREPARED,
                    Long.toString(epoch));
            removeUnfinished(directory);
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        }
    }

    /// Removes what writes have left, durably.
    void removeUnfinished(DataDirectory directory) throws IOException {
        Disk disk = directory.disk();
        for (String suffix : List.of(PREPARED, SmallFiles.TEMPORARY)) {
            Path temporary = directory.snapshotDirectory().resolve(fileName + suffix);
            if (disk.kind(temporary) != Disk.Kind.MISSING) {
                disk.delete(temporary);
            }
        }
        disk.syncDirectory(directory.snapshotDirectory());
    }

    Path path(DataDirectory directory) {
        return directory.snapshotDirectory().resolve(fileName);
    }

    private OptionalLong read(DataDirectory directory, Path path) {
        Disk disk = directory.disk();
        try {
            if (disk.kind(path) == Disk.Kind.MISSING) {
                return OptionalLong.empty();
            }
            String text = SmallFiles.read(disk, path);
            String line = text.lines().findFirst().orElse("").strip();
            long epoch = Long.parseLong(line);
            if (epoch < -1) {
                throw new NumberFormatException(line);
            }
            // The original writes -1 where it has no transaction and may not begin a database.
            return OptionalLong.of(Math.max(0, epoch));
        } catch (NumberFormatException e) {
            throw new DataDirectoryException(
                    path
                            + " does not hold a number: the server may have promised an epoch that"
                            + " it no longer knows",
                    e);
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "Cannot read " + path + ": " + LogWriteException.describe(e), e);
        }
    }

    private DataDirectoryException cannotWrite(DataDirectory directory, IOException cause) {
        return new DataDirectoryException(
                "Cannot write "
                        + path(directory)
                        + ": "
                        + LogWriteException.describe(cause)
                        + ". The server stops: it may only promise an epoch that it will"
                        + " remember. Check free space and health of the disk under dataDir.",
                cause);
    }
}
