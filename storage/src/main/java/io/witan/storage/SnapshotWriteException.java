package io.witan.storage;

import java.io.IOException;
import java.nio.file.Path;

/// A snapshot could not be written. The server can go on: the log holds everything, it only grows
/// until a snapshot succeeds.
public final class SnapshotWriteException extends StorageException {

    private static final long serialVersionUID = 1;

    public SnapshotWriteException(Path file, IOException cause) {
        super(
                "Cannot write snapshot "
                        + file
                        + ": "
                        + LogWriteException.describe(cause)
                        + ". The server goes on, nothing is lost: the transaction log holds what"
                        + " the snapshot would have held. Check free space, quota and health of the"
                        + " disk under dataDir; the next snapshot is tried in its turn.",
                cause);
    }
}
