package io.witan.replica.write;

import io.witan.replica.auth.Access;
import io.witan.replica.auth.AclExpansion;
import io.witan.tree.OwnerKind;
import io.witan.tree.QuotaRoot;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.CreateFlags;
import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.PathRules;
import io.witan.wire.client.SequentialName;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Perms;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnDigest;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Turns requests for change into transactions, as only a leader may: each gets the next zxid, is
/// checked against the state that all transactions before it will have left, and becomes either the
/// transaction that brings about the change or one that records its failure (client-and-disk,
/// sections 3.3 to 3.16 and 8.1).
///
/// That state is [TreeToCome]. Owned by the core's thread.
public final class Preparation {

    private static final byte[] CONFIG = ascii("/zookeeper/config");

    private static final List<byte[]> SYSTEM_ZNODES =
            List.of(ascii("/"), ascii("/zookeeper"), ascii("/zookeeper/quota"), CONFIG);

    /// To clients "any version"; the version that `/zookeeper/config` always has.
    private static final int ANY_VERSION = -1;

    private final ZnodeTree tree;
    private final Access access;
    private final WriteRules rules;
    private final @Nullable MembershipRules membership;

    private final TreeToCome toCome;
    private final AclExpansion aclExpansion = new AclExpansion();

    /// The zxid given out last.
    private long lastZxid;

    // Of the transaction in the making.
    private long zxid;
    private long timeMillis;

    /// @param membership null for a server that stands alone
    public Preparation(
            ZnodeTree tree, Access access, WriteRules rules, @Nullable MembershipRules membership) {
        this.tree = tree;
        this.access = access;
        this.rules = rules;
        this.membership = membership;
        this.toCome = new TreeToCome(tree);
        this.lastZxid = tree.lastZxid();
    }

    /// The zxid given out last, or that of the tree where none has been yet.
    public long lastZxid() {
        return lastZxid;
    }

    /// How many znodes have changes that wait to be applied.
    public int pendingCount() {
        return toCome.pendingCount();
    }

    /// Makes the transaction for `request`.
    ///
    /// @param cxid the request's xid, 0 for the server's own
    /// @param type the request's type
    public Prepared prepare(
            WriteRequest request, Requester requester, int cxid, int type, long wallMillis) {
        zxid = ++lastZxid;
        timeMillis = wallMillis;
        toCome.begin(zxid);
        aclExpansion.reset();
        Txn txn = transactionFor(request, requester);
        boolean failed = txn instanceof Txn.Failed;
        var header =
                new TxnHeader(
                        requester.sessionId(),
                        cxid,
                        zxid,
                        wallMillis,
                        failed ? OpCode.ERROR : type);
        TxnDigest after =
                failed || !tree.settings().digest()
                        ? null
                        : new TxnDigest(TxnDigest.VERSION, toCome.digest());
        return new Prepared(header, txn, after, toCome.touched());
    }

    /// The tree now says all that `prepared` changes.
    public void applied(Prepared prepared) {
        toCome.applied(prepared);
    }

    private Txn transactionFor(WriteRequest request, Requester requester) {
        return switch (request) {
            case WriteRequest.Create create -> create(create, create.type(), requester);
            case WriteRequest.SetData set -> setData(set, requester);
            case WriteRequest.Delete delete -> delete(delete, requester);
            case WriteRequest.SetAcl set -> setAcl(set, requester);
            case WriteRequest.Check check -> check(check, requester);
            case WriteRequest.Multi multi -> multi(multi, requester);
            case WriteRequest.MalformedMulti _ -> refuse(ErrorCode.MARSHALLING_ERROR);
            case WriteRequest.Refused refused -> refuse(refused.err());
            case WriteRequest.DeleteContainer delete -> deleteContainer(delete);
            case WriteRequest.CreateSession create -> new Txn.CreateSession(create.timeoutMillis());
            case WriteRequest.CloseSession _ -> closeSession(requester);
            case WriteRequest.Reconfig reconfig -> reconfig(reconfig, requester);
        };
    }

    // ---- create

    /// @param type what it amounts to; within a multi this can differ from the request's own type
    private Txn create(WriteRequest.Create request, int type, Requester requester) {
        CreateRequest body = request.body();
        int flags = body.flags();
        int err =
                WriteRequest.refusalOfKind(
                        type, flags, body.ttl(), tree.settings().extendedTypes());
        if (err != ErrorCode.OK) {
            return refuse(err);
        }
        boolean container = type == OpCode.CREATE_CONTAINER;
        boolean ephemeral = CreateFlags.isEphemeral(flags) && !container;
        err = requester.refusalOfSession();
        if (err != ErrorCode.OK) {
            return refuse(err);
        }
        if (ephemeral && requester.isLocal()) {
            return refuse(ErrorCode.SESSION_EXPIRED);
        }
        byte[] requested = body.path();
        if (requested == null) {
            return refuse(ErrorCode.MARSHALLING_ERROR);
        }
        int slash = lastSlash(requested);
        if (slash < 0 || containsNul(requested)) {
            return refuse(ErrorCode.BAD_ARGUMENTS);
        }
        List<Acl> acl = access.stored(body.acl(), requester.ids(), aclExpansion);
        if (acl == null) {
            return refuse(refusalOfAcl(body.acl(), requester));
        }
        PendingZnode parent = toCome.stateOf(requested, slash);
        if (parent == null) {
            return refuse(ErrorCode.NO_NODE);
        }
        if (!access.allows(parent.acl, Perms.CREATE, requester.ids())) {
            return refuse(ErrorCode.NO_AUTH);
        }
        byte[] path =
                CreateFlags.isSequential(flags)
                        ? SequentialName.of(requested, parent.cversion)
                        : requested;
        if (!PathRules.isValid(path)) {
            return refuse(ErrorCode.BAD_ARGUMENTS);
        }
        if (toCome.exists(path)) {
            return refuse(ErrorCode.NODE_EXISTS);
        }
        if (toCome.isEphemeral(parent)) {
            return refuse(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS);
        }
        byte[] data = body.data();
        int size = data == null ? 0 : data.length;
        if (rules.enforceQuota() && exceedsQuota(path, 1, size)) {
            return refuse(ErrorCode.QUOTA_EXCEEDED);
        }
        return createTxn(type, path, data, acl, ephemeral, body.ttl(), parent, requester);
    }

    private Txn createTxn(
            int type,
            byte[] path,
            byte @Nullable [] data,
            List<Acl> acl,
            boolean ephemeral,
            long ttl,
            PendingZnode parent,
            Requester requester) {
        int parentCversion = parent.cversion + 1;
        long owner = 0;
        Txn txn;
        switch (type) {
            case OpCode.CREATE_CONTAINER -> {
                owner = OwnerKind.CONTAINER_OWNER;
                txn = new Txn.CreateContainer(path, data, acl, parentCversion);
            }
            case OpCode.CREATE_TTL -> {
                owner = OwnerKind.TTL_OWNER | ttl;
                txn = new Txn.CreateTtl(path, data, acl, parentCversion, ttl);
            }
            default -> {
                owner = ephemeral ? requester.sessionId() : 0;
                txn = new Txn.Create(path, data, acl, ephemeral, parentCversion);
            }
        }
        toCome.changing(parent);
        if (parentCversion > parent.cversion) {
            parent.cversion = parentCversion;
            parent.pzxid = zxid;
        }
        parent.childCount++;
        toCome.statChanged(parent);

        PendingZnode znode = toCome.stateForNew(path, acl);
        toCome.changing(znode);
        znode.exists = true;
        znode.acl = acl;
        znode.czxid = zxid;
        znode.mzxid = zxid;
        znode.pzxid = zxid;
        znode.ctime = timeMillis;
        znode.mtime = timeMillis;
        znode.version = 0;
        znode.cversion = 0;
        znode.aversion = 0;
        znode.owner = owner;
        znode.childCount = 0;
        toCome.created(znode, data);
        return txn;
    }

    // ---- delete

    private Txn delete(WriteRequest.Delete request, Requester requester) {
        int err = requester.refusalOfSession();
        if (err != ErrorCode.OK) {
            return refuse(err);
        }
        byte[] path = request.path();
        if (path == null) {
            return refuse(ErrorCode.MARSHALLING_ERROR);
        }
        int slash = lastSlash(path);
        if (slash < 0 || containsNul(path) || isSystemZnode(path)) {
            return refuse(ErrorCode.BAD_ARGUMENTS);
        }
        PendingZnode parent = toCome.stateOf(path, slash);
        if (parent == null) {
            return refuse(ErrorCode.NO_NODE);
        }
        if (!access.allows(parent.acl, Perms.DELETE, requester.ids())) {
            return refuse(ErrorCode.NO_AUTH);
        }
        PendingZnode znode = toCome.stateOf(path);
        if (znode == null) {
            return refuse(ErrorCode.NO_NODE);
        }
        if (isOtherVersion(request.version(), znode.version)) {
            return refuse(ErrorCode.BAD_VERSION);
        }
        if (znode.childCount > 0) {
            return refuse(ErrorCode.NOT_EMPTY);
        }
        deleting(znode, parent);
        return new Txn.Delete(path);
    }

    private Txn deleteContainer(WriteRequest.DeleteContainer request) {
        byte[] path = request.path();
        PendingZnode parent = toCome.stateOf(path, lastSlash(path));
        PendingZnode znode = toCome.stateOf(path);
        if (znode == null || parent == null) {
            return refuse(ErrorCode.NO_NODE);
        }
        if (znode.childCount > 0) {
            return refuse(ErrorCode.NOT_EMPTY);
        }
        if (!hasHadItsDay(znode)) {
            return refuse(ErrorCode.BAD_VERSION);
        }
        deleting(znode, parent);
        return new Txn.Delete(path);
    }

    /// Between the search for such znodes and now, this one may have been changed, or deleted and
    /// made anew as something else.
    private boolean hasHadItsDay(PendingZnode znode) {
        return switch (OwnerKind.of(znode.owner, tree.settings())) {
            case CONTAINER -> true;
            case TTL ->
                    timeMillis - znode.mtime > OwnerKind.ttlMillis(znode.owner, tree.settings());
            case PERSISTENT, EPHEMERAL -> false;
        };
    }

    private void deleting(PendingZnode znode, PendingZnode parent) {
        toCome.changing(parent);
        parent.childCount--;
        if (zxid > parent.pzxid) {
            parent.pzxid = zxid;
        }
        toCome.statChanged(parent);
        toCome.changing(znode);
        toCome.deleted(znode);
    }

    // ---- setData, setACL, check

    private Txn setData(WriteRequest.SetData request, Requester requester) {
        int err = requester.refusalOfSession();
        if (err != ErrorCode.OK) {
            return refuse(err);
        }
        byte[] path = request.path();
        if (path == null || !PathRules.isValid(path)) {
            return refuse(ErrorCode.BAD_ARGUMENTS);
        }
        PendingZnode znode = toCome.stateOf(path);
        if (znode == null) {
            return refuse(ErrorCode.NO_NODE);
        }
        if (!access.allows(znode.acl, Perms.WRITE, requester.ids())) {
            return refuse(ErrorCode.NO_AUTH);
        }
        byte[] data = request.data();
        if (rules.enforceQuota()) {
            int growth = lengthOf(data) - znode.dataLength;
            if (growth != 0 && exceedsQuota(path, 0, growth)) {
                return refuse(ErrorCode.QUOTA_EXCEEDED);
            }
        }
        if (isOtherVersion(request.version(), znode.version)) {
            return refuse(ErrorCode.BAD_VERSION);
        }
        int version = nextVersion(znode.version);
        toCome.changing(znode);
        znode.version = version;
        znode.mzxid = zxid;
        znode.mtime = timeMillis;
        toCome.changed(znode, data);
        return new Txn.SetData(path, data, version);
    }

    private Txn setAcl(WriteRequest.SetAcl request, Requester requester) {
        int err = requester.refusalOfSession();
        if (err != ErrorCode.OK) {
            return refuse(err);
        }
        byte[] path = request.path();
        if (path == null || !PathRules.isValid(path)) {
            return refuse(ErrorCode.BAD_ARGUMENTS);
        }
        List<Acl> acl = access.stored(request.acl(), requester.ids(), aclExpansion);
        if (acl == null) {
            return refuse(refusalOfAcl(request.acl(), requester));
        }
        PendingZnode znode = toCome.stateOf(path);
        if (znode == null) {
            return refuse(ErrorCode.NO_NODE);
        }
        if (!access.allows(znode.acl, Perms.ADMIN, requester.ids())) {
            return refuse(ErrorCode.NO_AUTH);
        }
        if (isOtherVersion(request.version(), znode.aversion)) {
            return refuse(ErrorCode.BAD_VERSION);
        }
        int aversion = nextVersion(znode.aversion);
        toCome.changing(znode);
        znode.acl = acl;
        znode.aversion = aversion;
        toCome.statChanged(znode);
        return new Txn.SetAcl(path, acl, aversion);
    }

    private Txn check(WriteRequest.Check request, Requester requester) {
        int err = requester.refusalOfSession();
        if (err != ErrorCode.OK) {
            return refuse(err);
        }
        byte[] path = request.path();
        if (path == null || !PathRules.isValid(path)) {
            return refuse(ErrorCode.BAD_ARGUMENTS);
        }
        PendingZnode znode = toCome.stateOf(path);
        if (znode == null) {
            return refuse(ErrorCode.NO_NODE);
        }
        if (!access.allows(znode.acl, Perms.READ, requester.ids())) {
            return refuse(ErrorCode.NO_AUTH);
        }
        if (isOtherVersion(request.version(), znode.version)) {
            return refuse(ErrorCode.BAD_VERSION);
        }
        return new Txn.CheckVersion(path, znode.version + 1);
    }

    // ---- multi

    private Txn multi(WriteRequest.Multi request, Requester requester) {
        if (requester.isLocal() && request.makesEphemeral()) {
            return refuse(ErrorCode.SESSION_EXPIRED);
        }
        List<WriteRequest> requests = request.ops();
        List<Txn.Op> ops = new ArrayList<>(requests.size());
        toCome.beginMulti();
        boolean failed = false;
        for (WriteRequest op : requests) {
            if (failed) {
                ops.add(failedOp(ErrorCode.RUNTIME_INCONSISTENCY));
                continue;
            }
            int type = typeInMulti(op);
            Txn txn =
                    op instanceof WriteRequest.Create create
                            ? create(create, type, requester)
                            : transactionFor(op, requester);
            if (txn instanceof Txn.Failed) {
                failed = true;
                ops.add(new Txn.Op(OpCode.ERROR, txn));
                toCome.undoMulti();
            } else {
                ops.add(new Txn.Op(type, txn));
            }
        }
        toCome.endMulti();
        return new Txn.Multi(ops);
    }

    private static Txn.Op failedOp(int err) {
        return new Txn.Op(OpCode.ERROR, new Txn.Failed(err));
    }

    /// What an op of a multi amounts to (client-and-disk, section 3.12).
    private static int typeInMulti(WriteRequest op) {
        return switch (op) {
            case WriteRequest.Create create -> {
                int flags = create.body().flags();
                if (flags == CreateFlags.CONTAINER) {
                    yield OpCode.CREATE_CONTAINER;
                }
                boolean plain = create.type() == OpCode.CREATE_TTL && !CreateFlags.isTtl(flags);
                yield plain ? OpCode.CREATE : create.type();
            }
            case WriteRequest.Delete _ -> OpCode.DELETE;
            case WriteRequest.SetData _ -> OpCode.SET_DATA;
            case WriteRequest.Check _ -> OpCode.CHECK;
            case WriteRequest.SetAcl _ -> OpCode.SET_ACL;
            case WriteRequest.DeleteContainer _,
                    WriteRequest.Multi _,
                    WriteRequest.MalformedMulti _,
                    WriteRequest.Refused _,
                    WriteRequest.CreateSession _,
                    WriteRequest.CloseSession _,
                    WriteRequest.Reconfig _ ->
                    throw new IllegalStateException("not an op of a multi: " + op);
        };
    }

    // ---- sessions, reconfig

    /// All that the session owns goes in one transaction (client-and-disk, section 10.3).
    private Txn closeSession(Requester requester) {
        List<byte[]> paths = toCome.ephemeralsOf(requester.sessionId());
        for (byte[] path : paths) {
            PendingZnode parent = toCome.stateOf(path, lastSlash(path));
            PendingZnode znode = toCome.stateOf(path);
            if (znode != null && parent != null) {
                deleting(znode, parent);
            }
        }
        return new Txn.CloseSession(rules.closeSessionPaths() ? asManyAsFit(paths) : null);
    }

    /// What is not listed is deleted all the same, by the rule for what the session still owns
    /// (client-and-disk, section 8.5); but a record beyond the limit could be written and not read
    /// again (section 9.2).
    private List<byte[]> asManyAsFit(List<byte[]> paths) {
        long bytes = 0;
        for (int i = 0; i < paths.size(); i++) {
            bytes += 4 + paths.get(i).length;
            if (bytes > rules.closeSessionBytesMax()) {
                return paths.subList(0, i);
            }
        }
        return paths;
    }

    /// The checks of quorum, section 5.2, in their order.
    private Txn reconfig(WriteRequest.Reconfig request, Requester requester) {
        if (!rules.reconfigEnabled()) {
            return refuse(ErrorCode.RECONFIG_DISABLED);
        }
        int err = requester.refusalOfSession();
        if (err != ErrorCode.OK) {
            return refuse(err);
        }
        if (membership == null) {
            // A server that stands alone has no ensemble to change (client-and-disk, section 3.14).
            return refuse(ErrorCode.UNIMPLEMENTED);
        }
        return switch (membership.answer(request, zxid)) {
            case MembershipRules.Answer.Refused refused -> refuse(refused.err());
            case MembershipRules.Answer.Accepted accepted ->
                    configTxn(accepted.configText(), requester);
        };
    }

    private Txn configTxn(byte[] configText, Requester requester) {
        PendingZnode config = toCome.stateOf(CONFIG);
        if (config == null || !access.allows(config.acl, Perms.WRITE, requester.ids())) {
            return refuse(ErrorCode.NO_AUTH);
        }
        toCome.changing(config);
        config.version = ANY_VERSION;
        config.mzxid = zxid;
        config.mtime = timeMillis;
        toCome.changed(config, configText);
        return new Txn.SetData(CONFIG, configText, ANY_VERSION);
    }

    // ---- small rules

    /// Whether so much more breaks a hard limit. Usage is that of what has been applied
    /// (client-and-disk, section 6.3).
    private boolean exceedsQuota(byte[] path, int moreZnodes, int moreBytes) {
        QuotaRoot root = tree.quotas().longestMatch(path);
        if (root == null) {
            return false;
        }
        QuotaRoot.Numbers quota = root.numbers();
        return (moreZnodes > 0
                        && quota.countHardLimit() > QuotaRoot.NO_LIMIT
                        && quota.usedCount() + moreZnodes > quota.countHardLimit())
                || ((moreZnodes > 0 || moreBytes != 0)
                        && quota.byteHardLimit() > QuotaRoot.NO_LIMIT
                        && quota.usedBytes() + moreBytes > quota.byteHardLimit());
    }

    private static Txn.Failed refuse(int err) {
        return new Txn.Failed(err);
    }

    /// The first entry at fault decides. The original stumbles over a null id of scheme `world` and
    /// answers as for any stumble (client-and-disk, section 3.3).
    private int refusalOfAcl(@Nullable List<Acl> requested, Requester requester) {
        if (requested != null) {
            for (Acl acl : requested) {
                if ("world".equals(acl.id().scheme()) && acl.id().id() == null) {
                    return ErrorCode.MARSHALLING_ERROR;
                }
                if (access.stored(List.of(acl), requester.ids(), aclExpansion) == null) {
                    break;
                }
            }
        }
        return ErrorCode.INVALID_ACL;
    }

    private static boolean isOtherVersion(int expected, int actual) {
        return expected != ANY_VERSION && expected != actual;
    }

    /// -1 means "any version" to clients, so no znode may come to have it (ZOOKEEPER-4743).
    private static int nextVersion(int version) {
        int next = version + 1;
        return next == ANY_VERSION ? 0 : next;
    }

    private static int lengthOf(byte @Nullable [] data) {
        return data == null ? 0 : data.length;
    }

    private static int lastSlash(byte[] path) {
        int i = path.length - 1;
        while (i >= 0 && path[i] != '/') {
            i--;
        }
        return i;
    }

    private static boolean containsNul(byte[] path) {
        for (byte b : path) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSystemZnode(byte[] path) {
        for (byte[] system : SYSTEM_ZNODES) {
            if (java.util.Arrays.equals(system, path)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
