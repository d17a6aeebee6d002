package io.witan.interop.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.interop.wire.Jute;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// A request that a client sends, and what it makes of the client's subtree.
///
/// @param err what the reply's header must say
record Write(int type, Jute body, Subtree after, int err) {

    private static final int CREATE = 1;
    private static final int DELETE = 2;
    private static final int SET_DATA = 5;
    private static final int CHECK = 13;
    private static final int MULTI = 14;
    private static final int CLOSE_SESSION = -11;

    private static final int PERSISTENT = 0;
    private static final int EPHEMERAL = 1;
    private static final int SEQUENTIAL = 2;
    private static final int NO_NODE = -101;
    private static final int ZNODES_MAX = 24;

    static Write createRoot(String root) {
        return new Write(CREATE, create(root, "", PERSISTENT), Subtree.EMPTY, 0);
    }

    /// Any write that makes sense on `now`, the subtree as it will be after the writes before it.
    static Write random(String root, Subtree now, int number, RandomGenerator random) {
        String data = "write-" + number;
        List<String> names = new ArrayList<>(now.znodes().keySet());
        if (names.isEmpty()) {
            return create(root, now, "first", data, PERSISTENT);
        }
        String some = names.get(random.nextInt(names.size()));
        boolean full = names.size() >= ZNODES_MAX;
        return switch (random.nextInt(full ? 6 : 10)) {
            case 0, 1 -> delete(root, now, some);
            case 2 -> new Write(DELETE, delete(root + "/missing"), now, NO_NODE);
            case 3 -> failingTransaction(root, now, some, data);
            case 4, 5 -> change(root, now, some, data);
            case 6 -> create(root, now, "n" + number, data, EPHEMERAL);
            case 7 -> createSequential(root, now, data);
            case 8 -> create(root, now, "n" + number, data, PERSISTENT);
            default -> transaction(root, now, some, "n" + number, data);
        };
    }

    static Write closeSession(Subtree now) {
        return new Write(CLOSE_SESSION, new Jute(), now.closed(), 0);
    }

    private static Write create(String root, Subtree now, String name, String data, int flags) {
        return new Write(
                CREATE,
                create(root + "/" + name, data, flags),
                now.created(name, data, flags == EPHEMERAL),
                0);
    }

    private static Write createSequential(String root, Subtree now, String data) {
        String name = "s-%010d".formatted(now.creates());
        return new Write(
                CREATE, create(root + "/s-", data, SEQUENTIAL), now.created(name, data, false), 0);
    }

    private static Write change(String root, Subtree now, String name, String data) {
        return new Write(SET_DATA, setData(root + "/" + name, data), now.changed(name, data), 0);
    }

    private static Write delete(String root, Subtree now, String name) {
        return new Write(DELETE, delete(root + "/" + name), now.deleted(name), 0);
    }

    /// Three changes that must not come apart: one znode changes, one is new, and a third that
    /// comes and goes leaves its trace in the count of creates.
    private static Write transaction(
            String root, Subtree now, String some, String fresh, String data) {
        var ops =
                new Jute()
                        .bytes(op(SET_DATA, setData(root + "/" + some, data)))
                        .bytes(op(CREATE, create(root + "/" + fresh, data, PERSISTENT)))
                        .bytes(op(CREATE, create(root + "/brief", data, PERSISTENT)))
                        .bytes(op(DELETE, delete(root + "/brief")))
                        .bytes(end());
        Subtree after =
                now.changed(some, data)
                        .created(fresh, data, false)
                        .created("brief", data, false)
                        .deleted("brief");
        return new Write(MULTI, ops, after, 0);
    }

    /// The header of the reply says that all is well; the results in it say that nothing was done.
    private static Write failingTransaction(String root, Subtree now, String some, String data) {
        var ops =
                new Jute()
                        .bytes(op(SET_DATA, setData(root + "/" + some, data)))
                        .bytes(op(DELETE, delete(root + "/" + some)))
                        .bytes(op(CHECK, new Jute().string(root).integer(77)))
                        .bytes(end());
        return new Write(MULTI, ops, now, 0);
    }

    private static Jute create(String path, String data, int flags) {
        return new Jute().string(path).buffer(data.getBytes(UTF_8)).openAcl().integer(flags);
    }

    private static Jute setData(String path, String data) {
        return new Jute().string(path).buffer(data.getBytes(UTF_8)).integer(-1);
    }

    private static Jute delete(String path) {
        return new Jute().string(path).integer(-1);
    }

    private static Jute op(int type, Jute body) {
        return new Jute().integer(type).bool(false).integer(-1).bytes(body);
    }

    private static Jute end() {
        return new Jute().integer(-1).bool(true).integer(-1);
    }
}
