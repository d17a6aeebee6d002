package io.witan.wire.client;

import io.witan.wire.data.Acl;
import io.witan.wire.data.Stat;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The body of a reply that has one: what follows a [ReplyHeader] without error (client-and-disk,
/// section 3.1). Named by their shape, because several operations share one.
public sealed interface Reply {

    /// Appends the body.
    void write(JuteWriter out);

    /// Reads the body of a reply to a request of `type`.
    static Reply read(int type, JuteReader in) {
        return switch (type) {
            case OpCode.DELETE,
                    OpCode.CHECK,
                    OpCode.PING,
                    OpCode.AUTH,
                    OpCode.CHECK_WATCHES,
                    OpCode.REMOVE_WATCHES,
                    OpCode.SET_WATCHES,
                    OpCode.SET_WATCHES2,
                    OpCode.CLOSE_SESSION ->
                    new Empty();
            case OpCode.CREATE, OpCode.SYNC -> new OfPath(in.readBuffer());
            case OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL ->
                    new PathAndStat(in.readBuffer(), Stat.read(in));
            case OpCode.EXISTS, OpCode.SET_DATA, OpCode.SET_ACL -> new OfStat(Stat.read(in));
            case OpCode.GET_DATA, OpCode.RECONFIG ->
                    new DataAndStat(in.readBuffer(), Stat.read(in));
            case OpCode.GET_ACL -> new AclAndStat(Acl.readList(in), Stat.read(in));
            case OpCode.GET_CHILDREN, OpCode.GET_EPHEMERALS -> new Names(readNames(in));
            case OpCode.GET_CHILDREN2 -> new NamesAndStat(readNames(in), Stat.read(in));
            case OpCode.GET_ALL_CHILDREN_NUMBER -> new Count(in.readInt());
            case OpCode.ADD_WATCH -> new Err(in.readInt());
            case OpCode.WHO_AM_I ->
                    new Identities(in.readVector(ClientInfo.BYTES_MIN, ClientInfo::read));
            case OpCode.SASL -> new Token(in.readBuffer());
            case OpCode.MULTI, OpCode.MULTI_READ -> readResults(in);
            default -> throw new DecodeException("no reply to request type " + type);
        };
    }

    /// Types delete, check, ping, auth, checkWatches, removeWatches, setWatches, setWatches2 and
    /// closeSession.
    record Empty() implements Reply {
        @Override
        public void write(JuteWriter out) {}
    }

    /// Types create and sync.
    record OfPath(byte @Nullable [] path) implements Reply {
        @Override
        public void write(JuteWriter out) {
            out.writeBuffer(path);
        }
    }

    /// Types create2, createContainer and createTTL.
    record PathAndStat(byte @Nullable [] path, Stat stat) implements Reply {
        @Override
        public void write(JuteWriter out) {
            out.writeBuffer(path);
            stat.write(out);
        }
    }

    /// Types exists, setData and setACL.
    record OfStat(Stat stat) implements Reply {
        @Override
        public void write(JuteWriter out) {
            stat.write(out);
        }
    }

    /// Types getData and reconfig. Data that is null stays apart from empty data.
    record DataAndStat(byte @Nullable [] data, Stat stat) implements Reply {
        @Override
        public void write(JuteWriter out) {
            out.writeBuffer(data);
            stat.write(out);
        }
    }

    /// Type getACL.
    record AclAndStat(@Nullable List<Acl> acl, Stat stat) implements Reply {
        @Override
        public void write(JuteWriter out) {
            Acl.writeList(out, acl);
            stat.write(out);
        }
    }

    /// Types getChildren (names) and getEphemerals (paths), in no particular order.
    record Names(@Nullable List<byte @Nullable []> names) implements Reply {
        @Override
        public void write(JuteWriter out) {
            out.writeVector(names, JuteWriter::writeBuffer);
        }
    }

    /// Type getChildren2.
    record NamesAndStat(@Nullable List<byte @Nullable []> names, Stat stat) implements Reply {
        @Override
        public void write(JuteWriter out) {
            out.writeVector(names, JuteWriter::writeBuffer);
            stat.write(out);
        }
    }

    /// Type getAllChildrenNumber.
    record Count(int totalNumber) implements Reply {
        @Override
        public void write(JuteWriter out) {
            out.writeInt(totalNumber);
        }
    }

    /// Type addWatch, always with 0, and error results within [Results].
    record Err(int err) implements Reply {
        @Override
        public void write(JuteWriter out) {
            out.writeInt(err);
        }
    }

    /// Type whoAmI.
    record Identities(@Nullable List<ClientInfo> clientInfo) implements Reply {
        @Override
        public void write(JuteWriter out) {
            out.writeVector(clientInfo, (w, info) -> info.write(w));
        }
    }

    /// Type sasl; the only body that can also follow a header with an error.
    record Token(byte @Nullable [] token) implements Reply {
        @Override
        public void write(JuteWriter out) {
            out.writeBuffer(token);
        }
    }

    /// Types multi and multiRead: one result for each operation, in their order.
    record Results(List<Result> results) implements Reply {
        @Override
        public void write(JuteWriter out) {
            for (Result result : results) {
                new MultiHeader(result.type(), false, result.err()).write(out);
                result.body().write(out);
            }
            MultiHeader.END.write(out);
        }
    }

    /// What became of one operation of a multi or multiRead.
    ///
    /// @param type of the operation as results show it (create2 stands for createContainer and
    ///   createTTL too), [OpCode#ERROR] when it failed
    /// @param err why it failed, or [ErrorCode#OK]
    /// @param body an [Err] when it failed
    record Result(int type, int err, Reply body) {

        public static Result error(int err) {
            return new Result(OpCode.ERROR, err, new Err(err));
        }
    }

    private static Results readResults(JuteReader in) {
        List<Result> results = new ArrayList<>();
        while (true) {
            int type = in.readInt();
            boolean done = in.readBoolean();
            int err = in.readInt();
            if (done) {
                return new Results(results);
            }
            results.add(new Result(type, err, readResultBody(type, in)));
        }
    }

    /// Results cannot nest, so bad bytes cannot make this recurse.
    private static Reply readResultBody(int type, JuteReader in) {
        return switch (type) {
            case OpCode.ERROR -> new Err(in.readInt());
            case OpCode.CREATE,
                    OpCode.CREATE2,
                    OpCode.DELETE,
                    OpCode.SET_DATA,
                    OpCode.CHECK,
                    OpCode.GET_DATA,
                    OpCode.GET_CHILDREN ->
                    read(type, in);
            default -> throw new DecodeException("result of type " + type);
        };
    }

    private static @Nullable List<byte @Nullable []> readNames(JuteReader in) {
        return in.readVector(4, JuteReader::readBuffer);
    }
}
