package io.witan.replica;

import io.witan.tree.TxnOutcome;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Encodes the answers to writes, right after they have been applied (client-and-disk, sections 3.1
/// and 3.12).
final class Replies {

    private static final int MULTI_END = -1;

    private Replies() {}

    /// Appends the body that follows a reply header without an error.
    ///
    /// @param type the request's type
    static void writeBody(JuteWriter out, int type, Txn txn, TxnOutcome outcome) {
        switch (type) {
            case OpCode.CREATE -> out.writeBuffer(pathOf(txn));
            case OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL -> {
                out.writeBuffer(pathOf(txn));
                writeStat(out, outcome);
            }
            case OpCode.SET_DATA, OpCode.SET_ACL -> writeStat(out, outcome);
            case OpCode.RECONFIG -> {
                out.writeBuffer(((Txn.SetData) txn).data());
                writeStat(out, outcome);
            }
            case OpCode.MULTI -> writeMulti(out, (Txn.Multi) txn, outcome);
            default -> {
                // delete and closeSession say no more than that they were done.
            }
        }
    }

    private static void writeMulti(JuteWriter out, Txn.Multi multi, TxnOutcome outcome) {
        boolean failed = outcome.isFailedMulti();
        List<TxnOutcome> parts = outcome.parts();
        for (int i = 0; i < multi.ops().size(); i++) {
            Txn.Op op = multi.ops().get(i);
            if (failed) {
                writeError(out, op.txn() instanceof Txn.Failed f ? f.err() : ErrorCode.OK);
            } else if (parts.get(i).err() != ErrorCode.OK) {
                writeError(out, parts.get(i).err());
            } else {
                writeResult(out, op, parts.get(i));
            }
        }
        out.writeInt(MULTI_END).writeBoolean(true).writeInt(-1);
    }

    private static void writeStat(JuteWriter out, TxnOutcome outcome) {
        if (outcome.stat() != null) {
            outcome.stat().write(out);
        } else if (outcome.znode() != null) {
            outcome.znode().writeStat(out);
        } else {
            throw new IllegalStateException("nothing was created or changed: " + outcome.type());
        }
    }

    private static void writeError(JuteWriter out, int err) {
        out.writeInt(OpCode.ERROR).writeBoolean(false).writeInt(err).writeInt(err);
    }

    private static void writeResult(JuteWriter out, Txn.Op op, TxnOutcome outcome) {
        switch (op.type()) {
            case OpCode.CREATE -> {
                header(out, OpCode.CREATE);
                out.writeBuffer(pathOf(op.txn()));
            }
            case OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL -> {
                header(out, OpCode.CREATE2);
                out.writeBuffer(pathOf(op.txn()));
                writeStat(out, outcome);
            }
            case OpCode.SET_DATA -> {
                header(out, OpCode.SET_DATA);
                writeStat(out, outcome);
            }
            default -> header(out, op.type());
        }
    }

    private static void header(JuteWriter out, int type) {
        out.writeInt(type).writeBoolean(false).writeInt(ErrorCode.OK);
    }

    private static byte @Nullable [] pathOf(Txn txn) {
        return switch (txn) {
            case Txn.Create create -> create.path();
            case Txn.CreateContainer create -> create.path();
            case Txn.CreateTtl create -> create.path();
            case Txn.Delete delete -> delete.path();
            case Txn.SetData set -> set.path();
            case Txn.SetAcl set -> set.path();
            case Txn.CheckVersion check -> check.path();
            case Txn.Multi _, Txn.CreateSession _, Txn.CloseSession _, Txn.Failed _ -> null;
        };
    }
}
