package io.witan.replica.write;

import io.witan.tree.NodeDigest;
import io.witan.tree.OwnerKind;
import io.witan.tree.Znode;
import io.witan.tree.ZnodeTree;
import io.witan.wire.data.Acl;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The state that all transactions prepared so far will have left: the tree plus the znodes that
/// proposed, not yet applied transactions change. Knows nothing of what is allowed: [Preparation]
/// does.
final class TreeToCome {

    private final ZnodeTree tree;
    private final PendingZnodes pending;
    private final NodeDigest nodeDigest = new NodeDigest();

    /// Ephemerals that pending transactions create or delete, by the session that owns them.
    private final Map<Long, Set<PendingZnode>> pendingEphemerals = new LinkedHashMap<>();

    /// The tree's digest once everything prepared so far has been applied.
    private long digest;

    // Of the transaction in the making.
    private long zxid;
    private List<PendingZnode> touched = new ArrayList<>();

    /// What to put back if the multi in the making fails; null outside of one.
    private @Nullable List<Undo> undo;

    private long digestBeforeMulti;

    /// @param before null where the znode was not pending before
    private record Undo(PendingZnode znode, @Nullable PendingZnode before) {}

    TreeToCome(ZnodeTree tree) {
        this.tree = tree;
        this.pending = new PendingZnodes(tree);
        this.digest = tree.digest();
    }

    /// How many znodes have changes that wait to be applied.
    int pendingCount() {
        return pending.size();
    }

    long digest() {
        return digest;
    }

    /// What the transaction in the making changes.
    List<PendingZnode> touched() {
        return touched;
    }

    /// From now on changes are those of this transaction.
    void begin(long zxid) {
        this.zxid = zxid;
        touched = new ArrayList<>(2);
    }

    /// The tree now says all that `prepared` changes.
    void applied(Prepared prepared) {
        List<PendingZnode> changed = prepared.touched();
        for (int i = 0; i < changed.size(); i++) {
            PendingZnode znode = changed.get(i);
            if (znode.changedBy == prepared.header().zxid()) {
                pending.remove(znode);
                if (isEphemeral(znode)) {
                    forgetEphemeral(znode);
                }
            }
        }
    }

    // ---- multi

    void beginMulti() {
        undo = new ArrayList<>();
        digestBeforeMulti = digest;
    }

    /// As before [#beginMulti].
    void undoMulti() {
        List<Undo> changes = Objects.requireNonNull(undo, "outside of a multi");
        for (int i = changes.size() - 1; i >= 0; i--) {
            PendingZnode znode = changes.get(i).znode();
            PendingZnode before = changes.get(i).before();
            forgetEphemeral(znode);
            if (before == null) {
                pending.remove(znode);
                znode.changedBy = 0;
            } else {
                znode.become(before);
                if (znode.exists) {
                    rememberEphemeral(znode);
                }
            }
        }
        touched.clear();
        digest = digestBeforeMulti;
    }

    void endMulti() {
        undo = null;
    }

    // ---- look-up

    boolean exists(byte[] path) {
        int length = keyLength(path, path.length);
        PendingZnode znode = pending.find(path, 0, length);
        return znode != null ? znode.exists : tree.find(path, 0, length) != null;
    }

    @Nullable PendingZnode stateOf(byte[] path) {
        return stateOf(path, path.length);
    }

    /// The znode at the first `end` bytes of `path`, or null if there will be none.
    @Nullable PendingZnode stateOf(byte[] path, int end) {
        int length = keyLength(path, end);
        PendingZnode state = pending.find(path, 0, length);
        if (state != null) {
            return state.exists ? state : null;
        }
        Znode znode = tree.find(path, 0, length);
        return znode == null ? null : stateOf(znode, path, length);
    }

    private PendingZnode stateOf(Znode znode, byte[] path, int length) {
        byte[] key = length == path.length ? path : Arrays.copyOf(path, length);
        PendingZnode state =
                new PendingZnode(
                        key, pending.hash(key, 0, length), tree.acls().list(znode.aclKey()));
        state.exists = true;
        state.dataLength = znode.dataLength();
        state.czxid = znode.czxid();
        state.mzxid = znode.mzxid();
        state.pzxid = znode.pzxid();
        state.ctime = znode.ctime();
        state.mtime = znode.mtime();
        state.version = znode.version();
        state.cversion = znode.storedCversion();
        state.aversion = znode.aversion();
        state.owner = znode.storedOwner();
        state.childCount = znode.childCount();
        state.digest = znode.digest();
        return state;
    }

    /// The entry for a znode that is about to come into being; a pending delete may have left one.
    PendingZnode stateForNew(byte[] path, List<Acl> acl) {
        PendingZnode deleted = pending.find(path, 0, path.length);
        return deleted != null
                ? deleted
                : new PendingZnode(path, pending.hash(path, 0, path.length), acl);
    }

    /// What the session owns in the tree and in pending creates, without what pending deletes take
    /// away.
    List<byte[]> ephemeralsOf(long session) {
        List<byte[]> paths = new ArrayList<>();
        for (Znode znode : tree.sessions().ephemerals(session).toArray()) {
            byte[] path = znode.path();
            PendingZnode state = stateOf(path);
            if (state != null && state.owner == session) {
                paths.add(path);
            }
        }
        Set<PendingZnode> changing = pendingEphemerals.getOrDefault(session, Set.of());
        for (PendingZnode znode : changing) {
            if (znode.exists && znode.owner == session && !ownsInTree(session, znode.path)) {
                paths.add(znode.path);
            }
        }
        return paths;
    }

    private boolean ownsInTree(long session, byte[] path) {
        Znode znode = tree.find(path, 0, path.length);
        return znode != null && znode.storedOwner() == session;
    }

    boolean isEphemeral(PendingZnode znode) {
        return znode.owner != 0
                && OwnerKind.of(znode.owner, tree.settings()) == OwnerKind.EPHEMERAL;
    }

    /// `/` and the empty path are the same znode; pending znodes know it by the empty one.
    private static int keyLength(byte[] path, int length) {
        return length == 1 && path[0] == '/' ? 0 : length;
    }

    // ---- changes

    /// Called before the fields of `znode` are changed; then one of the methods below.
    void changing(PendingZnode znode) {
        if (undo != null) {
            undo.add(new Undo(znode, znode.changedBy == 0 ? null : znode.copy()));
        }
        if (znode.changedBy == 0) {
            pending.add(znode);
        }
        nodeDigest.remember(
                znode.czxid,
                znode.mzxid,
                znode.pzxid,
                znode.ctime,
                znode.mtime,
                znode.version,
                znode.cversion,
                znode.aversion,
                znode.owner);
        if (!znode.exists && isEphemeral(znode)) {
            forgetEphemeral(znode);
        }
    }

    /// Called after the fields of `znode` have been changed; `data` is what its data is now.
    void changed(PendingZnode znode, byte @Nullable [] data) {
        znode.dataLength = data == null ? 0 : data.length;
        touch(znode);
        if (hasDigest(znode)) {
            become(
                    znode,
                    nodeDigest.of(
                            znode.path,
                            0,
                            znode.path.length,
                            data,
                            znode.czxid,
                            znode.mzxid,
                            znode.pzxid,
                            znode.ctime,
                            znode.mtime,
                            znode.version,
                            znode.cversion,
                            znode.aversion,
                            znode.owner));
        }
    }

    /// As [#changed], where the data is the same: costs nothing for it, however long it is.
    /// Otherwise each create below a znode of a megabyte would cost a megabyte.
    void statChanged(PendingZnode znode) {
        touch(znode);
        if (hasDigest(znode)) {
            become(
                    znode,
                    nodeDigest.updated(
                            znode.digest,
                            znode.czxid,
                            znode.mzxid,
                            znode.pzxid,
                            znode.ctime,
                            znode.mtime,
                            znode.version,
                            znode.cversion,
                            znode.aversion,
                            znode.owner));
        }
    }

    /// As [#changed], for a znode that has come into being.
    void created(PendingZnode znode, byte @Nullable [] data) {
        changed(znode, data);
        rememberEphemeral(znode);
    }

    /// Called after [#changing]: the znode will be no more.
    void deleted(PendingZnode znode) {
        znode.exists = false;
        digest -= Integer.toUnsignedLong(znode.digest);
        znode.digest = 0;
        touch(znode);
    }

    private boolean hasDigest(PendingZnode znode) {
        return tree.settings().digest() && !NodeDigest.isExcluded(znode.path, 0, znode.path.length);
    }

    private void become(PendingZnode znode, int newDigest) {
        digest += Integer.toUnsignedLong(newDigest) - Integer.toUnsignedLong(znode.digest);
        znode.digest = newDigest;
    }

    private void touch(PendingZnode znode) {
        if (znode.changedBy != zxid) {
            znode.changedBy = zxid;
            touched.add(znode);
        }
    }

    private void rememberEphemeral(PendingZnode znode) {
        if (isEphemeral(znode)) {
            pendingEphemerals
                    .computeIfAbsent(znode.owner, owner -> new LinkedHashSet<>())
                    .add(znode);
        }
    }

    private void forgetEphemeral(PendingZnode znode) {
        Set<PendingZnode> znodes = pendingEphemerals.get(znode.owner);
        if (znodes != null) {
            znodes.remove(znode);
            if (znodes.isEmpty()) {
                pendingEphemerals.remove(znode.owner);
            }
        }
    }
}
