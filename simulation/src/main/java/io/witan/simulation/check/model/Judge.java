package io.witan.simulation.check.model;

import io.witan.wire.client.CreateFlags;
import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Request;
import io.witan.wire.client.SequentialName;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.data.Perms;
import io.witan.wire.data.Stat;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// What a write must do in a state: the checks of section 3.16 in their order, then the change.
final class Judge {

    private static final String CONFIG = "/zookeeper/config";
    private static final long ANY_VERSION = -1;

    private Judge() {}

    /// Does it on top of a state.
    static Outcome judge(Request request, long sessionId, int client, Overlay state) {
        return switch (request) {
            case Request.Multi multi -> judgeMulti(multi, sessionId, client, state);
            default -> {
                Outcome.Op op = judgeOne(request, sessionId, client, state);
                yield new Outcome(op.err(), List.of(op));
            }
        };
    }

    private static Outcome judgeMulti(
            Request.Multi multi, long sessionId, int client, Overlay state) {
        List<Outcome.Op> ops = new ArrayList<>();
        int failed = ErrorCode.OK;
        for (Request request : multi.ops()) {
            if (failed != ErrorCode.OK) {
                ops.add(Outcome.Op.failed(ErrorCode.RUNTIME_INCONSISTENCY));
                continue;
            }
            Outcome.Op op = judgeOne(request, sessionId, client, state);
            failed = op.err();
            ops.add(op);
        }
        if (failed == ErrorCode.OK) {
            return new Outcome(failed, ops);
        }
        List<Outcome.Op> results = new ArrayList<>();
        for (Outcome.Op op : ops) {
            results.add(Outcome.Op.failed(op.err()));
        }
        state.changed().clear();
        state.changes().clear();
        return new Outcome(failed, results);
    }

    private static Outcome.Op judgeOne(Request request, long sessionId, int client, Overlay state) {
        if (!state.mayWrite(sessionId)) {
            return Outcome.Op.failed(ErrorCode.SESSION_EXPIRED);
        }
        return switch (request) {
            case Request.Create create ->
                    create(create.body(), create.type(), sessionId, client, state);
            case Request.Delete delete -> delete(delete, client, state);
            case Request.SetData set -> setData(set, client, state);
            case Request.SetAcl set -> setAcl(set, client, state);
            case Request.Check check -> check(check, client, state);
            case Request.Reconfig reconfig -> reconfig(reconfig, state);
            default -> new Outcome.Op(ErrorCode.OK, null, null);
        };
    }

    private static Outcome.Op create(
            CreateRequest request, int type, long sessionId, int client, Overlay state) {
        String asked = path(request.path());
        String parentPath = ModelView.parent(asked);
        ModelNode parent = state.node(parentPath);
        if (parent == null) {
            return Outcome.Op.failed(ErrorCode.NO_NODE);
        }
        if (!Permissions.allow(parent.acl(), Perms.CREATE, client)) {
            return Outcome.Op.failed(ErrorCode.NO_AUTH);
        }
        String path =
                CreateFlags.isSequential(request.flags())
                        ? path(SequentialName.of(bytes(asked), parent.creates()))
                        : asked;
        if (state.node(path) != null) {
            return Outcome.Op.failed(ErrorCode.NODE_EXISTS);
        }
        if (parent.isEphemeral()) {
            return Outcome.Op.failed(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS);
        }
        state.create(
                path,
                request.data(),
                request.acl(),
                owner(request, type, sessionId),
                parent.creates() + 1);
        return new Outcome.Op(ErrorCode.OK, path, stat(path, state));
    }

    private static long owner(CreateRequest request, int type, long sessionId) {
        if (type == OpCode.CREATE_CONTAINER) {
            return ModelNode.CONTAINER_OWNER;
        }
        if (CreateFlags.isTtl(request.flags())) {
            return ModelNode.TTL_MARK | request.ttl();
        }
        return CreateFlags.isEphemeral(request.flags()) ? sessionId : 0;
    }

    private static Outcome.Op delete(Request.Delete request, int client, Overlay state) {
        String path = path(request.path());
        ModelNode parent = state.node(ModelView.parent(path));
        if (parent == null) {
            return Outcome.Op.failed(ErrorCode.NO_NODE);
        }
        if (!Permissions.allow(parent.acl(), Perms.DELETE, client)) {
            return Outcome.Op.failed(ErrorCode.NO_AUTH);
        }
        ModelNode node = state.node(path);
        if (node == null) {
            return Outcome.Op.failed(ErrorCode.NO_NODE);
        }
        if (request.version() != -1 && request.version() != node.version()) {
            return Outcome.Op.failed(ErrorCode.BAD_VERSION);
        }
        if (node.children() > 0) {
            return Outcome.Op.failed(ErrorCode.NOT_EMPTY);
        }
        state.delete(path);
        return new Outcome.Op(ErrorCode.OK, null, null);
    }

    private static Outcome.Op setData(Request.SetData request, int client, Overlay state) {
        String path = path(request.path());
        ModelNode node = state.node(path);
        if (node == null) {
            return Outcome.Op.failed(ErrorCode.NO_NODE);
        }
        if (!Permissions.allow(node.acl(), Perms.WRITE, client)) {
            return Outcome.Op.failed(ErrorCode.NO_AUTH);
        }
        if (request.version() != -1 && request.version() != node.version()) {
            return Outcome.Op.failed(ErrorCode.BAD_VERSION);
        }
        state.setData(path, request.data(), node.version() + 1);
        return new Outcome.Op(ErrorCode.OK, null, stat(path, state));
    }

    private static Outcome.Op setAcl(Request.SetAcl request, int client, Overlay state) {
        String path = path(request.path());
        ModelNode node = state.node(path);
        if (node == null) {
            return Outcome.Op.failed(ErrorCode.NO_NODE);
        }
        if (!Permissions.allow(node.acl(), Perms.ADMIN, client)) {
            return Outcome.Op.failed(ErrorCode.NO_AUTH);
        }
        if (request.version() != -1 && request.version() != node.aversion()) {
            return Outcome.Op.failed(ErrorCode.BAD_VERSION);
        }
        state.setAcl(path, request.acl(), node.aversion() + 1);
        return new Outcome.Op(ErrorCode.OK, null, stat(path, state));
    }

    /// Only its condition; the rest is decided by who follows the leader.
    private static Outcome.Op reconfig(Request.Reconfig request, Overlay state) {
        boolean isOther =
                request.curConfigId() != ANY_VERSION
                        && request.curConfigId() != configVersion(state);
        return new Outcome.Op(isOther ? ErrorCode.BAD_VERSION : ErrorCode.OK, null, null);
    }

    /// Whether the history says which version the configuration has. Before the first change, it is
    /// that of the epoch in which it was put in force (quorum, section 5.6), which no transaction
    /// tells.
    static boolean knowsConfigVersion(ModelView state) {
        ModelNode config = state.node(CONFIG);
        byte[] data = config == null ? null : config.data();
        return data != null && data.length > 0;
    }

    private static long configVersion(ModelView state) {
        byte[] data = Objects.requireNonNull(Objects.requireNonNull(state.node(CONFIG)).data());
        try {
            return EnsembleConfig.parse(new String(data, StandardCharsets.UTF_8)).version();
        } catch (ConfigTextException unreadable) {
            throw new IllegalStateException("a configuration that nobody can read", unreadable);
        }
    }

    private static Outcome.Op check(Request.Check request, int client, Overlay state) {
        ModelNode node = state.node(path(request.path()));
        if (node == null) {
            return Outcome.Op.failed(ErrorCode.NO_NODE);
        }
        if (!Permissions.allow(node.acl(), Perms.READ, client)) {
            return Outcome.Op.failed(ErrorCode.NO_AUTH);
        }
        boolean fits = request.version() == -1 || request.version() == node.version();
        return new Outcome.Op(fits ? ErrorCode.OK : ErrorCode.BAD_VERSION, null, null);
    }

    private static @Nullable Stat stat(String path, Overlay state) {
        ModelNode node = state.node(path);
        return node == null ? null : node.stat();
    }

    private static String path(byte @Nullable [] path) {
        return ModelTree.text(Objects.requireNonNull(path));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
