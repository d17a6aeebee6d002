package io.witan.wire.txn;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The bytes of transactions: header, record, digest. They are the same in the log and in proposals
/// (client-and-disk, sections 8.1 and 8.2).
public final class TxnCodec {

    /// Smallest op of a multi: its type and a null buffer.
    private static final int OP_BYTES_MIN = 8;

    /// Smallest path of a closeSession: a null string.
    private static final int PATH_BYTES_MIN = 4;

    private TxnCodec() {}

    /// Reads one whole transaction; the reader must end where the transaction does, because the
    /// optional parts are told by what is left.
    public static LoggedTxn read(JuteReader in) {
        TxnHeader header = TxnHeader.read(in);
        if (header.type() == OpCode.CLOSE_SESSION) {
            return readCloseSession(header, in);
        }
        Txn txn = readRecord(header.type(), in);
        return new LoggedTxn(header, txn, readDigest(in));
    }

    /// Writes one whole transaction. `digest` null leaves it out.
    public static void write(
            JuteWriter out, TxnHeader header, Txn txn, @Nullable TxnDigest digest) {
        header.write(out);
        writeRecord(out, txn);
        if (digest != null) {
            out.writeInt(digest.version()).writeLong(digest.treeDigest());
        }
    }

    /// The record of a transaction of `type`.
    public static Txn readRecord(int type, JuteReader in) {
        return switch (type) {
            case OpCode.CREATE, OpCode.CREATE2 -> readCreate(in);
            case OpCode.CREATE_CONTAINER ->
                    new Txn.CreateContainer(
                            path(in), in.readBuffer(), Acl.readList(in), in.readInt());
            case OpCode.CREATE_TTL ->
                    new Txn.CreateTtl(
                            path(in),
                            in.readBuffer(),
                            Acl.readList(in),
                            in.readInt(),
                            in.readLong());
            case OpCode.DELETE, OpCode.DELETE_CONTAINER -> new Txn.Delete(path(in));
            case OpCode.SET_DATA, OpCode.RECONFIG ->
                    new Txn.SetData(path(in), in.readBuffer(), in.readInt());
            case OpCode.SET_ACL -> new Txn.SetAcl(path(in), Acl.readList(in), in.readInt());
            case OpCode.CHECK -> new Txn.CheckVersion(path(in), in.readInt());
            case OpCode.MULTI -> readMulti(in);
            case OpCode.CREATE_SESSION -> new Txn.CreateSession(in.readInt());
            case OpCode.CLOSE_SESSION ->
                    new Txn.CloseSession(in.remaining() == 0 ? null : readPaths(in));
            case OpCode.ERROR -> new Txn.Failed(in.readInt());
            default -> throw new DecodeException("unknown transaction type " + type);
        };
    }

    public static void writeRecord(JuteWriter out, Txn txn) {
        if (txn instanceof Txn.Create create) {
            out.writeBuffer(create.path()).writeBuffer(create.data());
            Acl.writeList(out, create.acl());
            out.writeBoolean(create.ephemeral()).writeInt(create.parentCversion());
        } else if (txn instanceof Txn.SetData set) {
            out.writeBuffer(set.path()).writeBuffer(set.data()).writeInt(set.version());
        } else if (txn instanceof Txn.Delete delete) {
            out.writeBuffer(delete.path());
        } else if (txn instanceof Txn.Failed failed) {
            out.writeInt(failed.err());
        } else if (txn instanceof Txn.Multi multi) {
            writeMulti(out, multi);
        } else if (txn instanceof Txn.CheckVersion check) {
            out.writeBuffer(check.path()).writeInt(check.version());
        } else if (txn instanceof Txn.SetAcl set) {
            out.writeBuffer(set.path());
            Acl.writeList(out, set.acl());
            out.writeInt(set.version());
        } else if (txn instanceof Txn.CreateContainer create) {
            out.writeBuffer(create.path()).writeBuffer(create.data());
            Acl.writeList(out, create.acl());
            out.writeInt(create.parentCversion());
        } else if (txn instanceof Txn.CreateTtl create) {
            out.writeBuffer(create.path()).writeBuffer(create.data());
            Acl.writeList(out, create.acl());
            out.writeInt(create.parentCversion()).writeLong(create.ttl());
        } else if (txn instanceof Txn.CreateSession create) {
            out.writeInt(create.timeOut());
        } else if (txn instanceof Txn.CloseSession close) {
            if (close.paths() != null) {
                out.writeVector(close.paths(), JuteWriter::writeBuffer);
            }
        } else {
            throw new AssertionError(txn);
        }
    }

    private static Txn readCreate(JuteReader in) {
        byte[] path = path(in);
        byte @Nullable [] data = in.readBuffer();
        List<Acl> acl = Acl.readList(in);
        boolean ephemeral = in.readBoolean();
        // Servers before 3.4 wrote no parentCversion (section 8.2, rule 2).
        int parentCversion = in.remaining() == 0 ? -1 : in.readInt();
        return new Txn.Create(path, data, acl, ephemeral, parentCversion);
    }

    private static Txn readMulti(JuteReader in) {
        int count = Math.max(0, in.readCount(OP_BYTES_MIN));
        List<Txn.Op> ops = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ops.add(readOp(in));
        }
        return new Txn.Multi(ops);
    }

    private static Txn.Op readOp(JuteReader in) {
        int type = in.readInt();
        int length = in.readSlice();
        if (length < 0) {
            throw new DecodeException("null record in a multi transaction");
        }
        // Refused before it is read, or bad bytes could nest without end.
        if (type == OpCode.MULTI || type == OpCode.CREATE_SESSION || type == OpCode.CLOSE_SESSION) {
            throw new DecodeException("transaction type " + type + " within a multi");
        }
        in.position(in.sliceOffset());
        int end = in.narrow(length);
        Txn txn = readRecord(type, in);
        in.widen(end);
        return new Txn.Op(type, txn);
    }

    private static void writeMulti(JuteWriter out, Txn.Multi multi) {
        out.writeInt(multi.ops().size());
        for (Txn.Op op : multi.ops()) {
            out.writeInt(op.type());
            int lengthPosition = out.length();
            out.writeInt(0);
            writeRecord(out, op.txn());
            out.patchInt(lengthPosition, out.length() - lengthPosition - 4);
        }
    }

    /// The original writes a closeSession in four shapes: with or without its paths, with or
    /// without a digest (section 8.2, rules 3 and 5). Paths without a digest and a digest without
    /// paths can both be 12 bytes long, and the original's own reader then fails on some digests
    /// (section 13.2). They can be told apart: a digest begins with its version, 2; a list of 12
    /// bytes that begins with the count 2 would hold two empty paths, and no znode has an empty
    /// path.
    private static LoggedTxn readCloseSession(TxnHeader header, JuteReader in) {
        boolean hasPaths = in.remaining() > 0 && !isDigestAlone(in);
        List<byte[]> paths = hasPaths ? readPaths(in) : null;
        return new LoggedTxn(header, new Txn.CloseSession(paths), readDigest(in));
    }

    private static boolean isDigestAlone(JuteReader in) {
        if (in.remaining() != TxnDigest.BYTES) {
            return false;
        }
        int start = in.position();
        int first = in.readInt();
        in.position(start);
        return first == TxnDigest.VERSION;
    }

    /// A null list is an empty one: the ephemerals that no list names are deleted all the same.
    private static List<byte[]> readPaths(JuteReader in) {
        List<byte[]> paths = in.readVector(PATH_BYTES_MIN, TxnCodec::path);
        return paths == null ? List.of() : paths;
    }

    private static @Nullable TxnDigest readDigest(JuteReader in) {
        if (in.remaining() == 0) {
            return null;
        }
        return new TxnDigest(in.readInt(), in.readLong());
    }

    private static byte[] path(JuteReader in) {
        return in.readBufferNotNull("path");
    }
}
