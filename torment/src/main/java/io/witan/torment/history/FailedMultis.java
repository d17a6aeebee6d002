package io.witan.torment.history;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;

import java.util.List;

/// A multi of which an operation fails has two forms in logs. A leader proposes the operations
/// before that one as what they would have been. Apache's leader, when it synchronises a learner
/// later, sends all of them as errors, but leaves the bodies as they were: where the error's number
/// should be stands the length of a path. Either way nothing of the multi is applied.
final class FailedMultis {

    private FailedMultis() {}

    /// The same bytes for both forms; all other transactions are left as they are.
    static byte[] inOneForm(byte[] bytes) {
        LoggedTxn logged = TxnCodec.read(JuteReader.over(bytes));
        if (!(logged.txn() instanceof Txn.Multi multi)
                || multi.ops().stream().noneMatch(op -> op.txn() instanceof Txn.Failed)) {
            return bytes;
        }
        List<Txn.Op> ops = multi.ops().stream().map(FailedMultis::inOneForm).toList();
        JuteWriter out = new JuteWriter(bytes.length);
        TxnCodec.write(out, logged.header(), new Txn.Multi(ops), logged.digest());
        return out.toByteArray();
    }

    private static Txn.Op inOneForm(Txn.Op op) {
        // Errors have numbers below 0.
        boolean hasFailed = op.txn() instanceof Txn.Failed failed && failed.err() <= ErrorCode.OK;
        return hasFailed ? op : new Txn.Op(OpCode.ERROR, new Txn.Failed(ErrorCode.OK));
    }
}
