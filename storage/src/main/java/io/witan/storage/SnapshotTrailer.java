package io.witan.storage;

import org.jspecify.annotations.Nullable;

/// What stands behind the znodes of a snapshot (client-and-disk, section 9.4). Either part can be
/// missing: it was not known to older versions, and can be switched off.
///
/// @param lastProcessedZxid the last transaction whose effects are in the snapshot
public record SnapshotTrailer(@Nullable Digest digest, @Nullable Long lastProcessedZxid) {

    public static final SnapshotTrailer NONE = new SnapshotTrailer(null, null);

    /// Digest of the tree after `zxid`.
    public record Digest(long zxid, int version, long treeDigest) {}

    /// The zxid up to which the snapshot may hold effects, at least `nameZxid`.
    long effectsUpTo(long nameZxid) {
        long zxid = nameZxid;
        if (digest != null) {
            zxid = Math.max(zxid, digest.zxid());
        }
        if (lastProcessedZxid != null) {
            zxid = Math.max(zxid, lastProcessedZxid);
        }
        return zxid;
    }
}
