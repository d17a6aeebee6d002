package io.witan.simulation.client;

import io.witan.simulation.net.Host;
import io.witan.simulation.world.Chance;
import io.witan.wire.client.AddWatchMode;
import io.witan.wire.client.CreateFlags;
import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Request;
import io.witan.wire.client.WatcherType;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.data.Perms;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// What a client asks: every kind of request over a few paths, so that clients get into each
/// other's way. Data is unique, so that a read tells which write it saw.
public final class Workload {

    private static final List<String> TOPS = List.of("/a", "/b", "/q");
    private static final List<String> PATHS =
            List.of("/a", "/b", "/q", "/a/x", "/a/y", "/b/x", "/b/x/deep", "/k", "/e");

    /// World as before, and one more that changes nothing: everybody can still do everything.
    private static final List<Acl> OPEN_TWICE =
            List.of(new Acl(Perms.ALL, Id.ANYONE), new Acl(Perms.READ, new Id("ip", "10.0.0.1")));

    /// Everybody can still give them back.
    private static final List<Integer> PERMS_LEFT =
            List.of(Perms.ADMIN, Perms.ADMIN | Perms.READ, Perms.ALL & ~Perms.READ);

    private final int client;
    private final Chance chance;
    private final Supplier<@Nullable Request> reconfigurations;
    private int dataCount;

    /// @param reconfigurations a change of the membership that makes sense now; null for none
    public Workload(int client, Chance chance, Supplier<@Nullable Request> reconfigurations) {
        this.client = client;
        this.chance = chance;
        this.reconfigurations = reconfigurations;
    }

    /// The next request.
    Request next(ClientProfile profile) {
        int draw = chance.between(0, 100);
        if (draw < 45) {
            return read(profile);
        }
        if (draw < 50) {
            return new Request.OfPath(OpCode.SYNC, bytes(path()));
        }
        if (draw < 52 && profile.usesWatches()) {
            return addWatch();
        }
        if (draw < 53 && profile.usesReconfig()) {
            Request reconfig = reconfigurations.get();
            if (reconfig != null) {
                return reconfig;
            }
        }
        if (draw < 54 && profile.usesQuotas()) {
            return quota();
        }
        if (draw < 60) {
            return multi();
        }
        return write(profile);
    }

    /// A write that shows whether a client is served.
    Request write(ClientProfile profile) {
        int draw = chance.between(0, 20);
        return switch (draw) {
            case 0, 1, 2, 3, 4, 5 -> create(profile);
            case 6, 7 -> sequential();
            case 8, 9, 10 -> new Request.Delete(bytes(path()), version());
            case 11 ->
                    new Request.SetAcl(
                            bytes(path()),
                            chance.hit(0.5) ? notQuiteOpen(profile) : Acl.OPEN,
                            chance.hit(0.8) ? -1 : chance.between(0, 3));
            default -> new Request.SetData(bytes(path()), data(), version());
        };
    }

    private List<Acl> notQuiteOpen(ClientProfile profile) {
        if (!profile.usesPermissions()) {
            return OPEN_TWICE;
        }
        int own = chance.hit(0.5) ? Perms.ALL : Perms.READ;
        return List.of(
                new Acl(chance.pick(PERMS_LEFT), Id.ANYONE),
                new Acl(own, new Id("ip", Host.client(client).address())));
    }

    private Request read(ClientProfile profile) {
        boolean watch = profile.usesWatches() && chance.hit(0.3);
        return switch (chance.between(0, 12)) {
            case 0, 1, 2 -> new Request.Watchable(OpCode.EXISTS, bytes(path()), watch);
            case 3, 4, 5, 6 -> new Request.Watchable(OpCode.GET_DATA, bytes(path()), watch);
            case 7 -> new Request.Watchable(OpCode.GET_CHILDREN, bytes(parent()), watch);
            case 8 -> new Request.Watchable(OpCode.GET_CHILDREN2, bytes(parent()), watch);
            case 9 -> new Request.OfPath(OpCode.GET_ACL, bytes(path()));
            case 10 -> new Request.OfPath(OpCode.GET_EPHEMERALS, bytes("/"));
            default ->
                    Request.multiRead(
                            List.of(
                                    new Request.Watchable(OpCode.GET_DATA, bytes(path()), false),
                                    new Request.Watchable(
                                            OpCode.GET_CHILDREN, bytes(parent()), false)));
        };
    }

    private Request addWatch() {
        if (chance.hit(0.2)) {
            return new Request.OfWatches(OpCode.REMOVE_WATCHES, bytes(path()), WatcherType.ANY);
        }
        return new Request.AddWatch(
                bytes(chance.hit(0.5) ? parent() : path()),
                chance.hit(0.5) ? AddWatchMode.PERSISTENT : AddWatchMode.PERSISTENT_RECURSIVE);
    }

    private Request create(ClientProfile profile) {
        int kind = chance.between(0, 12);
        if (kind < 4) {
            return create(OpCode.CREATE, path(), CreateFlags.PERSISTENT, 0);
        }
        if (kind < 6) {
            return create(OpCode.CREATE2, path(), CreateFlags.PERSISTENT, 0);
        }
        if (kind < 9) {
            return create(OpCode.CREATE, leaf(), CreateFlags.EPHEMERAL, 0);
        }
        if (kind < 11 || !profile.usesExtendedTypes()) {
            return create(OpCode.CREATE_CONTAINER, "/k", CreateFlags.CONTAINER, 0);
        }
        return create(
                OpCode.CREATE_TTL,
                leaf(),
                CreateFlags.PERSISTENT_WITH_TTL,
                chance.between(1_000L, 20_000L));
    }

    private Request sequential() {
        String parent = chance.pick(List.of("/q/n-", "/a/n-", "/q/"));
        return create(
                chance.hit(0.5) ? OpCode.CREATE : OpCode.CREATE2,
                parent,
                chance.hit(0.7)
                        ? CreateFlags.EPHEMERAL_SEQUENTIAL
                        : CreateFlags.PERSISTENT_SEQUENTIAL,
                0);
    }

    private Request create(int type, String path, int flags, long ttl) {
        return new Request.Create(
                type, new CreateRequest(bytes(path), data(), Acl.OPEN, flags, ttl));
    }

    private Request multi() {
        List<Request> ops = new ArrayList<>();
        int count = chance.between(1, 5);
        for (int i = 0; i < count; i++) {
            ops.add(
                    switch (chance.between(0, 7)) {
                        case 0 -> new Request.Check(bytes(path()), version());
                        case 1, 2 -> create(OpCode.CREATE, path(), CreateFlags.PERSISTENT, 0);
                        case 3 -> sequential();
                        case 4 -> new Request.Delete(bytes(path()), -1);
                        default -> new Request.SetData(bytes(path()), data(), -1);
                    });
        }
        return Request.multi(ops);
    }

    /// All znodes of a quota at once; fails where there is one already.
    private Request quota() {
        String node = "/zookeeper/quota" + chance.pick(List.of("/a", "/b"));
        String limits = "count=8,bytes=400=;countHardLimit=" + chance.between(3, 12);
        return Request.multi(
                List.of(
                        plain(node, null),
                        plain(node + "/zookeeper_limits", bytes(limits)),
                        plain(node + "/zookeeper_stats", bytes("count=0,bytes=0"))));
    }

    private static Request plain(String path, byte @Nullable [] data) {
        return new Request.Create(
                OpCode.CREATE,
                new CreateRequest(bytes(path), data, Acl.OPEN, CreateFlags.PERSISTENT, 0));
    }

    private String path() {
        return chance.pick(PATHS);
    }

    private String parent() {
        return chance.hit(0.1) ? "/" : chance.pick(TOPS);
    }

    private String leaf() {
        return chance.pick(List.of("/a/x", "/a/y", "/e", "/b/e", "/k/e"));
    }

    private int version() {
        return chance.hit(0.75) ? -1 : chance.between(0, 4);
    }

    private byte @Nullable [] data() {
        if (chance.hit(0.05)) {
            return chance.hit(0.5) ? null : new byte[0];
        }
        return bytes("c" + client + "-" + ++dataCount);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
