package io.witan.wire.client;

import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The body of a request: what follows the [RequestHeader] (client-and-disk, section 3.1). For
/// clients, tools and tests; a server decodes the fields of its frequent requests in place.
///
/// Paths are UTF-8 bytes. What the protocol allows to be null is nullable here, even where a server
/// then refuses it.
public sealed interface Request {

    /// The [OpCode] that goes with this body.
    int type();

    /// Appends the body.
    void write(JuteWriter out);

    /// Reads the body of a request of `type`. Types that only servers use among themselves are
    /// refused, and so are lists that a multi or multiRead may not hold.
    static Request read(int type, JuteReader in) {
        return RequestCodec.read(type, in);
    }

    /// Types create, create2, createContainer and createTTL.
    record Create(int type, CreateRequest body) implements Request {
        @Override
        public void write(JuteWriter out) {
            body.write(out, type == OpCode.CREATE_TTL);
        }
    }

    /// @param version expected version, -1 for any
    record Delete(byte @Nullable [] path, int version) implements Request {
        @Override
        public int type() {
            return OpCode.DELETE;
        }

        @Override
        public void write(JuteWriter out) {
            out.writeBuffer(path).writeInt(version);
        }
    }

    /// @param version expected version, -1 for any
    record SetData(byte @Nullable [] path, byte @Nullable [] data, int version) implements Request {
        @Override
        public int type() {
            return OpCode.SET_DATA;
        }

        @Override
        public void write(JuteWriter out) {
            out.writeBuffer(path).writeBuffer(data).writeInt(version);
        }
    }

    /// @param version expected aversion, -1 for any
    record SetAcl(byte @Nullable [] path, @Nullable List<Acl> acl, int version) implements Request {
        @Override
        public int type() {
            return OpCode.SET_ACL;
        }

        @Override
        public void write(JuteWriter out) {
            out.writeBuffer(path);
            Acl.writeList(out, acl);
            out.writeInt(version);
        }
    }

    /// Only within a [Multi].
    ///
    /// @param version expected version, -1 for any
    record Check(byte @Nullable [] path, int version) implements Request {
        @Override
        public int type() {
            return OpCode.CHECK;
        }

        @Override
        public void write(JuteWriter out) {
            out.writeBuffer(path).writeInt(version);
        }
    }

    /// Types exists, getData, getChildren and getChildren2.
    record Watchable(int type, byte @Nullable [] path, boolean watch) implements Request {
        @Override
        public void write(JuteWriter out) {
            out.writeBuffer(path).writeBoolean(watch);
        }
    }

    /// Types getACL, sync, getAllChildrenNumber and getEphemerals, the path of which is a prefix.
    record OfPath(int type, byte @Nullable [] path) implements Request {
        @Override
        public void write(JuteWriter out) {
            out.writeBuffer(path);
        }
    }

    /// Types ping, whoAmI and closeSession, which have no body.
    record Bare(int type) implements Request {
        @Override
        public void write(JuteWriter out) {}
    }

    /// @param mode an [AddWatchMode]
    record AddWatch(byte @Nullable [] path, int mode) implements Request {
        @Override
        public int type() {
            return OpCode.ADD_WATCH;
        }

        @Override
        public void write(JuteWriter out) {
            out.writeBuffer(path).writeInt(mode);
        }
    }

    /// Types checkWatches and removeWatches.
    ///
    /// @param watcherType a [WatcherType]
    record OfWatches(int type, byte @Nullable [] path, int watcherType) implements Request {
        @Override
        public void write(JuteWriter out) {
            out.writeBuffer(path).writeInt(watcherType);
        }
    }

    /// What a client watched before it lost its connection.
    ///
    /// @param relativeZxid last zxid that the client has seen in a reply
    record SetWatches(
            long relativeZxid,
            @Nullable List<byte @Nullable []> dataWatches,
            @Nullable List<byte @Nullable []> existWatches,
            @Nullable List<byte @Nullable []> childWatches)
            implements Request {
        @Override
        public int type() {
            return OpCode.SET_WATCHES;
        }

        @Override
        public void write(JuteWriter out) {
            out.writeLong(relativeZxid);
            RequestCodec.writePaths(out, dataWatches);
            RequestCodec.writePaths(out, existWatches);
            RequestCodec.writePaths(out, childWatches);
        }
    }

    /// As [SetWatches], for clients that have persistent watches too.
    record SetWatches2(
            long relativeZxid,
            @Nullable List<byte @Nullable []> dataWatches,
            @Nullable List<byte @Nullable []> existWatches,
            @Nullable List<byte @Nullable []> childWatches,
            @Nullable List<byte @Nullable []> persistentWatches,
            @Nullable List<byte @Nullable []> persistentRecursiveWatches)
            implements Request {
        @Override
        public int type() {
            return OpCode.SET_WATCHES2;
        }

        @Override
        public void write(JuteWriter out) {
            out.writeLong(relativeZxid);
            RequestCodec.writePaths(out, dataWatches);
            RequestCodec.writePaths(out, existWatches);
            RequestCodec.writePaths(out, childWatches);
            RequestCodec.writePaths(out, persistentWatches);
            RequestCodec.writePaths(out, persistentRecursiveWatches);
        }
    }

    /// AuthPacket of the original. `authType` is ignored by servers.
    record Auth(int authType, @Nullable String scheme, byte @Nullable [] auth) implements Request {
        @Override
        public int type() {
            return OpCode.AUTH;
        }

        @Override
        public void write(JuteWriter out) {
            out.writeInt(authType).writeString(scheme).writeBuffer(auth);
        }
    }

    /// One step of a SASL exchange.
    record Sasl(byte @Nullable [] token) implements Request {
        @Override
        public int type() {
            return OpCode.SASL;
        }

        @Override
        public void write(JuteWriter out) {
            out.writeBuffer(token);
        }
    }

    /// Changes the members of the ensemble (section 3.14).
    ///
    /// @param curConfigId version of the configuration that the client has seen, -1 for any
    record Reconfig(
            @Nullable String joiningServers,
            @Nullable String leavingServers,
            @Nullable String newMembers,
            long curConfigId)
            implements Request {
        @Override
        public int type() {
            return OpCode.RECONFIG;
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(joiningServers).writeString(leavingServers).writeString(newMembers);
            out.writeLong(curConfigId);
        }
    }

    /// Types multi ([Create], [Delete], [SetData], [Check]) and multiRead (getData, getChildren).
    record Multi(int type, List<Request> ops) implements Request {

        public Multi {
            ops = List.copyOf(ops);
            for (Request op : ops) {
                if (!mayHold(type, op.type())) {
                    throw new IllegalArgumentException(
                            OpCode.name(op.type()) + " within a " + OpCode.name(type));
                }
            }
        }

        /// Whether a list of `type` may hold an operation of `opType`.
        public static boolean mayHold(int type, int opType) {
            return switch (opType) {
                case OpCode.CREATE,
                        OpCode.CREATE2,
                        OpCode.CREATE_CONTAINER,
                        OpCode.CREATE_TTL,
                        OpCode.DELETE,
                        OpCode.SET_DATA,
                        OpCode.CHECK ->
                        type == OpCode.MULTI;
                case OpCode.GET_DATA, OpCode.GET_CHILDREN -> type == OpCode.MULTI_READ;
                default -> false;
            };
        }

        @Override
        public void write(JuteWriter out) {
            for (Request op : ops) {
                MultiHeader.request(op.type()).write(out);
                op.write(out);
            }
            MultiHeader.END.write(out);
        }
    }

    /// Several operations, all or nothing.
    static Multi multi(List<Request> ops) {
        return new Multi(OpCode.MULTI, ops);
    }

    /// Several reads in one round trip; each succeeds or fails by itself.
    static Multi multiRead(List<Request> ops) {
        return new Multi(OpCode.MULTI_READ, ops);
    }
}
