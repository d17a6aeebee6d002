package io.witan.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.data.Perms;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The dumbest tree that can be right: a sorted map from paths to rows, section 8.5 of the
/// specification line by line, everything else counted anew whenever it is asked for.
final class ModelTree {

    static final class Row {
        byte @Nullable [] data;
        List<Acl> acl = Acl.OPEN;
        long czxid;
        long mzxid;
        long pzxid;
        long ctime;
        long mtime;
        int version;
        int cversion;
        int aversion;
        long owner;
    }

    final TreeMap<String, Row> rows = new TreeMap<>();
    final TreeMap<Long, Integer> sessions = new TreeMap<>();
    long lastZxid;

    ModelTree() {
        for (String path : List.of("", "/zookeeper", "/zookeeper/quota", "/zookeeper/config")) {
            Row row = new Row();
            row.data = new byte[0];
            rows.put(path, row);
        }
        row("/zookeeper/config").aversion = -1;
        row("/zookeeper/config").acl = List.of(new Acl(Perms.READ, Id.ANYONE));
    }

    void apply(TxnHeader header, Txn txn) {
        switch (txn) {
            case Txn.Multi multi -> {
                if (multi.ops().stream().noneMatch(op -> op.type() == OpCode.ERROR)) {
                    multi.ops().forEach(op -> applyOne(header, op.type(), op.txn()));
                }
            }
            case Txn.CreateSession create -> sessions.put(header.clientId(), create.timeOut());
            case Txn.CloseSession close -> {
                if (close.paths() != null) {
                    close.paths().forEach(path -> delete(new String(path, UTF_8), header.zxid()));
                }
                for (String path : List.copyOf(rows.keySet())) {
                    if (rows.containsKey(path) && row(path).owner == header.clientId()) {
                        delete(path, header.zxid());
                    }
                }
                sessions.remove(header.clientId());
            }
            default -> applyOne(header, header.type(), txn);
        }
        lastZxid = Math.max(lastZxid, header.zxid());
    }

    private void applyOne(TxnHeader header, int type, Txn txn) {
        switch (txn) {
            case Txn.Create c ->
                    create(
                            header,
                            type,
                            c.path(),
                            c.data(),
                            c.acl(),
                            c.ephemeral() ? header.clientId() : 0,
                            c.parentCversion());
            case Txn.CreateContainer c ->
                    create(
                            header,
                            type,
                            c.path(),
                            c.data(),
                            c.acl(),
                            0x8000_0000_0000_0000L,
                            c.parentCversion());
            case Txn.CreateTtl c ->
                    create(
                            header,
                            type,
                            c.path(),
                            c.data(),
                            c.acl(),
                            c.ttl() < 0 ? 0 : 0xFF00_0000_0000_0000L | c.ttl(),
                            c.parentCversion());
            case Txn.Delete d -> delete(new String(d.path(), UTF_8), header.zxid());
            case Txn.SetData s -> {
                Row row = rows.get(key(s.path()));
                if (row != null) {
                    int change = length(s.data()) - length(row.data);
                    row.data = s.data();
                    row.version = s.version();
                    row.mzxid = header.zxid();
                    row.mtime = header.time();
                    count(key(s.path()), 0, change);
                }
            }
            case Txn.SetAcl s -> {
                Row row = rows.get(key(s.path()));
                if (row != null) {
                    row.acl = orOpen(s.acl());
                    row.aversion = s.version();
                }
            }
            default -> {}
        }
    }

    private void create(
            TxnHeader header,
            int type,
            byte[] pathBytes,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            long owner,
            int parentCversion) {
        String path = new String(pathBytes, UTF_8);
        Row parent = rows.get(parent(path));
        if (parent == null) {
            return;
        }
        Row existing = rows.get(path);
        if (existing != null) {
            existing.acl = orOpen(acl);
        }
        if (existing == null || type == OpCode.CREATE) {
            int c = parentCversion == -1 ? parent.cversion + 1 : parentCversion;
            if (c > parent.cversion) {
                parent.cversion = c;
                parent.pzxid = header.zxid();
            }
        }
        if (existing != null) {
            return;
        }
        Row row = new Row();
        row.data = data;
        row.acl = orOpen(acl);
        row.czxid = header.zxid();
        row.mzxid = header.zxid();
        row.pzxid = header.zxid();
        row.ctime = header.time();
        row.mtime = header.time();
        row.owner = owner;
        rows.put(path, row);
        if (path.startsWith("/zookeeper/quota/") && path.endsWith("/zookeeper_stats")) {
            String root = path.substring("/zookeeper/quota".length(), path.lastIndexOf('/'));
            if (!root.isEmpty()) {
                long count = 0;
                long bytes = 0;
                for (Map.Entry<String, Row> e : rows.entrySet()) {
                    if (isWithin(e.getKey(), root)) {
                        count++;
                        bytes += length(e.getValue().data);
                    }
                }
                row.data = ("count=" + count + ",bytes=" + bytes).getBytes(UTF_8);
                return;
            }
        }
        count(path, 1, length(data));
    }

    private void delete(String path, long zxid) {
        Row parent = rows.get(parent(path));
        if (parent == null) {
            return;
        }
        parent.pzxid = Math.max(parent.pzxid, zxid);
        Row row = rows.remove(path);
        if (row != null) {
            rows.keySet().removeIf(other -> isWithin(other, path));
            count(path, -1, -length(row.data));
        }
    }

    private void count(String path, int count, int bytes) {
        String longest = "";
        for (String limits : rows.keySet()) {
            if (limits.startsWith("/zookeeper/quota/") && limits.endsWith("/zookeeper_limits")) {
                String root =
                        limits.substring("/zookeeper/quota".length(), limits.lastIndexOf('/'));
                if (!root.isEmpty() && isWithin(path, root) && root.length() > longest.length()) {
                    longest = root;
                }
            }
        }
        Row stats = rows.get("/zookeeper/quota" + longest + "/zookeeper_stats");
        if (longest.isEmpty() || stats == null || (count == 0 && bytes == 0)) {
            return;
        }
        String[] parts = new String(stats.data, UTF_8).split("[,=]", -1);
        long newCount = Long.parseLong(parts[1]) + count;
        long newBytes = Long.parseLong(parts[3]) + bytes;
        stats.data = ("count=" + newCount + ",bytes=" + newBytes).getBytes(UTF_8);
    }

    /// As [TreeText#content] has it, without what a digest says.
    List<String> content() {
        var lines = new ArrayList<String>();
        sessions.forEach(
                (id, t) -> lines.add("{\"session\":\"0x%x\",\"timeout\":%d}".formatted(id, t)));
        lines.sort(null);
        var znodes = new ArrayList<String>();
        rows.forEach((path, r) -> {
            int children =
                    (int)
                            rows.keySet().stream()
                                    .filter(p -> !p.isEmpty() && parent(p).equals(path))
                                    .count();
            boolean session =
                    r.owner > 0 || (r.owner < 0 && r.owner << 8 != 0 && r.owner >>> 56 != 0xFF);
            znodes.add(
                    TreeText.line(
                            path.isEmpty() ? "/" : path,
                            r.data,
                            r.acl,
                            r.czxid,
                            r.mzxid,
                            r.ctime,
                            r.mtime,
                            r.version,
                            r.cversion,
                            r.aversion,
                            r.owner,
                            r.pzxid,
                            2 * r.cversion - children,
                            session ? r.owner : 0,
                            children,
                            digest(path, r)));
        });
        znodes.sort(null);
        lines.addAll(znodes);
        return lines;
    }

    long digest() {
        long sum = 0;
        for (Map.Entry<String, Row> e : rows.entrySet()) {
            sum += digest(e.getKey(), e.getValue()) & 0xFFFF_FFFFL;
        }
        return sum;
    }

    private static int digest(String path, Row r) {
        byte[] bytes = path.getBytes(UTF_8);
        return new NodeDigest()
                .of(
                        bytes,
                        0,
                        bytes.length,
                        r.data,
                        r.czxid,
                        r.mzxid,
                        r.pzxid,
                        r.ctime,
                        r.mtime,
                        r.version,
                        r.cversion,
                        r.aversion,
                        r.owner);
    }

    Row row(String path) {
        return java.util.Objects.requireNonNull(rows.get(path));
    }

    private static List<Acl> orOpen(@Nullable List<Acl> acl) {
        return acl == null ? Acl.OPEN : acl;
    }

    static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    static boolean isWithin(String path, String root) {
        return path.equals(root) || path.startsWith(root + "/");
    }

    private static String key(byte[] path) {
        return path.length == 1 ? "" : new String(path, UTF_8);
    }

    private static int length(byte @Nullable [] data) {
        return data == null ? 0 : data.length;
    }
}
