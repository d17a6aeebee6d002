package io.witan.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Transactions as a leader would make them, one after the other, out of a seed. Few names, so that
/// znodes are deleted and made again; and one wide directory, so that children move between the
/// shapes they are kept in.
final class RandomHistory {

    private static final List<List<Acl>> ACLS =
            List.of(
                    Acl.OPEN,
                    List.of(new Acl(1, Id.ANYONE)),
                    List.of(new Acl(31, new Id("digest", "a:b")), new Acl(1, Id.ANYONE)),
                    List.of(new Acl(3, new Id("ip", "10.0.0.0/8"))),
                    List.of());

    private final SplittableRandom random;

    /// What a leader knows: the state before the next transaction.
    final ModelTree model = new ModelTree();

    private final List<Long> sessions = new ArrayList<>();
    private final int wideNames;
    private final String[] names = {"a", "b", "c", "longer-name", "d\u00e9"};
    private boolean oldRecords;
    private long zxid;
    private long sessionNext = 0x100_0000_0000_0000L;

    RandomHistory(long seed) {
        this(seed, 60);
    }

    /// With creates as servers before 3.4 logged them, which name no cversion.
    RandomHistory withOldRecords() {
        oldRecords = true;
        return this;
    }

    RandomHistory(long seed, int wideNames) {
        random = new SplittableRandom(seed);
        this.wideNames = wideNames;
    }

    record Made(TxnHeader header, Txn txn) {}

    /// Makes the next transaction and applies it to the model.
    Made next() {
        zxid++;
        int kind = random.nextInt(100);
        Made made;
        if (kind < 4 || sessions.isEmpty()) {
            sessions.add(sessionNext);
            made =
                    made(
                            sessionNext++,
                            OpCode.CREATE_SESSION,
                            new Txn.CreateSession(random.nextInt(1, 40000)));
        } else if (kind < 7) {
            long id = sessions.remove(random.nextInt(sessions.size()));
            made =
                    made(
                            id,
                            OpCode.CLOSE_SESSION,
                            new Txn.CloseSession(
                                    oldRecords && random.nextBoolean() ? null : ephemerals(id)));
        } else if (kind < 10) {
            made = made(session(), OpCode.ERROR, new Txn.Failed(-101));
        } else if (kind < 20) {
            made = multi();
        } else {
            long id = session();
            Txn.Op op = anyOp(model);
            made = made(id, op.type(), op.txn());
        }
        model.apply(made.header, made.txn);
        return made;
    }

    private Made made(long session, int type, Txn txn) {
        return new Made(new TxnHeader(session, 7, zxid, 1_700_000_000_000L + zxid * 10, type), txn);
    }

    private long session() {
        return sessions.get(random.nextInt(sessions.size()));
    }

    private List<byte[]> ephemerals(long id) {
        var paths = new ArrayList<byte[]>();
        model.rows.forEach((path, row) -> {
            if (row.owner == id) {
                paths.add(path.getBytes(UTF_8));
            }
        });
        return paths;
    }

    private Made multi() {
        long id = session();
        var ops = new ArrayList<Txn.Op>();
        var overlay = new ModelOverlay();
        int count = random.nextInt(0, 6);
        for (int i = 0; i < count; i++) {
            ops.add(op(id, overlay));
        }
        if (random.nextInt(5) == 0 && count > 0) {
            ops.set(count - 1, new Txn.Op(OpCode.ERROR, new Txn.Failed(-103)));
        }
        return made(id, OpCode.MULTI, new Txn.Multi(ops));
    }

    /// The model with the earlier ops of a multi applied: a copy, since the multi may fail.
    private final class ModelOverlay {
        private @Nullable ModelTree copy;

        ModelTree now() {
            return copy == null ? model : copy;
        }

        void apply(long session, Txn.Op op) {
            ModelTree next = copy;
            if (next == null) {
                next = new ModelTree();
                next.rows.clear();
                for (var e : model.rows.entrySet()) {
                    ModelTree.Row row = new ModelTree.Row();
                    row.data = e.getValue().data;
                    row.acl = e.getValue().acl;
                    row.cversion = e.getValue().cversion;
                    row.version = e.getValue().version;
                    row.aversion = e.getValue().aversion;
                    row.owner = e.getValue().owner;
                    next.rows.put(e.getKey(), row);
                }
                copy = next;
            }
            next.apply(made(session, op.type(), op.txn()).header, op.txn());
        }
    }

    private Txn.Op op(long session, ModelOverlay overlay) {
        Txn.Op op = anyOp(overlay.now());
        overlay.apply(session, op);
        return op;
    }

    private Txn.Op anyOp(ModelTree state) {
        int kind = random.nextInt(100);
        String existing = any(state);
        if (kind < 50) {
            return create(state);
        }
        if (kind < 75) {
            String path = random.nextInt(3) == 0 ? existing : "/wide/" + random.nextInt(wideNames);
            boolean deletable =
                    state.rows.containsKey(path)
                            && !path.isEmpty()
                            && !path.equals("/zookeeper")
                            && !path.equals("/zookeeper/quota")
                            && !path.equals("/zookeeper/config")
                            && state.rows.keySet().stream()
                                    .noneMatch(p -> p.startsWith(path + "/"));
            return deletable
                    ? new Txn.Op(
                            random.nextBoolean() ? OpCode.DELETE : OpCode.DELETE_CONTAINER,
                            new Txn.Delete(path.getBytes(UTF_8)))
                    : new Txn.Op(OpCode.CHECK, new Txn.CheckVersion("/".getBytes(UTF_8), 1));
        }
        if (existing.endsWith("zookeeper_stats")) {
            existing = "";
        }
        ModelTree.Row row = state.rows.get(existing);
        byte[] path = (existing.isEmpty() ? "/" : existing).getBytes(UTF_8);
        if (row != null && kind < 92) {
            return new Txn.Op(OpCode.SET_DATA, new Txn.SetData(path, data(), row.version + 1));
        }
        return new Txn.Op(
                OpCode.SET_ACL, new Txn.SetAcl(path, acl(), row == null ? 0 : row.aversion + 1));
    }

    private Txn.Op create(ModelTree state) {
        String parent = random.nextInt(3) == 0 ? "/wide" : any(state);
        ModelTree.Row parentRow = state.rows.get(parent);
        if (parentRow == null
                || (parentRow.owner != 0 && parentRow.owner >>> 56 == 1)
                || parent.length() > 60) {
            parent = "";
            parentRow = state.row("");
        }
        String name =
                parent.equals("/wide")
                        ? "" + random.nextInt(wideNames)
                        : parent.isEmpty() && random.nextInt(3) == 0
                                ? "wide"
                                : names[random.nextInt(names.length)];
        if (parent.startsWith("/zookeeper/quota/") && random.nextBoolean()) {
            String limits = parent + "/zookeeper_limits";
            name = state.rows.containsKey(limits) ? "zookeeper_stats" : "zookeeper_limits";
        }
        String path = parent + "/" + name;
        if (state.rows.containsKey(path)) {
            path = path + "-" + "%010d".formatted(parentRow.cversion);
            if (state.rows.containsKey(path)) {
                return new Txn.Op(OpCode.CHECK, new Txn.CheckVersion("/".getBytes(UTF_8), 1));
            }
        }
        byte[] p = path.getBytes(UTF_8);
        int cversion = parentRow.cversion + 1;
        return switch (random.nextInt(8)) {
            case 0 ->
                    new Txn.Op(
                            OpCode.CREATE_CONTAINER,
                            new Txn.CreateContainer(p, data(), acl(), cversion));
            case 1 ->
                    new Txn.Op(
                            OpCode.CREATE_TTL,
                            new Txn.CreateTtl(
                                    p,
                                    data(),
                                    acl(),
                                    cversion,
                                    random.nextInt(5) == 0 ? -3 : 1 + random.nextInt(100000)));
            case 2, 3 ->
                    new Txn.Op(
                            OpCode.CREATE2,
                            new Txn.Create(p, data(), acl(), name.equals("a"), cversion));
            default ->
                    new Txn.Op(
                            OpCode.CREATE,
                            new Txn.Create(
                                    p,
                                    data(),
                                    acl(),
                                    name.equals("b"),
                                    oldRecords && random.nextInt(6) == 0 ? -1 : cversion));
        };
    }

    private String any(ModelTree state) {
        int skip = random.nextInt(state.rows.size());
        return state.rows.keySet().stream().skip(skip).findFirst().orElseThrow();
    }

    private List<Acl> acl() {
        return ACLS.get(random.nextInt(ACLS.size()));
    }

    private byte @Nullable [] data() {
        // Now and then so long that it is in no page with others.
        int length = random.nextInt(40) == 0 ? random.nextInt(9_000) : random.nextInt(-1, 30);
        if (length < 0) {
            return null;
        }
        byte[] data = new byte[length];
        random.nextBytes(data);
        return data;
    }
}
