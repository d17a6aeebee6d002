package io.witan.wire.client;

import io.witan.wire.data.Acl;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Reads the bodies of requests; the table of section 3.1 as a switch.
final class RequestCodec {

    /// Smallest path of a list: a null string.
    private static final int PATH_BYTES_MIN = 4;

    private RequestCodec() {}

    static Request read(int type, JuteReader in) {
        return switch (type) {
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER ->
                    new Request.Create(type, CreateRequest.read(in, false));
            case OpCode.CREATE_TTL -> new Request.Create(type, CreateRequest.read(in, true));
            case OpCode.DELETE -> new Request.Delete(in.readBuffer(), in.readInt());
            case OpCode.SET_DATA ->
                    new Request.SetData(in.readBuffer(), in.readBuffer(), in.readInt());
            case OpCode.SET_ACL ->
                    new Request.SetAcl(in.readBuffer(), Acl.readList(in), in.readInt());
            case OpCode.CHECK -> new Request.Check(in.readBuffer(), in.readInt());
            case OpCode.EXISTS, OpCode.GET_DATA, OpCode.GET_CHILDREN, OpCode.GET_CHILDREN2 ->
                    new Request.Watchable(type, in.readBuffer(), in.readBoolean());
            case OpCode.GET_ACL,
                    OpCode.SYNC,
                    OpCode.GET_ALL_CHILDREN_NUMBER,
                    OpCode.GET_EPHEMERALS ->
                    new Request.OfPath(type, in.readBuffer());
            case OpCode.PING, OpCode.WHO_AM_I, OpCode.CLOSE_SESSION -> new Request.Bare(type);
            case OpCode.ADD_WATCH -> new Request.AddWatch(in.readBuffer(), in.readInt());
            case OpCode.CHECK_WATCHES, OpCode.REMOVE_WATCHES ->
                    new Request.OfWatches(type, in.readBuffer(), in.readInt());
            case OpCode.SET_WATCHES ->
                    new Request.SetWatches(
                            in.readLong(), readPaths(in), readPaths(in), readPaths(in));
            case OpCode.SET_WATCHES2 ->
                    new Request.SetWatches2(
                            in.readLong(),
                            readPaths(in),
                            readPaths(in),
                            readPaths(in),
                            readPaths(in),
                            readPaths(in));
            case OpCode.AUTH -> new Request.Auth(in.readInt(), in.readString(), in.readBuffer());
            case OpCode.SASL -> new Request.Sasl(in.readBuffer());
            case OpCode.RECONFIG ->
                    new Request.Reconfig(
                            in.readString(), in.readString(), in.readString(), in.readLong());
            case OpCode.MULTI, OpCode.MULTI_READ -> readMulti(type, in);
            default -> throw new DecodeException("unknown request type " + type);
        };
    }

    /// The list cannot nest: [Request.Multi#mayHold] admits no multi, so bad bytes cannot make this
    /// recurse.
    private static Request readMulti(int type, JuteReader in) {
        List<Request> ops = new ArrayList<>();
        while (true) {
            int opType = in.readInt();
            boolean done = in.readBoolean();
            in.readInt();
            if (done) {
                return new Request.Multi(type, ops);
            }
            if (!Request.Multi.mayHold(type, opType)) {
                throw new DecodeException(
                        "operation of type " + opType + " within a " + OpCode.name(type));
            }
            ops.add(read(opType, in));
        }
    }

    private static @Nullable List<byte @Nullable []> readPaths(JuteReader in) {
        return in.readVector(PATH_BYTES_MIN, JuteReader::readBuffer);
    }

    static void writePaths(JuteWriter out, @Nullable List<byte @Nullable []> paths) {
        out.writeVector(paths, JuteWriter::writeBuffer);
    }
}
