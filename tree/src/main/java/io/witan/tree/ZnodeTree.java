package io.witan.tree;

import io.witan.tree.table.KeyHash;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.data.Perms;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnDigest;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The replicated state of a server: what every server holds equally at the same zxid.
///
/// Transactions are its only way to change, and [#apply] is the same code live and on replay, also
/// over a snapshot that already contains some of their effects (client-and-disk, section 8.5). It
/// decides nothing: whether a request is allowed was settled when its transaction was made.
///
/// One owner thread. Nothing here recurses by depth: a path may have half a million components.
public final class ZnodeTree {

    private static final byte[] ZOOKEEPER = ascii("/zookeeper");
    private static final byte[] QUOTA = ascii("/zookeeper/quota");
    private static final byte[] CONFIG = ascii("/zookeeper/config");

    /// What a znode takes in a snapshot beside its path and data (client-and-disk, section 9.4):
    /// two lengths, the key of its ACL, and its stat.
    private static final int SNAPSHOT_BYTES_EACH = 4 + 4 + 8 + 60;

    private static final byte[] NO_DATA = new byte[0];

    private static final List<Acl> ANYONE_READS = List.of(new Acl(Perms.READ, Id.ANYONE));

    private final TreeSettings settings;
    private final NodeDigest nodeDigest = new NodeDigest();
    private final AclTable acls = new AclTable();
    private final Sessions sessions;
    private final OwnedZnodes containers = new OwnedZnodes();
    private final OwnedZnodes ttlZnodes = new OwnedZnodes();
    private final Quotas quotas;
    private final DigestLog digestLog = new DigestLog();

    /// Snapshots being taken; nearly always empty.
    private final List<SnapshotCursor> cursors = new ArrayList<>();

    private Znode root;
    private int znodeCount;
    private long dataBytes;

    /// Sum of all znode digests.
    private long digest;

    private long lastZxid;

    /// The digest section of the snapshot that was loaded, while it waits for its zxid to be
    /// reached; zxid 0 if it does not.
    private long awaitedZxid;

    private long awaitedDigest;
    private long digestMismatches;

    /// A fresh database: the system znodes of section 6.2 and nothing else, at zxid 0.
    public ZnodeTree(TreeSettings settings) {
        this.settings = settings;
        this.sessions = new Sessions(settings.hashSeed());
        this.quotas = new Quotas(this, settings.hashSeed());
        this.root = Znode.root(NO_DATA, 0, 0, AclTable.OPEN);
        clear(root);
        addMissingSystemZnodes();
    }

    // Reading.

    public TreeSettings settings() {
        return settings;
    }

    public Znode root() {
        return root;
    }

    /// The znode at `buf[off .. off + len)`, null if there is none or the path is malformed. Both
    /// "" and "/" are the root.
    public @Nullable Znode find(byte[] buf, int off, int len) {
        if (len == 0) {
            return root;
        }
        if (buf[off] != '/') {
            return null;
        }
        if (len == 1) {
            return root;
        }
        int end = off + len;
        int start = off + 1;
        Znode znode = root;
        while (true) {
            int slash = start;
            while (slash < end && buf[slash] != '/') {
                slash++;
            }
            if (slash == start) {
                return null;
            }
            znode = znode.child(buf, start, slash - start);
            if (znode == null || slash == end) {
                return znode;
            }
            start = slash + 1;
        }
    }

    public @Nullable Znode find(byte[] path) {
        return find(path, 0, path.length);
    }

    /// The znode at `path[0 .. slash)`, for a path that is split there. Of "//a" there is none: "/"
    /// is a name of the root, but not as a part of another path.
    private @Nullable Znode parentAt(byte[] path, int slash) {
        return slash < 0 || slash == 1 ? null : find(path, 0, slash);
    }

    /// Zxid of the last transaction applied (lastProcessedZxid of the original).
    public long lastZxid() {
        return lastZxid;
    }

    public void lastZxid(long zxid) {
        lastZxid = zxid;
    }

    /// The tree digest (client-and-disk, section 8.4); 0 where digests are off.
    public long digest() {
        return digest;
    }

    /// Seeded hash of a path, for tables beside this one: clients must not be able to choose paths
    /// that all fall into one place.
    public int pathHash(byte[] buf, int off, int len) {
        return KeyHash.path(buf, off, len, settings.hashSeed());
    }

    /// All znodes, system znodes and the root included.
    public int znodeCount() {
        return znodeCount;
    }

    public int ephemeralCount() {
        return sessions.ephemeralCount();
    }

    /// Bytes of all paths and all data.
    public long approximateDataBytes() {
        return dataBytes;
    }

    /// About the length of a snapshot's file: paths and data, and what each znode has beside.
    public long approximateSnapshotBytes() {
        return dataBytes + (long) znodeCount * SNAPSHOT_BYTES_EACH;
    }

    public AclTable acls() {
        return acls;
    }

    public Sessions sessions() {
        return sessions;
    }

    public Quotas quotas() {
        return quotas;
    }

    public OwnedZnodes containers() {
        return containers;
    }

    public OwnedZnodes ttlZnodes() {
        return ttlZnodes;
    }

    /// Time to live of a znode of kind [OwnerKind#TTL].
    public long ttlMillis(Znode znode) {
        return OwnerKind.ttlMillis(znode.storedOwner(), settings);
    }

    public DigestLog digestLog() {
        return digestLog;
    }

    /// Number of znodes below this one, itself not counted.
    public int descendantCount(Znode znode) {
        if (znode == root) {
            return znodeCount - 1;
        }
        var counter = new SubtreeWalk(znode);
        int count = -1;
        while (counter.next() != null) {
            count++;
        }
        return count;
    }

    // Applying transactions.

    /// Applies one transaction and tells the listener what changed. Never fails because of what the
    /// transaction says: an op that cannot be applied has an error in the outcome and, as far as
    /// section 8.5 says so, no effect.
    public TxnOutcome apply(TxnHeader header, Txn txn, TreeListener listener) {
        TxnOutcome outcome =
                switch (txn) {
                    case Txn.Multi multi -> applyMulti(header, multi, listener);
                    case Txn.CreateSession create -> {
                        sessions.add(header.clientId(), create.timeOut());
                        yield TxnOutcome.of(header.type(), ErrorCode.OK, null);
                    }
                    case Txn.CloseSession close -> {
                        closeSession(header, close, listener);
                        yield TxnOutcome.of(header.type(), ErrorCode.OK, null);
                    }
                    default -> applyOne(header, header.type(), txn, listener);
                };
        if (header.zxid() > lastZxid) {
            lastZxid = header.zxid();
        }
        if (settings.digest()) {
            digestLog.applied(header.zxid(), digest);
        }
        return outcome;
    }

    private TxnOutcome applyMulti(TxnHeader header, Txn.Multi multi, TreeListener listener) {
        List<Txn.Op> ops = multi.ops();
        var parts = new ArrayList<TxnOutcome>(ops.size());
        boolean failed = false;
        for (int i = 0; i < ops.size(); i++) {
            failed |= ops.get(i).type() == OpCode.ERROR;
        }
        for (int i = 0; i < ops.size(); i++) {
            Txn.Op op = ops.get(i);
            if (failed) {
                int err = op.txn() instanceof Txn.Failed reason ? reason.err() : ErrorCode.OK;
                parts.add(TxnOutcome.of(op.type(), err, null));
            } else {
                TxnOutcome part = applyOne(header, op.type(), op.txn(), listener);
                Znode znode = part.znode();
                parts.add(
                        znode == null
                                ? part
                                : new TxnOutcome(
                                        part.type(),
                                        part.err(),
                                        znode,
                                        znode.stat(),
                                        part.parts()));
            }
        }
        return new TxnOutcome(header.type(), ErrorCode.OK, null, null, parts);
    }

    /// A transaction other than a multi or about a session, or an op of a multi.
    private TxnOutcome applyOne(TxnHeader header, int type, Txn txn, TreeListener listener) {
        long zxid = header.zxid();
        return switch (txn) {
            case Txn.Create create ->
                    create(
                            header,
                            type,
                            create.path(),
                            create.data(),
                            create.acl(),
                            create.ephemeral() ? header.clientId() : 0,
                            create.parentCversion(),
                            listener);
            case Txn.CreateContainer create ->
                    create(
                            header,
                            type,
                            create.path(),
                            create.data(),
                            create.acl(),
                            OwnerKind.CONTAINER_OWNER,
                            create.parentCversion(),
                            listener);
            case Txn.CreateTtl create ->
                    create(
                            header,
                            type,
                            create.path(),
                            create.data(),
                            create.acl(),
                            ttlOwner(create.ttl()),
                            create.parentCversion(),
                            listener);
            case Txn.Delete delete ->
                    TxnOutcome.of(type, delete(delete.path(), zxid, listener), null);
            case Txn.SetData set -> setData(header, type, set, listener);
            case Txn.SetAcl set -> setAcl(type, set);
            case Txn.CheckVersion _ -> TxnOutcome.of(type, ErrorCode.OK, null);
            case Txn.Failed failed -> TxnOutcome.of(type, failed.err(), null);
            // The codec lets none of these into a multi.
            case Txn.Multi _ -> TxnOutcome.of(type, ErrorCode.BAD_ARGUMENTS, null);
            case Txn.CreateSession _ -> TxnOutcome.of(type, ErrorCode.BAD_ARGUMENTS, null);
            case Txn.CloseSession _ -> TxnOutcome.of(type, ErrorCode.BAD_ARGUMENTS, null);
        };
    }

    /// A 3.9 leader lets some times to live pass on which every 3.9 server stops; the znode becomes
    /// a persistent one instead (client-and-disk, section 13.3).
    private static long ttlOwner(long ttl) {
        return ttl < 0 || ttl > OwnerKind.TTL_MILLIS_MAX ? 0 : OwnerKind.TTL_OWNER | ttl;
    }

    private TxnOutcome create(
            TxnHeader header,
            int type,
            byte[] path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            long owner,
            int parentCversion,
            TreeListener listener) {
        int slash = lastSlash(path);
        Znode parent = parentAt(path, slash);
        if (parent == null) {
            return TxnOutcome.of(type, ErrorCode.NO_NODE, null);
        }
        int nameLength = path.length - slash - 1;
        if (nameLength == 0) {
            return TxnOutcome.of(type, ErrorCode.BAD_ARGUMENTS, null);
        }
        Znode existing = parent.child(path, slash + 1, nameLength);
        if (existing != null) {
            // A fuzzy snapshot has caught the znode, but perhaps not its ACL table.
            replaceAcl(existing, acl);
            if (type == OpCode.CREATE) {
                growCversion(parent, path, slash, parentCversion, header.zxid());
            }
            return TxnOutcome.of(type, ErrorCode.NODE_EXISTS, null);
        }
        growCversion(parent, path, slash, parentCversion, header.zxid());
        byte[] name = new byte[nameLength];
        System.arraycopy(path, slash + 1, name, 0, nameLength);
        Znode znode = new Znode(name, data, header.zxid(), header.time(), acls.acquire(acl));
        enter(znode, parent, owner, path, 0, path.length);
        if (!cursors.isEmpty()) {
            for (int i = 0; i < cursors.size(); i++) {
                cursors.get(i).added(znode);
            }
        }
        quotas.created(path, znode);
        listener.created(path, znode, parent, header.zxid());
        return TxnOutcome.of(type, ErrorCode.OK, znode);
    }

    /// The parent's number of creates only ever grows, so that sequence numbers are not used twice;
    /// replaying a create that a fuzzy snapshot already contains must not turn it back.
    private void growCversion(Znode parent, byte[] path, int slash, int parentCversion, long zxid) {
        int cversion = parentCversion == -1 ? parent.storedCversion() + 1 : parentCversion;
        if (cversion > parent.storedCversion()) {
            preserve(parent);
            nodeDigest.remember(parent);
            parent.setStoredCversion(cversion);
            parent.setPzxid(zxid);
            statChanged(parent, path, slash);
        }
    }

    private int delete(byte[] path, long zxid, TreeListener listener) {
        int slash = lastSlash(path);
        Znode parent = parentAt(path, slash);
        if (parent == null || slash + 1 == path.length) {
            return ErrorCode.NO_NODE;
        }
        if (zxid > parent.pzxid()) {
            preserve(parent);
            nodeDigest.remember(parent);
            parent.setPzxid(zxid);
            statChanged(parent, path, slash);
        }
        Znode znode = parent.child(path, slash + 1, path.length - slash - 1);
        if (znode == null) {
            return ErrorCode.NO_NODE;
        }
        boolean subtree = znode.childCount() > 0;
        if (subtree) {
            deleteBelow(znode, path.length);
        }
        preserve(znode);
        int aclKey = znode.aclKey();
        leave(znode, path.length);
        parent.removeChild(znode);
        if (subtree) {
            quotas.rebuild();
        } else {
            quotas.deleted(path, znode);
        }
        listener.deleted(path, aclKey, parent, zxid);
        acls.release(aclKey);
        return ErrorCode.OK;
    }

    /// Only over a fuzzy snapshot can a znode that is deleted have children: they were created
    /// later, after this znode itself had been created again, and the log will bring them back.
    private void deleteBelow(Znode top, int topPathLength) {
        var below = new ArrayList<Znode>();
        var walk = new SubtreeWalk(top);
        for (Znode znode = walk.next(); znode != null; znode = walk.next()) {
            if (znode != top) {
                preserve(znode);
                int aclKey = znode.aclKey();
                leave(znode, topPathLength + walk.pathLength());
                acls.release(aclKey);
                below.add(znode);
            }
        }
        below.forEach(Znode::forgetChildren);
        top.forgetChildren();
    }

    private TxnOutcome setData(TxnHeader header, int type, Txn.SetData set, TreeListener listener) {
        Znode znode = find(set.path());
        if (znode == null) {
            return TxnOutcome.of(type, ErrorCode.NO_NODE, null);
        }
        preserve(znode);
        int formerLength = znode.dataLength();
        znode.setData(set.data(), set.version(), header.zxid(), header.time());
        dataBytes += znode.dataLength() - formerLength;
        if (settings.digest()) {
            setDigest(znode, nodeDigest.of(set.path(), 0, set.path().length, znode));
        }
        quotas.dataChanged(set.path(), znode.dataLength() - formerLength);
        listener.dataChanged(set.path(), znode, header.zxid());
        return TxnOutcome.of(type, ErrorCode.OK, znode);
    }

    private TxnOutcome setAcl(int type, Txn.SetAcl set) {
        Znode znode = find(set.path());
        if (znode == null) {
            return TxnOutcome.of(type, ErrorCode.NO_NODE, null);
        }
        replaceAcl(znode, set.acl());
        nodeDigest.remember(znode);
        znode.setAcl(znode.aclKey(), set.version());
        statChanged(znode, set.path(), set.path().length);
        return TxnOutcome.of(type, ErrorCode.OK, znode);
    }

    private void replaceAcl(Znode znode, @Nullable List<Acl> acl) {
        preserve(znode);
        int former = znode.aclKey();
        znode.setAclKey(acls.acquire(acl));
        acls.release(former);
    }

    private void closeSession(TxnHeader header, Txn.CloseSession close, TreeListener listener) {
        List<byte[]> paths = close.paths();
        if (paths != null) {
            for (int i = 0; i < paths.size(); i++) {
                delete(paths.get(i), header.zxid(), listener);
            }
        }
        for (Znode znode : sessions.ephemerals(header.clientId()).toArray()) {
            if (!znode.isDeleted()) {
                delete(znode.path(), header.zxid(), listener);
            }
        }
        sessions.remove(header.clientId());
    }

    // Sums, indexes and digests that follow every change.

    /// Hangs a new znode below its parent and into all indexes. `buf[off .. off + len)` is its
    /// path.
    void enter(Znode znode, Znode parent, long owner, byte[] buf, int off, int len) {
        parent.addChild(znode, settings.hashSeed());
        register(znode, owner, buf, off, len);
    }

    /// As [#enter], for a znode that its parent has already.
    void register(Znode znode, long owner, byte[] buf, int off, int len) {
        if (owner != 0) {
            OwnerKind kind = OwnerKind.of(owner, settings);
            znode.setOwner(owner, kind);
            switch (kind) {
                case EPHEMERAL -> sessions.addEphemeral(znode);
                case CONTAINER -> containers.add(znode);
                case TTL -> ttlZnodes.add(znode);
                case PERSISTENT -> {}
            }
        }
        znodeCount++;
        dataBytes += len + znode.dataLength();
        if (settings.digest()) {
            setDigest(znode, nodeDigest.of(buf, off, len, znode));
        }
    }

    /// Takes a znode out of all indexes, but not from its parent; its ACL is still to be released.
    private void leave(Znode znode, int pathLength) {
        switch (znode.kind()) {
            case EPHEMERAL -> sessions.removeEphemeral(znode);
            case CONTAINER -> containers.remove(znode);
            case TTL -> ttlZnodes.remove(znode);
            case PERSISTENT -> {}
        }
        znode.markDeleted();
        znodeCount--;
        dataBytes -= pathLength + znode.dataLength();
        digest -= znode.digest() & 0xFFFF_FFFFL;
        for (int i = 0; i < cursors.size(); i++) {
            cursors.get(i).removed(znode);
        }
    }

    /// The stat of a znode that was remembered has changed; `path[0 .. length)` is its path.
    private void statChanged(Znode znode, byte[] path, int length) {
        if (settings.digest() && !NodeDigest.isExcluded(path, 0, length)) {
            setDigest(znode, nodeDigest.updated(znode));
        }
    }

    private void setDigest(Znode znode, int newDigest) {
        digest += (newDigest & 0xFFFF_FFFFL) - (znode.digest() & 0xFFFF_FFFFL);
        znode.setDigest(newDigest);
    }

    /// Quota statistics: new data and nothing else. Always below `/zookeeper/`, so without a
    /// digest.
    void rewriteData(Znode znode, byte[] data) {
        preserve(znode);
        dataBytes += data.length - znode.dataLength();
        znode.rewriteData(data);
    }

    /// What an ensemble member does when it adopts a configuration: data, version and times of
    /// `/zookeeper/config` are set on this server without a transaction (client-and-disk, section
    /// 6.2).
    public void setConfig(byte[] data, long mzxid, long mtime) {
        Znode config = find(CONFIG);
        if (config == null) {
            addMissingSystemZnodes();
            config = java.util.Objects.requireNonNull(find(CONFIG));
        }
        preserve(config);
        dataBytes += data.length - config.dataLength();
        config.setData(data, -1, mzxid, mtime);
    }

    private void preserve(Znode znode) {
        for (int i = 0; i < cursors.size(); i++) {
            cursors.get(i).preserve(znode);
        }
    }

    // Digest checks.

    /// Compares the digest that came with the transaction just applied, by the rules of sections
    /// 8.4 and 9.6 (step 6). False on a mismatch, which is never a reason to stop: digests made by
    /// 3.9 can be wrong.
    public boolean matches(@Nullable TxnDigest expected) {
        long wanted;
        if (awaitedZxid != 0) {
            if (lastZxid < awaitedZxid) {
                return true;
            }
            boolean reached = lastZxid == awaitedZxid;
            wanted = awaitedDigest;
            awaitedZxid = 0;
            if (!reached) {
                return true;
            }
        } else if (expected != null && expected.version() == TxnDigest.VERSION) {
            wanted = expected.treeDigest();
        } else {
            return true;
        }
        if (!settings.digest() || wanted == digest) {
            return true;
        }
        digestMismatches++;
        return false;
    }

    public long digestMismatches() {
        return digestMismatches;
    }

    /// The digest section of the snapshot just loaded. If it is about this very zxid and does not
    /// match, that is counted; if it is about a later one, [#matches] waits for it.
    void loaded(long snapshotZxid, long snapshotDigest) {
        awaitedZxid = 0;
        if (!settings.digest() || snapshotZxid == 0 || snapshotZxid < lastZxid) {
            return;
        }
        if (snapshotZxid > lastZxid) {
            awaitedZxid = snapshotZxid;
            awaitedDigest = snapshotDigest;
        } else if (snapshotDigest != digest) {
            digestMismatches++;
        }
    }

    // Snapshots and loading.

    /// A snapshot of the state as it is now, to be read in slices while transactions go on. Any
    /// number may be open at once; each costs a little on every change until it is complete or
    /// aborted.
    public SnapshotCursor snapshot() {
        var cursor = new SnapshotCursor(this);
        cursors.add(cursor);
        return cursor;
    }

    void close(SnapshotCursor cursor) {
        cursors.remove(cursor);
    }

    /// Empties this tree and returns what fills it from a snapshot of the state after `zxid`. Open
    /// snapshots are aborted.
    public TreeLoader loader(long zxid) {
        Znode placeholder = Znode.root(NO_DATA, 0, 0, AclTable.OPEN);
        clear(placeholder);
        return new TreeLoader(this, zxid);
    }

    /// Back to a fresh database at zxid 0. Open snapshots are aborted.
    public void reset() {
        clear(Znode.root(NO_DATA, 0, 0, AclTable.OPEN));
        addMissingSystemZnodes();
    }

    private void clear(Znode newRoot) {
        while (!cursors.isEmpty()) {
            cursors.getLast().abort();
        }
        acls.clear();
        sessions.clear();
        containers.clear();
        ttlZnodes.clear();
        quotas.clear();
        digestLog.clear();
        dataBytes = 0;
        digest = 0;
        lastZxid = 0;
        awaitedZxid = 0;
        znodeCount = 0;
        root = newRoot;
        register(root, 0, NO_DATA, 0, 0);
    }

    /// The root as a snapshot has it, instead of the placeholder; before any other znode.
    void replaceRoot(Znode newRoot, long owner) {
        leave(root, 0);
        root = newRoot;
        register(root, owner, NO_DATA, 0, 0);
    }

    /// Snapshots of servers before 3.5 have no `/zookeeper/config`; nobody else lacks any.
    void addMissingSystemZnodes() {
        if (find(ZOOKEEPER) == null) {
            addSystemZnode(ZOOKEEPER, AclTable.OPEN);
        }
        if (find(QUOTA) == null) {
            addSystemZnode(QUOTA, AclTable.OPEN);
        }
        if (find(CONFIG) == null) {
            addSystemZnode(CONFIG, acls.acquire(ANYONE_READS)).setAcl(keyOfConfig(), -1);
        }
    }

    private int keyOfConfig() {
        return java.util.Objects.requireNonNull(find(CONFIG)).aclKey();
    }

    private Znode addSystemZnode(byte[] path, int aclKey) {
        int slash = lastSlash(path);
        Znode parent = java.util.Objects.requireNonNull(find(path, 0, slash));
        byte[] name = java.util.Arrays.copyOfRange(path, slash + 1, path.length);
        Znode znode = new Znode(name, NO_DATA, 0, 0, aclKey);
        enter(znode, parent, 0, path, 0, path.length);
        return znode;
    }

    static int lastSlash(byte[] path) {
        int i = path.length - 1;
        while (i >= 0 && path[i] != '/') {
            i--;
        }
        return i;
    }

    static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
