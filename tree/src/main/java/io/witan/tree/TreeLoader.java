package io.witan.tree;

import io.witan.wire.data.Acl;
import io.witan.wire.file.SnapshotVisitor;
import io.witan.wire.jute.DecodeException;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Fills a tree from a snapshot, in the order of the file: sessions, ACLs, znodes, digest. What
/// cannot be is a [DecodeException]; until the [#end], and after that exception, the tree is of no
/// use.
///
/// Snapshots made by the original are fuzzy: they may hold effects of transactions later than their
/// zxid. That needs no care here; replaying those transactions does no harm.
public final class TreeLoader implements SnapshotVisitor {

    private static final byte[] EMPTY = new byte[0];

    private final ZnodeTree tree;
    private final Znodes znodes;
    private final long zxid;

    /// From the file's ACL keys to those of this tree, in the order of the file.
    private final Map<Long, Integer> aclKeys = new LinkedHashMap<>();

    private long lastFileKey = AclTable.OPEN;
    private int lastKey = AclTable.OPEN;
    private boolean hasRoot;

    /// The parent of the znode before, `lastParentPath[0 .. lastParentLength)`: mostly that of the
    /// next one too.
    private int lastParent = Znodes.NONE;

    /// Whether that one's children are gathered, and put into their places when the last one has
    /// come. Most snapshots have the children of one parent one after the other.
    private boolean isGathering;

    private final NumberList gathered = new NumberList(16);

    private byte[] lastParentPath = EMPTY;
    private int lastParentLength;

    private long digestZxid;
    private long digest;

    TreeLoader(ZnodeTree tree, long zxid) {
        this.tree = tree;
        this.znodes = tree.znodes();
        this.zxid = zxid;
    }

    @Override
    public void session(long id, int timeoutMillis) {
        tree.sessions().add(id, timeoutMillis);
    }

    @Override
    public void acl(long key, @Nullable List<Acl> list) {
        Integer former = aclKeys.put(key, tree.acls().acquire(list));
        if (former != null) {
            throw new DecodeException("two ACLs with the key " + key);
        }
    }

    @Override
    public void znode(
            byte[] buf,
            int off,
            int len,
            int dataOff,
            int dataLen,
            long aclKey,
            long czxid,
            long mzxid,
            long ctime,
            long mtime,
            int version,
            int cversion,
            int aversion,
            long owner,
            long pzxid) {
        if (OwnerKind.isUnknownExtendedType(owner, tree.settings())) {
            throw new DecodeException(
                    "unknown extended type in the owner 0x" + Long.toHexString(owner));
        }
        int slash = off + len - 1;
        while (slash >= off && buf[slash] != '/') {
            slash--;
        }
        int nameLength = off + len - slash - 1;
        int parent = Znodes.NONE;
        if (len == 0) {
            if (hasRoot) {
                throw new DecodeException("the root stands twice in the snapshot");
            }
        } else {
            parent = slash < off || slash == off + 1 ? Znodes.NONE : parent(buf, off, slash - off);
            if (parent == Znodes.NONE || !hasRoot || nameLength == 0) {
                throw new DecodeException("no parent for " + text(buf, off, len));
            }
            if (!isGathering && znodes.child(parent, buf, slash + 1, nameLength) != Znodes.NONE) {
                throw new DecodeException("twice in the snapshot: " + text(buf, off, len));
            }
        }
        int key = aclKey(aclKey);
        tree.acls().retain(key);
        tree.loadedCzxid(czxid);
        int znode =
                znodes.load(
                        buf,
                        slash + 1,
                        nameLength,
                        dataOff,
                        dataLen,
                        key,
                        czxid,
                        mzxid,
                        ctime,
                        mtime,
                        version,
                        cversion,
                        aversion,
                        pzxid);
        if (len == 0) {
            tree.replaceRoot(znode);
            hasRoot = true;
        } else if (isGathering) {
            gathered.add(znode);
        } else {
            znodes.addChild(parent, znode);
        }
        int digestOfZnode =
                tree.settings().digest()
                        ? tree.nodeDigest()
                                .of(
                                        buf, off, len, dataOff, dataLen, czxid, mzxid, pzxid, ctime,
                                        mtime, version, cversion, aversion, owner)
                        : 0;
        tree.register(znode, owner, len + Math.max(0, dataLen), digestOfZnode);
    }

    /// All children of the parent before have come, or other znodes come in between.
    private void settle() {
        if (isGathering) {
            int twice = znodes.addChildren(lastParent, gathered.array(), gathered.size());
            if (twice != Znodes.NONE) {
                byte[] path = znodes.path(twice);
                throw new DecodeException("twice in the snapshot: " + text(path, 0, path.length));
            }
            gathered.clear();
        }
        isGathering = false;
    }

    /// The digest section, if the file has one.
    @Override
    public void digest(long snapshotZxid, int version, long treeDigest) {
        if (version == io.witan.wire.txn.TxnDigest.VERSION) {
            digestZxid = snapshotZxid;
            digest = treeDigest;
        }
    }

    /// Ends loading: the tree is at its zxid, which the file's name or the SNAP packet gives. A
    /// digest that is about this very zxid and does not match is counted
    /// ([ZnodeTree#digestMismatches]); that is a reason to say so, not one to stop.
    @Override
    public void end() {
        if (!hasRoot) {
            throw new DecodeException("the snapshot has no root");
        }
        settle();
        for (int key : aclKeys.values()) {
            tree.acls().release(key);
        }
        tree.addMissingSystemZnodes();
        tree.quotas().rebuild();
        tree.lastZxid(zxid);
        tree.loaded(digestZxid, digest);
    }

    private int aclKey(long fileKey) {
        if (fileKey == AclTable.OPEN) {
            return AclTable.OPEN;
        }
        if (fileKey != lastFileKey) {
            Integer key = aclKeys.get(fileKey);
            if (key == null) {
                throw new DecodeException("no ACL has the key " + fileKey);
            }
            lastFileKey = fileKey;
            lastKey = key;
        }
        return lastKey;
    }

    private int parent(byte[] buf, int off, int len) {
        if (lastParent != Znodes.NONE
                && lastParentLength == len
                && Arrays.equals(lastParentPath, 0, len, buf, off, off + len)) {
            return lastParent;
        }
        settle();
        lastParent = tree.number(buf, off, len);
        isGathering = lastParent != Znodes.NONE && znodes.childCount(lastParent) == 0;
        if (lastParentPath.length < len) {
            lastParentPath = new byte[len * 2];
        }
        System.arraycopy(buf, off, lastParentPath, 0, len);
        lastParentLength = len;
        return lastParent;
    }

    private static String text(byte[] buf, int off, int len) {
        return new String(buf, off, len, java.nio.charset.StandardCharsets.UTF_8);
    }
}
