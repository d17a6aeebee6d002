package io.witan.simulation.check;

import io.witan.simulation.check.model.Outcome;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Replies to writes against what the model says of them.
final class Writes {

    private Writes() {}

    /// What is wrong, or null.
    static @Nullable String wrong(
            Request request, Outcome outcome, int err, @Nullable Reply reply) {
        if (request instanceof Request.Multi multi) {
            return multi(multi.ops(), outcome, err, reply);
        }
        if (err != outcome.err()) {
            return "answered with "
                    + ErrorCode.name(err)
                    + ", it must be "
                    + ErrorCode.name(outcome.err());
        }
        return err == ErrorCode.OK && reply != null ? body(outcome.ops().getFirst(), reply) : null;
    }

    private static @Nullable String multi(
            List<Request> ops, Outcome outcome, int err, @Nullable Reply reply) {
        if (err != ErrorCode.OK) {
            return err == outcome.err() ? null : "answered with " + ErrorCode.name(err);
        }
        if (!(reply instanceof Reply.Results results) || results.results().size() != ops.size()) {
            return "not as many results as operations";
        }
        for (int i = 0; i < ops.size(); i++) {
            Reply.Result result = results.results().get(i);
            Outcome.Op expected = outcome.ops().get(i);
            int resultErr =
                    result.type() == OpCode.ERROR && result.body() instanceof Reply.Err e
                            ? e.err()
                            : result.err();
            if (resultErr != expected.err()) {
                return "operation "
                        + i
                        + " is answered with "
                        + ErrorCode.name(resultErr)
                        + ", it must be "
                        + ErrorCode.name(expected.err());
            }
            String wrong = body(expected, result.body());
            if (wrong != null && outcome.err() == ErrorCode.OK) {
                return "operation " + i + ": " + wrong;
            }
        }
        return null;
    }

    private static @Nullable String body(Outcome.Op expected, Reply reply) {
        return switch (reply) {
            case Reply.OfPath r -> path(expected, r.path());
            case Reply.PathAndStat r -> {
                String wrong = path(expected, r.path());
                yield wrong != null ? wrong : stat(expected, r.stat());
            }
            case Reply.OfStat r -> stat(expected, r.stat());
            default -> null;
        };
    }

    private static @Nullable String path(Outcome.Op expected, byte @Nullable [] path) {
        String is = path == null ? null : new String(path, StandardCharsets.UTF_8);
        return Objects.equals(is, expected.path())
                ? null
                : "made " + is + ", it must be " + expected.path();
    }

    private static @Nullable String stat(Outcome.Op expected, Object stat) {
        return expected.stat() == null || stat.equals(expected.stat())
                ? null
                : "stat is " + stat + ", it must be " + expected.stat();
    }
}
