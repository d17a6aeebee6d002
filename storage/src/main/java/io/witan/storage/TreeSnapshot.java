package io.witan.storage;

/// A snapshot of the tree on its way to an [EnsembleStore]: the bytes of the stream (sessions, ACL
/// table, znodes) with [#write], then [#finish]. Given up with [#close] before that, nothing of it
/// remains.
public final class TreeSnapshot implements AutoCloseable {

    /// What makes the complete file count.
    interface Completion {
        boolean complete(SnapshotWriter writer);
    }

    private final SnapshotWriter writer;
    private final Completion completion;
    private final boolean replaces;

    private TreeSnapshot(SnapshotWriter writer, Completion completion, boolean replaces) {
        this.writer = writer;
        this.completion = completion;
        this.replaces = replaces;
    }

    static TreeSnapshot periodic(SnapshotWriter writer, Completion completion) {
        return new TreeSnapshot(writer, completion, false);
    }

    static TreeSnapshot replacing(SnapshotWriter writer, Completion completion) {
        return new TreeSnapshot(writer, completion, true);
    }

    /// Adds bytes of the stream.
    public void write(byte[] bytes, int offset, int length) {
        try {
            writer.write(bytes, offset, length);
        } catch (SnapshotWriteException e) {
            throw explained(e);
        }
    }

    /// Completes the snapshot; it counts, durably, when this returns true.
    ///
    /// @return false if the history on disk has changed since it was begun (a truncation, a tree
    ///   from the leader): then nothing of it remains
    public boolean finish(SnapshotTrailer trailer) {
        try {
            writer.complete(trailer);
            boolean counts = completion.complete(writer);
            if (!counts) {
                writer.close();
            }
            return counts;
        } catch (SnapshotWriteException e) {
            throw explained(e);
        }
    }

    /// Bytes of the stream so far.
    public long uncompressedBytes() {
        return writer.uncompressedBytes();
    }

    @Override
    public void close() {
        writer.close();
    }

    /// A server can do without a snapshot of its own, but not without the one from its leader.
    private StorageException explained(SnapshotWriteException e) {
        return replaces
                ? new DataDirectoryException(
                        "The snapshot that the leader sent cannot be stored. The server stops; what"
                                + " it had before is unchanged, or replaced as a whole, and started"
                                + " again it synchronises anew. Check free space, quota and health"
                                + " of the disk under dataDir. "
                                + e.getMessage(),
                        e)
                : e;
    }
}
