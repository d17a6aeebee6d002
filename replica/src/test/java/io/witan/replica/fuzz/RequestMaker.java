package io.witan.replica.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.replica.auth.DigestProvider;
import io.witan.tree.Znode;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Request;
import io.witan.wire.client.RequestHeader;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// Makes requests as clients might send them, and as no client should: most are about the same few
/// znodes, so that they meet each other; many are wrong in one place; some are noise.
final class RequestMaker {

    private static final String[] PATHS = {
        "/",
        "/a",
        "/b",
        "/a/b",
        "/a/b/c",
        "/a/c",
        "/b/x",
        "/c",
        "/d",
        "/q",
        "/q/k",
        "",
        "a",
        "/a/",
        "//",
        "/a//b",
        "/a/.",
        "/..",
        "/a/\u0000",
        "/\ue000",
        "/\u8282",
        "/\ud83d\ude00",
        "/zookeeper",
        "/zookeeper/quota",
        "/zookeeper/config",
        "/zookeeper/x",
        "/zookeeper/quota/q",
        "/zookeeper/quota/q/zookeeper_limits",
        "/zookeeper/quota/q/zookeeper_stats",
        "/zookeeper/quota/zookeeper_limits",
        "/zookeeper/zookeeper_limits",
        "/zookeeper/quota/a",
        "/zookeeper/quota/a/zookeeper_limits",
        "/zookeeper/quota/a/zookeeper_stats"
    };

    private static final String[] FURNITURE = {
        "/a",
        "/a/b",
        "/b",
        "/q",
        "/q/k",
        "/zookeeper/quota/q",
        "/zookeeper/quota/q/zookeeper_limits",
        "/zookeeper/quota/q/zookeeper_stats"
    };

    private static final String[] DATA = {
        "",
        "x",
        "count=3,bytes=20",
        "count=2,bytes=5=;byteHardLimit=9;countHardLimit=2",
        "count=-1,bytes=-1",
        "count=,bytes=99999999999999999999999",
        "=;,=",
        "junk",
        "\u0000"
    };

    private static final int[] TYPES = {
        1, 1, 1, 1, 15, 19, 21, 2, 2, 2, 3, 3, 4, 4, 5, 5, 5, 6, 7, 7, 8, 12, 9, 11, 14, 14, 14, 14,
        16, 17, 18, 18, 22, 100, 101, 105, 102, 103, 104, 106, 106, 107
    };

    private static final int[] TYPES_IN_MULTI = {1, 1, 2, 5, 13, 15, 19, 21};

    private static final int[] STRANGE_TYPES = {
        -11, -10, -1, 0, 10, 13, 20, 23, 99, 108, Integer.MAX_VALUE, Integer.MIN_VALUE
    };

    private static final int[] NOTABLE_INTS = {
        -1, -2, 0, 1, 2, 3, 4, 5, 6, 7, 12, 127, 1_048_575, Integer.MAX_VALUE, Integer.MIN_VALUE
    };

    private static final long[] TTLS = {
        -1, 0, 1, 1000, 60_000, (1L << 40) - 1, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private final Random random;
    private final ZnodeTree tree;
    private final DigestProvider digest = new DigestProvider("SHA1", null);

    /// @param tree to make requests about what there is
    RequestMaker(Random random, ZnodeTree tree) {
        this.random = random;
        this.tree = tree;
    }

    /// A frame without its length.
    byte[] frame(int xid, long relativeZxid) {
        JuteWriter out = new JuteWriter();
        int kind = random.nextInt(100);
        if (kind == 0) {
            new RequestHeader(xid, oneOf(STRANGE_TYPES)).write(out);
            byte[] noise = noise();
            out.writeRaw(noise, 0, noise.length);
            return out.toByteArray();
        }
        int type = TYPES[random.nextInt(TYPES.length)];
        new RequestHeader(xid, type).write(out);
        request(type, relativeZxid).write(out);
        byte[] frame = out.toByteArray();
        return kind < 10 ? damaged(frame) : frame;
    }

    /// Requests that make some znodes, one after the other.
    List<byte[]> furnishing(IntSupplier xids) {
        List<byte[]> frames = new ArrayList<>();
        for (String path : FURNITURE) {
            String data = path.endsWith("limits") ? DATA[3] : "";
            JuteWriter out = new JuteWriter();
            new RequestHeader(xids.getAsInt(), OpCode.CREATE).write(out);
            new CreateRequest(path.getBytes(UTF_8), data.getBytes(UTF_8), Acl.OPEN, 0, 0)
                    .write(out, false);
            frames.add(out.toByteArray());
        }
        return frames;
    }

    /// The end of a session.
    static byte[] closeSession(int xid) {
        JuteWriter out = new JuteWriter();
        new RequestHeader(xid, OpCode.CLOSE_SESSION).write(out);
        return out.toByteArray();
    }

    private Request request(int type, long relativeZxid) {
        return switch (type) {
            case OpCode.CREATE, OpCode.CREATE2 -> create(type, oneOf(0, 0, 0, 1, 1, 2, 3, 4, 5, 7));
            case OpCode.CREATE_CONTAINER -> create(type, oneOf(4, 4, 4, 4, 0, 1, 2, 5, -1));
            case OpCode.CREATE_TTL -> create(type, oneOf(5, 5, 6, 0, 1, 4, 8));
            case OpCode.DELETE -> new Request.Delete(path(), version());
            case OpCode.SET_DATA -> new Request.SetData(path(), data(), version());
            case OpCode.SET_ACL -> new Request.SetAcl(path(), acl(), version());
            case OpCode.CHECK -> new Request.Check(path(), version());
            case OpCode.EXISTS, OpCode.GET_DATA, OpCode.GET_CHILDREN, OpCode.GET_CHILDREN2 ->
                    new Request.Watchable(type, path(), random.nextBoolean());
            case OpCode.GET_ACL,
                    OpCode.SYNC,
                    OpCode.GET_ALL_CHILDREN_NUMBER,
                    OpCode.GET_EPHEMERALS ->
                    new Request.OfPath(type, path());
            case OpCode.ADD_WATCH -> new Request.AddWatch(path(), oneOf(0, 0, 1, 1, 1, 2, -1));
            case OpCode.CHECK_WATCHES, OpCode.REMOVE_WATCHES ->
                    new Request.OfWatches(type, path(), oneOf(1, 2, 3, 4, 5, 0, 6));
            case OpCode.SET_WATCHES ->
                    new Request.SetWatches(seen(relativeZxid), paths(), paths(), paths());
            case OpCode.SET_WATCHES2 ->
                    new Request.SetWatches2(
                            seen(relativeZxid), paths(), paths(), paths(), paths(), paths());
            case OpCode.AUTH ->
                    new Request.Auth(
                            0,
                            random.nextInt(8) == 0 ? oneOf("ip", "x509", "", "nobody") : "digest",
                            nullable(() ->
                                    oneOf("u:p", "v:q", "", "no colon", ":").getBytes(UTF_8)));
            case OpCode.SASL -> new Request.Sasl(data());
            case OpCode.RECONFIG -> new Request.Reconfig("1", null, "x", -1);
            case OpCode.MULTI -> Request.multi(list(6, () -> request(opType(), relativeZxid)));
            case OpCode.MULTI_READ ->
                    Request.multiRead(list(6, () -> request(oneOf(4, 8), relativeZxid)));
            default -> new Request.Bare(type);
        };
    }

    private int opType() {
        return TYPES_IN_MULTI[random.nextInt(TYPES_IN_MULTI.length)];
    }

    private Request create(int type, int flags) {
        long ttl = type == OpCode.CREATE_TTL ? TTLS[random.nextInt(TTLS.length)] : 0;
        return new Request.Create(type, new CreateRequest(path(), data(), acl(), flags, ttl));
    }

    private byte @Nullable [] path() {
        int kind = random.nextInt(20);
        if (kind == 0) {
            return random.nextInt(4) == 0 ? null : noise();
        }
        if (kind < 11) {
            return existing();
        }
        return PATHS[Math.min(random.nextInt(PATHS.length), random.nextInt(PATHS.length))].getBytes(
                UTF_8);
    }

    /// Some znode there is, found by going down from the root; now and then a child of it to be.
    private byte[] existing() {
        Znode znode = tree.root();
        for (int depth = 0; depth < 4 && znode.childCount() > 0; depth++) {
            int index = random.nextInt(znode.childCount() + 1);
            List<Znode> children = new ArrayList<>();
            znode.forEachChild(children::add);
            if (index == children.size()) {
                break;
            }
            znode = children.get(index);
        }
        String path = new String(znode.path(), UTF_8);
        if (random.nextInt(2) == 0) {
            path += (path.equals("/") ? "" : "/") + oneOf("a", "b", "c", "k", "s-", "");
        }
        return path.getBytes(UTF_8);
    }

    private byte @Nullable [] data() {
        return nullable(() -> DATA[random.nextInt(DATA.length)].getBytes(UTF_8));
    }

    private int version() {
        return random.nextInt(3) == 0 ? oneOf(0, 1, 2, 3, -2, Integer.MAX_VALUE) : -1;
    }

    private long seen(long relativeZxid) {
        return Math.max(0, relativeZxid - random.nextInt(5));
    }

    private @Nullable List<Acl> acl() {
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> List.of();
            case 2, 3 -> list(4, () -> new Acl(random.nextInt(40) - 4, id()));
            case 4 -> List.of(new Acl(31, new Id("auth", "")));
            default -> Acl.OPEN;
        };
    }

    private Id id() {
        return switch (random.nextInt(9)) {
            case 0, 1 -> Id.ANYONE;
            case 2 -> new Id("digest", digest.idOf("u:p".getBytes(UTF_8)));
            case 3 -> new Id("ip", oneOf("127.0.0.1", "10.0.0.0/8", "::1/64", "1.2.3", "::", "/"));
            case 4 -> new Id("auth", null);
            case 5 -> new Id(null, "x");
            case 6 -> new Id("world", null);
            case 7 -> new Id("digest", oneOf("u:", ":", "", "a:b", "a:b:c", ":::"));
            default -> new Id(oneOf("super", "x509", "sasl"), oneOf("", "x"));
        };
    }

    private @Nullable List<byte @Nullable []> paths() {
        return random.nextInt(20) == 0 ? null : list(4, this::path);
    }

    private byte[] noise() {
        byte[] noise = new byte[random.nextInt(24)];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] damaged(byte[] frame) {
        byte[] damaged = frame.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = RequestHeader.BYTES + random.nextInt(damaged.length);
            switch (random.nextInt(4)) {
                case 0 -> damaged = Arrays.copyOf(damaged, Math.min(at, damaged.length));
                case 1 -> damaged = Arrays.copyOf(damaged, damaged.length + random.nextInt(9));
                case 2 -> overwrite(damaged, at, 4, oneOf(NOTABLE_INTS));
                default -> overwrite(damaged, at, 1, random.nextInt());
            }
        }
        return damaged;
    }

    private static void overwrite(byte[] frame, int at, int count, int value) {
        for (int i = 0; i < count && at + i < frame.length; i++) {
            frame[at + i] = (byte) (value >>> (8 * (count - 1 - i)));
        }
    }

    private <T> List<T> list(int sizeMax, Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(sizeMax + 1); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    private <T> @Nullable T nullable(Supplier<T> value) {
        return random.nextInt(8) == 0 ? null : value.get();
    }

    private int oneOf(int... values) {
        return values[random.nextInt(values.length)];
    }

    private String oneOf(String... values) {
        return values[random.nextInt(values.length)];
    }
}
