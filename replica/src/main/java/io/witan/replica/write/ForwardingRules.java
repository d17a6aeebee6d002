package io.witan.replica.write;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What a learner refuses instead of handing it on: the original, as leader, stumbles over it and
/// then commits nothing any more (quorum, section 10.1, X1), or writes what no server can load
/// again (client-and-disk, section 13.3). A client of this server must not be able to do that to
/// it.
public final class ForwardingRules {

    private ForwardingRules() {}

    /// The error that the client is told, 0 if the request is handed on.
    public static int refusal(WriteRequest request, boolean extendedTypes) {
        return switch (request) {
            case WriteRequest.Create create -> {
                if (stumbles(create)) {
                    yield ErrorCode.MARSHALLING_ERROR;
                }
                int flags = create.body().flags();
                long ttl = create.body().ttl();
                // Without TTL znodes the leader says so itself.
                int err = WriteRequest.refusalOfKind(create.type(), flags, ttl, extendedTypes);
                yield err == ErrorCode.UNIMPLEMENTED ? ErrorCode.OK : err;
            }
            case WriteRequest.MalformedMulti _ -> ErrorCode.MARSHALLING_ERROR;
            case WriteRequest.Multi multi ->
                    multi.ops().stream().anyMatch(ForwardingRules::stumblesInMulti)
                            ? ErrorCode.MARSHALLING_ERROR
                            : ErrorCode.OK;
            default -> stumbles(request) ? ErrorCode.MARSHALLING_ERROR : ErrorCode.OK;
        };
    }

    private static boolean stumbles(WriteRequest request) {
        return switch (request) {
            case WriteRequest.Create create ->
                    create.body().path() == null || stumbles(create.body().acl());
            case WriteRequest.Delete delete -> delete.path() == null;
            case WriteRequest.SetAcl set -> stumbles(set.acl());
            default -> false;
        };
    }

    private static boolean stumblesInMulti(WriteRequest op) {
        boolean poisonous =
                op instanceof WriteRequest.Create create
                        && create.type() == OpCode.CREATE_TTL
                        && create.body().ttl() < 0;
        return poisonous || stumbles(op);
    }

    private static boolean stumbles(@Nullable List<Acl> list) {
        if (list != null) {
            for (Acl acl : list) {
                if ("world".equals(acl.id().scheme()) && acl.id().id() == null) {
                    return true;
                }
            }
        }
        return false;
    }
}
