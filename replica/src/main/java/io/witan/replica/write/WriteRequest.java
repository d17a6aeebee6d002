package io.witan.replica.write;

import io.witan.tree.OwnerKind;
import io.witan.wire.client.CreateFlags;
import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// A request for a change, decoded but not yet checked. Paths may be null and anything else may be
/// nonsense: the checks of [Preparation] say what then.
public sealed interface WriteRequest {

    /// The create family; `type` is the request's own.
    record Create(int type, CreateRequest body) implements WriteRequest {

        @Override
        public boolean makesEphemeral() {
            return type != OpCode.CREATE_CONTAINER && CreateFlags.isEphemeral(body.flags());
        }
    }

    record Delete(byte @Nullable [] path, int version) implements WriteRequest {}

    /// Made by the server itself when a container or a TTL znode has had its day.
    record DeleteContainer(byte[] path) implements WriteRequest {}

    record SetData(byte @Nullable [] path, byte @Nullable [] data, int version)
            implements WriteRequest {}

    record SetAcl(byte @Nullable [] path, @Nullable List<Acl> acl, int version)
            implements WriteRequest {}

    /// Only within a multi.
    record Check(byte @Nullable [] path, int version) implements WriteRequest {}

    record Multi(List<WriteRequest> ops) implements WriteRequest {

        @Override
        public boolean makesEphemeral() {
            return ops.stream().anyMatch(WriteRequest::makesEphemeral);
        }
    }

    /// A multi whose list could be framed but not accepted: it takes its zxid and fails as a whole.
    record MalformedMulti() implements WriteRequest {}

    /// A request that a learner handed on and that cannot be carried out; yet its server waits for
    /// a transaction (quorum, sections 8.1 and 10.1, X1).
    record Refused(int err) implements WriteRequest {}

    record Reconfig(
            @Nullable String joiningServers,
            @Nullable String leavingServers,
            @Nullable String newMembers,
            long curConfigId)
            implements WriteRequest {}

    record CreateSession(int timeoutMillis) implements WriteRequest {}

    record CloseSession() implements WriteRequest {}

    /// Whether it asks for a znode that goes with its session.
    default boolean makesEphemeral() {
        return false;
    }

    /// Whether requests of this type are writes that a client may send by themselves.
    static boolean isWrite(int type) {
        return switch (type) {
            case OpCode.CREATE,
                    OpCode.CREATE2,
                    OpCode.CREATE_CONTAINER,
                    OpCode.CREATE_TTL,
                    OpCode.DELETE,
                    OpCode.SET_DATA,
                    OpCode.SET_ACL,
                    OpCode.MULTI,
                    OpCode.RECONFIG,
                    OpCode.CLOSE_SESSION ->
                    true;
            default -> false;
        };
    }

    /// What flags and TTL of a create are refused with, 0 if they are not (client-and-disk,
    /// sections 3.5 and 3.16, lines 1 to 3).
    static int refusalOfKind(int type, int flags, long ttl, boolean extendedTypes) {
        if (!CreateFlags.isValid(flags)) {
            return ErrorCode.BAD_ARGUMENTS;
        }
        if (CreateFlags.isTtl(flags) && !extendedTypes) {
            return ErrorCode.UNIMPLEMENTED;
        }
        if (type == OpCode.CREATE_TTL) {
            // With other flags and a negative TTL the original lets the request pass and then stops
            // at it, at every start again (section 13.3).
            boolean good = CreateFlags.isTtl(flags) && ttl > 0 && ttl <= OwnerKind.TTL_MILLIS_MAX;
            return good ? ErrorCode.OK : ErrorCode.BAD_ARGUMENTS;
        }
        return CreateFlags.isTtl(flags) ? ErrorCode.BAD_ARGUMENTS : ErrorCode.OK;
    }

    /// The body of a request of a type that [#isWrite].
    ///
    /// @throws DecodeException if the bytes are no such request
    static WriteRequest read(int type, JuteReader in) {
        return switch (type) {
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER ->
                    new Create(type, CreateRequest.read(in, false));
            case OpCode.CREATE_TTL -> new Create(type, CreateRequest.read(in, true));
            case OpCode.DELETE -> new Delete(in.readBuffer(), in.readInt());
            case OpCode.SET_DATA -> new SetData(in.readBuffer(), in.readBuffer(), in.readInt());
            case OpCode.SET_ACL -> new SetAcl(in.readBuffer(), Acl.readList(in), in.readInt());
            case OpCode.MULTI -> readMulti(in);
            case OpCode.RECONFIG ->
                    new Reconfig(in.readString(), in.readString(), in.readString(), in.readLong());
            case OpCode.CLOSE_SESSION -> new CloseSession();
            default -> throw new IllegalArgumentException("not a write: " + type);
        };
    }

    /// A list is malformed, but still takes a zxid, whatever is wrong with it (client-and-disk,
    /// sections 3.3 and 3.12).
    private static WriteRequest readMulti(JuteReader in) {
        try {
            List<WriteRequest> ops = new ArrayList<>();
            while (true) {
                int type = in.readInt();
                boolean done = in.readBoolean();
                in.readInt();
                if (done) {
                    return new Multi(ops);
                }
                WriteRequest op = readMultiOp(type, in);
                if (op == null) {
                    return new MalformedMulti();
                }
                ops.add(op);
            }
        } catch (DecodeException malformed) {
            return new MalformedMulti();
        }
    }

    /// Null for what a multi may not contain.
    private static @Nullable WriteRequest readMultiOp(int type, JuteReader in) {
        if (type == OpCode.CHECK) {
            return new Check(in.readBuffer(), in.readInt());
        }
        if (type == OpCode.DELETE || type == OpCode.SET_DATA) {
            return read(type, in);
        }
        if (isCreate(type) && read(type, in) instanceof Create create) {
            return isAcceptableInMulti(create) ? create : null;
        }
        return null;
    }

    private static boolean isCreate(int type) {
        return type == OpCode.CREATE
                || type == OpCode.CREATE2
                || type == OpCode.CREATE_CONTAINER
                || type == OpCode.CREATE_TTL;
    }

    private static boolean isAcceptableInMulti(Create create) {
        int flags = create.body().flags();
        if (create.body().acl() == null) {
            return false;
        }
        // A createTTL with any flags is accepted, and fails as an op if they are nonsense.
        return create.type() == OpCode.CREATE_TTL
                || (CreateFlags.isValid(flags) && !CreateFlags.isTtl(flags));
    }
}
