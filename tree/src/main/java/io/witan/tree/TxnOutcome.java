package io.witan.tree;

import io.witan.wire.data.Stat;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What applying a transaction came to.
///
/// @param type the transaction's type; within a multi that of the op
/// @param err an error code, 0 if it was applied; a multi that was logged as failed has 0 itself
///   and the errors in its parts
/// @param znode the znode that was created or changed
/// @param stat only for parts of a multi: the stat of `znode` right after the op, since later ops
///   may have changed it
/// @param parts the outcomes of a multi's ops
public record TxnOutcome(
        int type, int err, @Nullable Znode znode, @Nullable Stat stat, List<TxnOutcome> parts) {

    static TxnOutcome of(int type, int err, @Nullable Znode znode) {
        return new TxnOutcome(type, err, znode, null, List.of());
    }

    /// Whether this is a multi of which one op failed, so that nothing was applied.
    public boolean isFailedMulti() {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).type == io.witan.wire.client.OpCode.ERROR) {
                return true;
            }
        }
        return false;
    }
}
