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
    private static final TxnHeader NO_TXN = new TxnHeader(0, 0, 0, 0, 0);

    /// How many of the znodes buried each transaction frees, beside twice as many as it buries.
    private static final int DUG_EACH = 16;

    private static final List<Acl> ANYONE_READS = List.of(new Acl(Perms.READ, Id.ANYONE));

    private final TreeSettings settings;
    private final NodeDigest nodeDigest = new NodeDigest();
    private final AclTable acls = new AclTable();
    private final Znodes znodes;
    private final Sessions sessions;
    private final OwnedZnodes containers;
    private final OwnedZnodes ttlZnodes;
    private final Quotas quotas;
    private final DigestLog digestLog = new DigestLog();

    /// Snapshots being taken; nearly always empty.
    private final List<SnapshotCursor> cursors = new ArrayList<>();

    /// Znodes deleted while a snapshot was being taken: it may still need them, and their numbers
    /// must stay theirs until it is complete.
    private final NumberQueue buried = new NumberQueue();

    /// Those buried by transactions before this one.
    private long buriedBefore;

    /// Znodes created by later transactions are in no snapshot that is being taken.
    private long snapshotCzxidMax;

    /// The latest creation that a snapshot loaded here said; a fuzzy one may be ahead of its zxid.
    private long loadedCzxidMax;

    private int root;
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
        this.znodes = new Znodes(settings.hashSeed());
        this.sessions = new Sessions(znodes, settings.hashSeed());
        this.containers = new OwnedZnodes(znodes);
        this.ttlZnodes = new OwnedZnodes(znodes);
        this.quotas = new Quotas(this, znodes, settings.hashSeed());
        clear();
        addMissingSystemZnodes();
    }

    // Reading.

    public TreeSettings settings() {
        return settings;
    }

    public Znode root() {
        return new Znode(znodes, root);
    }

    /// The znode at `buf[off .. off + len)`, null if there is none or the path is malformed. Both
    /// "" and "/" are the root.
    public @Nullable Znode find(byte[] buf, int off, int len) {
        int number = number(buf, off, len);
        return number == Znodes.NONE ? null : new Znode(znodes, number);
    }

    public @Nullable Znode find(byte[] path) {
        return find(path, 0, path.length);
    }

    Znodes znodes() {
        return znodes;
    }

    /// Znodes that are no longer in the tree and still have their numbers.
    int buriedCount() {
        return buried.size();
    }

    /// Those of what is being loaded.
    NodeDigest nodeDigest() {
        return nodeDigest;
    }

    int rootNumber() {
        return root;
    }

    /// As [#find(byte[], int, int)]; [Znodes#NONE] if there is none.
    int number(byte[] buf, int off, int len) {
        if (len == 0) {
            return root;
        }
        if (buf[off] != '/') {
            return Znodes.NONE;
        }
        if (len == 1) {
            return root;
        }
        int end = off + len;
        int start = off + 1;
        int znode = root;
        while (true) {
            int slash = start;
            while (slash < end && buf[slash] != '/') {
                slash++;
            }
            if (slash == start) {
                return Znodes.NONE;
            }
            znode = znodes.child(znode, buf, start, slash - start);
            if (znode == Znodes.NONE || slash == end) {
                return znode;
            }
            start = slash + 1;
        }
    }

    /// The znode at `path[0 .. slash)`, for a path that is split there. Of "//a" there is none: "/"
    /// is a name of the root, but not as a part of another path.
    private int parentAt(byte[] path, int slash) {
        return slash < 0 || slash == 1 ? Znodes.NONE : number(path, 0, slash);
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
        if (znode.number == root) {
            return znodeCount - 1;
        }
        var counter = new SubtreeWalk(znodes, znode.number);
        int count = -1;
        while (counter.next() != Znodes.NONE) {
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
        if (!buried.isEmpty()) {
            dig();
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
        int parent = parentAt(path, slash);
        if (parent == Znodes.NONE) {
            return TxnOutcome.of(type, ErrorCode.NO_NODE, null);
        }
        int nameLength = path.length - slash - 1;
        if (nameLength == 0) {
            return TxnOutcome.of(type, ErrorCode.BAD_ARGUMENTS, null);
        }
        int existing = znodes.child(parent, path, slash + 1, nameLength);
        if (existing != Znodes.NONE) {
            // A fuzzy snapshot has caught the znode, but perhaps not its ACL table.
            replaceAcl(existing, acl);
            if (type == OpCode.CREATE) {
                growCversion(parent, path, slash, parentCversion, header.zxid());
            }
            return TxnOutcome.of(type, ErrorCode.NODE_EXISTS, null);
        }
        growCversion(parent, path, slash, parentCversion, header.zxid());
        int znode =
                znodes.add(
                        path,
                        slash + 1,
                        nameLength,
                        data,
                        header.zxid(),
                        header.time(),
                        acls.acquire(acl));
        znodes.addChild(parent, znode);
        register(znode, owner, path.length + length(data), digestOf(path, data, header, owner));
        if (!cursors.isEmpty()) {
            for (int i = 0; i < cursors.size(); i++) {
                cursors.get(i).added(znode);
            }
        }
        quotas.created(path, znode);
        listener.created(path, znodes.aclKey(znode), znodes.aclKey(parent), header.zxid());
        return TxnOutcome.of(type, ErrorCode.OK, new Znode(znodes, znode));
    }

    /// The parent's number of creates only ever grows, so that sequence numbers are not used twice;
    /// replaying a create that a fuzzy snapshot already contains must not turn it back.
    private void growCversion(int parent, byte[] path, int slash, int parentCversion, long zxid) {
        int stored = znodes.storedCversion(parent);
        int cversion = parentCversion == -1 ? stored + 1 : parentCversion;
        if (cversion > stored) {
            preserve(parent);
            remember(parent);
            znodes.setStoredCversion(parent, cversion);
            znodes.setPzxid(parent, zxid);
            statChanged(parent, path, slash);
        }
    }

    private int delete(byte[] path, long zxid, TreeListener listener) {
        int slash = lastSlash(path);
        int parent = parentAt(path, slash);
        if (parent == Znodes.NONE || slash + 1 == path.length) {
            return ErrorCode.NO_NODE;
        }
        if (zxid > znodes.pzxid(parent)) {
            preserve(parent);
            remember(parent);
            znodes.setPzxid(parent, zxid);
            statChanged(parent, path, slash);
        }
        int znode = znodes.child(parent, path, slash + 1, path.length - slash - 1);
        if (znode == Znodes.NONE) {
            return ErrorCode.NO_NODE;
        }
        boolean subtree = znodes.childCount(znode) > 0;
        if (subtree) {
            deleteBelow(znode, path.length);
        }
        preserve(znode);
        int aclKey = znodes.aclKey(znode);
        int dataLength = znodes.dataLength(znode);
        leave(znode, path.length);
        znodes.removeChild(parent, znode);
        bury(znode);
        if (subtree) {
            quotas.rebuild();
        } else {
            quotas.deleted(path, dataLength);
        }
        listener.deleted(path, aclKey, znodes.aclKey(parent), zxid);
        acls.release(aclKey);
        return ErrorCode.OK;
    }

    /// Only over a fuzzy snapshot can a znode that is deleted have children: they were created
    /// later, after this znode itself had been created again, and the log will bring them back.
    private void deleteBelow(int top, int topPathLength) {
        var below = new NumberList(16);
        var walk = new SubtreeWalk(znodes, top);
        for (int znode = walk.next(); znode != Znodes.NONE; znode = walk.next()) {
            if (znode != top) {
                preserve(znode);
                below.add(znode);
            }
        }
        // Not before all are preserved: a snapshot is given the line of a znode's ancestors.
        walk = new SubtreeWalk(znodes, top);
        for (int znode = walk.next(); znode != Znodes.NONE; znode = walk.next()) {
            if (znode != top) {
                int aclKey = znodes.aclKey(znode);
                leave(znode, topPathLength + walk.pathLength());
                acls.release(aclKey);
            }
        }
        for (int i = 0; i < below.size(); i++) {
            znodes.forgetChildren(below.get(i));
        }
        znodes.forgetChildren(top);
        for (int i = 0; i < below.size(); i++) {
            bury(below.get(i));
        }
    }

    /// Frees a znode that is in no index any more, or keeps as much of it as a snapshot may need.
    private void bury(int znode) {
        if (cursors.isEmpty()) {
            znodes.free(znode);
            return;
        }
        if (znodes.czxid(znode) > snapshotCzxidMax) {
            znodes.vacate(znode);
        }
        buried.add(znode);
    }

    /// Frees some of what was deleted while former snapshots were being taken: not all at once,
    /// since it may be much, and more than is buried meanwhile.
    private void dig() {
        long end = cursors.isEmpty() ? buried.added() : cursors.getFirst().buriedBefore();
        long count = DUG_EACH + 2 * (buried.added() - buriedBefore);
        for (long i = 0; i < count && buried.removed() < end; i++) {
            znodes.recycle(buried.remove());
        }
        buriedBefore = buried.added();
    }

    /// Znodes ever deleted while a snapshot was being taken.
    long buriedEver() {
        return buried.added();
    }

    private TxnOutcome setData(TxnHeader header, int type, Txn.SetData set, TreeListener listener) {
        byte[] path = set.path();
        int znode = number(path, 0, path.length);
        if (znode == Znodes.NONE) {
            return TxnOutcome.of(type, ErrorCode.NO_NODE, null);
        }
        preserve(znode);
        int formerLength = znodes.dataLength(znode);
        znodes.setData(znode, set.data(), set.version(), header.zxid(), header.time());
        int growth = znodes.dataLength(znode) - formerLength;
        dataBytes += growth;
        if (settings.digest()) {
            setDigest(znode, nodeDigest.of(path, 0, path.length, znodes, znode));
        }
        quotas.dataChanged(path, growth);
        listener.dataChanged(path, znodes.aclKey(znode), header.zxid());
        return TxnOutcome.of(type, ErrorCode.OK, new Znode(znodes, znode));
    }

    private TxnOutcome setAcl(int type, Txn.SetAcl set) {
        int znode = number(set.path(), 0, set.path().length);
        if (znode == Znodes.NONE) {
            return TxnOutcome.of(type, ErrorCode.NO_NODE, null);
        }
        replaceAcl(znode, set.acl());
        remember(znode);
        znodes.setAcl(znode, znodes.aclKey(znode), set.version());
        statChanged(znode, set.path(), set.path().length);
        return TxnOutcome.of(type, ErrorCode.OK, new Znode(znodes, znode));
    }

    private void replaceAcl(int znode, @Nullable List<Acl> acl) {
        preserve(znode);
        int former = znodes.aclKey(znode);
        znodes.setAclKey(znode, acls.acquire(acl));
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

    /// The digest of a znode that was just created.
    private int digestOf(byte[] path, byte @Nullable [] data, TxnHeader header, long owner) {
        long zxid = header.zxid();
        long time = header.time();
        return settings.digest()
                ? nodeDigest.of(
                        path, 0, path.length, data, zxid, zxid, zxid, time, time, 0, 0, 0, owner)
                : 0;
    }

    private static int length(byte @Nullable [] data) {
        return data == null ? 0 : data.length;
    }

    /// Puts a new znode into all indexes. `bytes` are those of its path and its data.
    void register(int znode, long owner, int bytes, int newDigest) {
        if (owner != 0) {
            OwnerKind kind = OwnerKind.of(owner, settings);
            znodes.setOwner(znode, owner, kind);
            switch (kind) {
                case EPHEMERAL -> sessions.addEphemeral(znode);
                case CONTAINER -> containers.add(znode);
                case TTL -> ttlZnodes.add(znode);
                case PERSISTENT -> {}
            }
        }
        znodeCount++;
        dataBytes += bytes;
        if (newDigest != 0) {
            digest += newDigest & 0xFFFF_FFFFL;
            znodes.setDigest(znode, newDigest);
        }
    }

    /// Takes a znode out of all indexes, but not from its parent; its ACL is still to be released.
    private void leave(int znode, int pathLength) {
        switch (znodes.kind(znode)) {
            case EPHEMERAL -> sessions.removeEphemeral(znode);
            case CONTAINER -> containers.remove(znode);
            case TTL -> ttlZnodes.remove(znode);
            case PERSISTENT -> {}
        }
        znodes.markDeleted(znode);
        znodeCount--;
        dataBytes -= pathLength + znodes.dataLength(znode);
        digest -= znodes.digest(znode) & 0xFFFF_FFFFL;
        for (int i = 0; i < cursors.size(); i++) {
            cursors.get(i).removed(znode);
        }
    }

    /// The stat of a znode that was remembered has changed; `path[0 .. length)` is its path.
    private void statChanged(int znode, byte[] path, int length) {
        if (settings.digest() && !NodeDigest.isExcluded(path, 0, length)) {
            setDigest(znode, nodeDigest.updated(znodes, znode));
        }
    }

    private void setDigest(int znode, int newDigest) {
        digest += (newDigest & 0xFFFF_FFFFL) - (znodes.digest(znode) & 0xFFFF_FFFFL);
        znodes.setDigest(znode, newDigest);
    }

    private void remember(int znode) {
        if (settings.digest()) {
            nodeDigest.remember(znodes, znode);
        }
    }

    /// Quota statistics: new data and nothing else. Always below `/zookeeper/`, so without a
    /// digest.
    void rewriteData(int znode, byte[] data) {
        preserve(znode);
        dataBytes += data.length - znodes.dataLength(znode);
        znodes.replaceData(znode, data);
    }

    /// What an ensemble member does when it adopts a configuration: data, version and times of
    /// `/zookeeper/config` are set on this server without a transaction (client-and-disk, section
    /// 6.2).
    public void setConfig(byte[] data, long mzxid, long mtime) {
        if (find(CONFIG) == null) {
            addMissingSystemZnodes();
        }
        int config = number(CONFIG, 0, CONFIG.length);
        preserve(config);
        dataBytes += data.length - znodes.dataLength(config);
        znodes.setData(config, data, -1, mzxid, mtime);
    }

    private void preserve(int znode) {
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
        snapshotCzxidMax = Math.max(snapshotCzxidMax, Math.max(lastZxid, loadedCzxidMax));
        return cursor;
    }

    void close(SnapshotCursor cursor) {
        cursors.remove(cursor);
    }

    /// Empties this tree and returns what fills it from a snapshot of the state after `zxid`. Open
    /// snapshots are aborted.
    public TreeLoader loader(long zxid) {
        clear();
        return new TreeLoader(this, zxid);
    }

    /// Back to a fresh database at zxid 0. Open snapshots are aborted.
    public void reset() {
        clear();
        addMissingSystemZnodes();
    }

    /// Nothing but a root that a loader replaces.
    private void clear() {
        while (!cursors.isEmpty()) {
            cursors.getLast().abort();
        }
        buried.clear();
        snapshotCzxidMax = 0;
        loadedCzxidMax = 0;
        acls.clear();
        znodes.clear();
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
        root = znodes.add(NO_DATA, 0, 0, NO_DATA, 0, 0, AclTable.OPEN);
        register(root, 0, 0, digestOf(NO_DATA, NO_DATA, NO_TXN, 0));
    }

    /// The root as a snapshot has it, instead of the placeholder; before any other znode.
    void replaceRoot(int newRoot) {
        leave(root, 0);
        znodes.free(root);
        root = newRoot;
    }

    /// A snapshot that is loaded has a znode created by this transaction.
    void loadedCzxid(long czxid) {
        loadedCzxidMax = Math.max(loadedCzxidMax, czxid);
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
            int aclKey = acls.acquire(ANYONE_READS);
            znodes.setAcl(addSystemZnode(CONFIG, aclKey), aclKey, -1);
        }
    }

    private int addSystemZnode(byte[] path, int aclKey) {
        int slash = lastSlash(path);
        int parent = number(path, 0, slash);
        int znode = znodes.add(path, slash + 1, path.length - slash - 1, NO_DATA, 0, 0, aclKey);
        znodes.addChild(parent, znode);
        register(znode, 0, path.length, digestOf(path, NO_DATA, NO_TXN, 0));
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
