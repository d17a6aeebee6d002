package io.witan.simulation.check.model;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.data.Stat;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What becomes of a write.
///
/// @param err an [ErrorCode]; of a multi the first that failed
/// @param ops one for each operation, one alone where it is no multi
public record Outcome(int err, List<Op> ops) {

    /// @param path the final one of a create, else null
    /// @param stat of the znode behind the operation, where there is one
    public record Op(int err, @Nullable String path, @Nullable Stat stat) {

        static Op failed(int err) {
            return new Op(err, null, null);
        }
    }

    static Outcome failed(int err) {
        return new Outcome(err, List.of(Op.failed(err)));
    }

    static Outcome done(Op op) {
        return new Outcome(ErrorCode.OK, List.of(op));
    }
}
