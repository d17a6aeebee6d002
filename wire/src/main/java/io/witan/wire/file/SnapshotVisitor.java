package io.witan.wire.file;

import io.witan.wire.data.Acl;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Takes what a snapshot holds, in the order of the file or of the stream behind a SNAP packet:
/// sessions, ACL table, znodes with parents first, the digest if there is one. Whether the whole is
/// good is known only at its [#end]; if that does not come, everything given before is void.
///
/// A visitor that finds the content impossible (a znode without its parent, an ACL key without its
/// list) throws a [io.witan.wire.jute.DecodeException], and the snapshot counts as bad.
public interface SnapshotVisitor {

    void session(long id, int timeoutMillis);

    void acl(long key, @Nullable List<Acl> list);

    /// One znode. Path and data stand in `buffer` and are valid only during the call. The path is
    /// empty for the root, the data's length is -1 for null. `cversion` and `ephemeralOwner` are
    /// the stored ones.
    void znode(
            byte[] buffer,
            int pathOffset,
            int pathLength,
            int dataOffset,
            int dataLength,
            long aclKey,
            long czxid,
            long mzxid,
            long ctime,
            long mtime,
            int version,
            int cversion,
            int aversion,
            long ephemeralOwner,
            long pzxid);

    /// Digest of the tree after transaction `zxid`, which can be later than the zxid in the file's
    /// name (client-and-disk, section 9.6, step 6); zxid 0 = none known.
    default void digest(long zxid, int version, long treeDigest) {}

    /// Everything was given, and all seals hold (or the signature, in a stream).
    default void end() {}
}
