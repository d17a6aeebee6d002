package io.witan.simulation.check;

import io.witan.simulation.check.model.ModelNode;
import io.witan.simulation.check.model.ModelTree;
import io.witan.simulation.check.model.Permissions;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.data.Stat;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/// Replies to reads against the committed state at the zxid that they name.
final class Reads {

    /// What servers set up by themselves, each for itself.
    private static final String SYSTEM = "/zookeeper";

    private Reads() {}

    /// What is wrong, or null.
    static @Nullable String wrong(
            ModelTree tree,
            int client,
            long sessionId,
            Request request,
            long zxid,
            int err,
            @Nullable Reply reply) {
        return switch (request) {
            case Request.Watchable read -> {
                String path = text(read.path());
                yield path.startsWith(SYSTEM)
                        ? null
                        : node(tree, client, read.type(), path, zxid, err, reply);
            }
            case Request.OfPath read when read.type() == OpCode.GET_ACL -> {
                String path = text(read.path());
                yield path.startsWith(SYSTEM)
                        ? null
                        : node(tree, client, read.type(), path, zxid, err, reply);
            }
            case Request.OfPath read when read.type() == OpCode.GET_EPHEMERALS ->
                    err == ErrorCode.OK && reply instanceof Reply.Names names
                            ? names(names.names(), tree.ephemeralsAt(sessionId, zxid))
                            : null;
            case Request.Multi multi -> {
                if (!(reply instanceof Reply.Results results)) {
                    yield null;
                }
                for (int i = 0; i < results.results().size(); i++) {
                    Request op = multi.ops().get(i);
                    Reply.Result result = results.results().get(i);
                    int resultErr =
                            result.body() instanceof Reply.Err failed ? failed.err() : result.err();
                    String wrong =
                            wrong(tree, client, sessionId, op, zxid, resultErr, result.body());
                    if (wrong != null) {
                        yield wrong;
                    }
                }
                yield null;
            }
            default -> null;
        };
    }

    private static @Nullable String node(
            ModelTree tree,
            int client,
            int type,
            String path,
            long zxid,
            int err,
            @Nullable Reply reply) {
        ModelNode node = tree.nodeAt(path, zxid);
        if (err == ErrorCode.NO_NODE) {
            return node == null ? null : path + " exists at that zxid";
        }
        boolean mayRead =
                node == null
                        || (type == OpCode.GET_ACL
                                ? Permissions.allowReadingAcl(node.acl(), client)
                                : Permissions.allowReading(node.acl(), client));
        if (err == ErrorCode.NO_AUTH) {
            return mayRead ? "the client may read " + path : null;
        }
        if (err == ErrorCode.OK && !mayRead) {
            return "the client may not read " + path;
        }
        if (err != ErrorCode.OK) {
            return err == ErrorCode.SESSION_EXPIRED || err == ErrorCode.SESSION_MOVED
                    ? null
                    : "answered with " + ErrorCode.name(err);
        }
        if (node == null) {
            return path + " does not exist at that zxid";
        }
        return switch (reply) {
            case null -> "no reply";
            case Reply.OfStat r -> stat(r.stat(), node);
            case Reply.DataAndStat r ->
                    Arrays.equals(r.data(), node.data())
                            ? stat(r.stat(), node)
                            : "data is " + shown(r.data()) + ", it must be " + shown(node.data());
            case Reply.AclAndStat r ->
                    Objects.equals(r.acl(), node.acl())
                            ? stat(r.stat(), node)
                            : "ACL is " + r.acl() + ", it must be " + node.acl();
            case Reply.Names r -> names(r.names(), new TreeSet<>(tree.childrenAt(path, zxid)));
            case Reply.NamesAndStat r -> {
                String wrong = names(r.names(), new TreeSet<>(tree.childrenAt(path, zxid)));
                yield wrong != null ? wrong : stat(r.stat(), node);
            }
            default -> "a reply of another kind to type " + type;
        };
    }

    private static @Nullable String stat(Stat stat, ModelNode node) {
        return stat.equals(node.stat()) ? null : "stat is " + stat + ", it must be " + node.stat();
    }

    private static @Nullable String names(
            @Nullable List<byte @Nullable []> names, SortedSet<String> expected) {
        SortedSet<String> is = new TreeSet<>();
        if (names != null) {
            for (byte[] name : names) {
                is.add(text(name));
            }
        }
        return is.equals(expected) ? null : "names are " + is + ", they must be " + expected;
    }

    private static String text(byte @Nullable [] path) {
        return path == null ? "" : new String(path, StandardCharsets.UTF_8);
    }

    private static String shown(byte @Nullable [] data) {
        return data == null ? "null" : "'" + new String(data, StandardCharsets.UTF_8) + "'";
    }
}
