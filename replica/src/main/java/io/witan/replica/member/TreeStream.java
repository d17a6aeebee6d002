package io.witan.replica.member;

import io.witan.tree.SnapshotCursor;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.SnapshotStream;

/// The tree exactly as it was when this was made, as bytes, to be pulled in slices while the tree
/// goes on changing.
///
/// One that goes to a learner is the whole stream behind a SNAP packet, its signature included. One
/// that goes to disk is what stands in a snapshot file between its header and the end mark: what
/// the writer of such files takes.
public final class TreeStream {

    private final SnapshotCursor cursor;
    private final long zxid;
    private final boolean withEnd;

    private boolean begun;
    private boolean complete;

    private TreeStream(SnapshotCursor cursor, long zxid, boolean withEnd) {
        this.cursor = cursor;
        this.zxid = zxid;
        this.withEnd = withEnd;
    }

    static TreeStream toLearner(SnapshotCursor cursor, long zxid) {
        return new TreeStream(cursor, zxid, true);
    }

    /// For a file, of a tree whose last transaction is what its cursor says.
    public static TreeStream toDisk(SnapshotCursor cursor) {
        return toDisk(cursor, cursor.zxid());
    }

    static TreeStream toDisk(SnapshotCursor cursor, long zxid) {
        return new TreeStream(cursor, zxid, false);
    }

    /// The last transaction whose effects are in the stream.
    public long zxid() {
        return zxid;
    }

    /// The tree digest of this state; 0 where digests are off.
    public long digest() {
        return cursor.digest();
    }

    /// Whether digests are kept.
    public boolean hasDigest() {
        return cursor.hasDigest();
    }

    /// Appends about `bytesMax` more bytes, more only where one part cannot be cut. True when those
    /// were the last.
    public boolean advance(JuteWriter out, int bytesMax) {
        if (!begun) {
            begun = true;
            cursor.header(out);
            return false;
        }
        if (!complete && cursor.advance(out, bytesMax)) {
            complete = true;
            if (withEnd) {
                SnapshotStream.writeEnd(out);
            }
        }
        return complete;
    }

    public boolean isComplete() {
        return complete;
    }

    /// Images of changed znodes that wait for the next [#advance]: what a slow reader costs.
    public int pendingImages() {
        return cursor.pendingImages();
    }

    /// Bytes of memory held because the tree has changed meanwhile, about
    /// ([SnapshotCursor#pendingBytes]).
    public long pendingBytes() {
        return cursor.pendingBytes();
    }

    /// Ends it before its end; changes of the tree cost nothing more.
    public void abort() {
        cursor.abort();
    }
}
