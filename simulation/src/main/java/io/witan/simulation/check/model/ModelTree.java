package io.witan.simulation.check.model;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.data.Perms;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The state after each transaction of the committed history.
public final class ModelTree implements ModelView {

    /// All that a path has been, by the zxid from which on it was so.
    private final Map<String, TreeMap<Long, Slot>> versions = new HashMap<>();

    /// The names below each path.
    private final Map<String, Children> children = new HashMap<>();

    /// Every path that was ever an ephemeral of a session.
    private final SortedMap<Long, SortedSet<String>> owned = new TreeMap<>();

    private final SortedMap<Long, Integer> sessions = new TreeMap<>();

    /// Sessions that clients were given.
    private final SortedSet<Long> given = new TreeSet<>();

    /// When a session was made and, if it is, when it was closed.
    private final SortedMap<Long, Life> lives = new TreeMap<>();

    /// Every change, in order.
    private final List<Change> changes = new ArrayList<>();

    private long last;

    private record Slot(@Nullable ModelNode node) {}

    /// @param closedZxid [Long#MAX_VALUE] while it lives
    public record Life(long createdZxid, long closedZxid, int timeoutMillis) {}

    public ModelTree() {
        put("/", 0, ModelNode.system(Acl.OPEN, 0, 1));
        put("/zookeeper", 0, ModelNode.system(Acl.OPEN, 0, 2));
        put("/zookeeper/quota", 0, ModelNode.system(Acl.OPEN, 0, 0));
        put(
                "/zookeeper/config",
                0,
                ModelNode.system(List.of(new Acl(Perms.READ, Id.ANYONE)), -1, 0));
    }

    private void put(String path, long zxid, @Nullable ModelNode node) {
        versions.computeIfAbsent(path, _ -> new TreeMap<>()).put(zxid, new Slot(node));
        if (!path.equals("/")) {
            children.computeIfAbsent(ModelView.parent(path), _ -> new Children())
                    .put(path.substring(path.lastIndexOf('/') + 1), zxid, node != null);
        }
        if (node != null && node.isEphemeral()) {
            owned.computeIfAbsent(node.owner(), _ -> new TreeSet<>()).add(path);
        }
    }

    // ---- what was

    /// The last transaction.
    public long last() {
        return last;
    }

    @Override
    public @Nullable ModelNode node(String path) {
        TreeMap<Long, Slot> slots = versions.get(path);
        return slots == null ? null : slots.lastEntry().getValue().node();
    }

    /// The znode as of that transaction, or null.
    public @Nullable ModelNode nodeAt(String path, long zxid) {
        TreeMap<Long, Slot> slots = versions.get(path);
        Map.Entry<Long, Slot> slot = slots == null ? null : slots.floorEntry(zxid);
        return slot == null ? null : slot.getValue().node();
    }

    /// Names below a path as of that transaction, in order.
    public List<String> childrenAt(String path, long zxid) {
        Children below = children.get(path);
        return below == null ? List.of() : below.at(zxid);
    }

    /// All znodes as of that transaction.
    public SortedMap<String, ModelNode> allAt(long zxid) {
        SortedMap<String, ModelNode> all = new TreeMap<>();
        for (String path : versions.keySet()) {
            ModelNode node = nodeAt(path, zxid);
            if (node != null) {
                all.put(path, node);
            }
        }
        return all;
    }

    /// Paths of a session's ephemerals as of that transaction.
    public SortedSet<String> ephemeralsAt(long sessionId, long zxid) {
        SortedSet<String> paths = new TreeSet<>();
        for (String path : owned.getOrDefault(sessionId, Collections.emptySortedSet())) {
            ModelNode node = nodeAt(path, zxid);
            if (node != null && node.isEphemeral() && node.owner() == sessionId) {
                paths.add(path);
            }
        }
        return paths;
    }

    @Override
    public boolean hasSession(long sessionId) {
        return sessions.containsKey(sessionId);
    }

    @Override
    public boolean mayWrite(long sessionId) {
        return hasSession(sessionId)
                || (!lives.containsKey(sessionId) && given.contains(sessionId));
    }

    void given(long sessionId) {
        given.add(sessionId);
    }

    /// Null for a session that never was.
    public @Nullable Life life(long sessionId) {
        return lives.get(sessionId);
    }

    /// All sessions that ever were.
    public SortedMap<Long, Life> lives() {
        return lives;
    }

    /// Timeouts of the sessions as of that transaction.
    public SortedMap<Long, Integer> sessionsAt(long zxid) {
        SortedMap<Long, Integer> open = new TreeMap<>();
        lives.forEach((id, life) -> {
            if (life.createdZxid() <= zxid && zxid < life.closedZxid()) {
                open.put(id, life.timeoutMillis());
            }
        });
        return open;
    }

    /// Every change so far, in order.
    public List<Change> changes() {
        return changes;
    }

    // ---- what happens

    /// The next transaction. Returns what is wrong with it, or null.
    @Nullable String apply(LoggedTxn txn) {
        TxnHeader header = txn.header();
        last = header.zxid();
        Overlay overlay = new Overlay(this, header.zxid(), header.time());
        String wrong =
                switch (txn.txn()) {
                    case Txn.CreateSession create -> createSession(header, create);
                    case Txn.CloseSession close -> closeSession(overlay, header, close);
                    case Txn.Multi multi -> multi(overlay, header, multi);
                    default -> one(overlay, header.clientId(), header.type(), txn.txn());
                };
        overlay.changed().forEach((path, node) -> put(path, header.zxid(), node.orElse(null)));
        changes.addAll(overlay.changes());
        return wrong;
    }

    private @Nullable String createSession(TxnHeader header, Txn.CreateSession create) {
        boolean isNew = lives.get(header.clientId()) == null;
        sessions.put(header.clientId(), create.timeOut());
        lives.put(header.clientId(), new Life(header.zxid(), Long.MAX_VALUE, create.timeOut()));
        return isNew ? null : "S4: session " + hex(header.clientId()) + " is created again";
    }

    private @Nullable String closeSession(
            Overlay overlay, TxnHeader header, Txn.CloseSession close) {
        long id = header.clientId();
        Life life = lives.get(id);
        sessions.remove(id);
        if (life == null || life.closedZxid() != Long.MAX_VALUE) {
            return "S4: session " + hex(id) + " is closed and does not live";
        }
        lives.put(id, new Life(life.createdZxid(), header.zxid(), life.timeoutMillis()));
        SortedSet<String> owned = ephemeralsAt(id, header.zxid());
        List<byte[]> listed = close.paths();
        SortedSet<String> named = new TreeSet<>();
        if (listed != null) {
            for (byte[] path : listed) {
                String text = text(path);
                named.add(text);
                if (owned.remove(text)) {
                    overlay.delete(text);
                }
            }
        }
        for (String path : owned) {
            overlay.delete(path);
        }
        return listed == null || owned.isEmpty()
                ? null
                : "S1: closing session " + hex(id) + " names " + named + " and not " + owned;
    }

    private static @Nullable String multi(Overlay overlay, TxnHeader header, Txn.Multi multi) {
        for (Txn.Op op : multi.ops()) {
            if (op.type() == OpCode.ERROR) {
                return null;
            }
        }
        for (Txn.Op op : multi.ops()) {
            String wrong = one(overlay, header.clientId(), op.type(), op.txn());
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private static @Nullable String one(Overlay overlay, long session, int type, Txn txn) {
        return switch (txn) {
            case Txn.Create t ->
                    create(
                            overlay,
                            text(t.path()),
                            t.data(),
                            t.acl(),
                            t.ephemeral() ? session : 0,
                            t.parentCversion());
            case Txn.CreateContainer t ->
                    create(
                            overlay,
                            text(t.path()),
                            t.data(),
                            t.acl(),
                            ModelNode.CONTAINER_OWNER,
                            t.parentCversion());
            case Txn.CreateTtl t ->
                    create(
                            overlay,
                            text(t.path()),
                            t.data(),
                            t.acl(),
                            ModelNode.TTL_MARK | t.ttl(),
                            t.parentCversion());
            case Txn.Delete t -> {
                String path = text(t.path());
                if (overlay.node(path) == null) {
                    yield "L1: " + path + " is deleted and does not exist";
                }
                overlay.delete(path);
                yield null;
            }
            case Txn.SetData t -> {
                String path = text(t.path());
                if (overlay.node(path) == null) {
                    yield "L1: " + path + " is set and does not exist";
                }
                overlay.setData(path, t.data(), t.version());
                yield null;
            }
            case Txn.SetAcl t -> {
                String path = text(t.path());
                if (overlay.node(path) == null) {
                    yield "L1: the ACL of " + path + " is set, which does not exist";
                }
                overlay.setAcl(path, t.acl(), t.version());
                yield null;
            }
            case Txn.CheckVersion _, Txn.Failed _ -> null;
            case Txn.Multi _, Txn.CreateSession _, Txn.CloseSession _ ->
                    "L1: type " + type + " within a multi";
        };
    }

    private static @Nullable String create(
            Overlay overlay,
            String path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            long owner,
            int creates) {
        ModelNode parent = overlay.node(ModelView.parent(path));
        if (parent == null) {
            return "L1: " + path + " is created, its parent does not exist";
        }
        if (overlay.node(path) != null) {
            return "L1: " + path + " is created and exists";
        }
        if (owner != 0
                && owner != ModelNode.CONTAINER_OWNER
                && (owner & ModelNode.TTL_MARK) != ModelNode.TTL_MARK
                && !overlay.hasSession(owner)) {
            return "S1: ephemeral " + path + " of session " + hex(owner) + ", which does not live";
        }
        overlay.create(path, data, acl, owner, creates == -1 ? parent.creates() + 1 : creates);
        return null;
    }

    static String text(byte[] path) {
        return new String(path, StandardCharsets.UTF_8);
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
