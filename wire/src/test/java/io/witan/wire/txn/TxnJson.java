package io.witan.wire.txn;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.Vectors;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;

import org.jspecify.annotations.Nullable;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// Transactions as the lines of `testdata/vectors/disk/expected` show them.
final class TxnJson {

    private TxnJson() {}

    /// One record of a log file.
    static String line(int offset, int length, long adler32, LoggedTxn logged) {
        TxnHeader header = logged.header();
        TxnDigest digest = logged.digest();
        return "{\"offset\":%d,\"len\":%d,\"adler32\":%d,\"clientId\":\"0x%x\",\"cxid\":%d,"
                        .formatted(offset, length, adler32, header.clientId(), header.cxid())
                + "\"zxid\":\"0x%x\",\"time\":%d,\"type\":%d,\"typeName\":\"%s\","
                        .formatted(
                                header.zxid(),
                                header.time(),
                                header.type(),
                                OpCode.name(header.type()))
                + "\"txn\":"
                + record(logged.txn())
                + ",\"digest\":"
                + (digest == null
                        ? "null"
                        : "{\"version\":%d,\"treeDigest\":\"%d\"}"
                                .formatted(digest.version(), digest.treeDigest()))
                + "}";
    }

    private static String record(Txn txn) {
        if (txn instanceof Txn.Create create) {
            return "{\"rec\":\"CreateTxn\"%s%s%s,\"ephemeral\":%s,\"parentCVersion\":%d}"
                    .formatted(
                            path(create.path()),
                            data(create.data()),
                            acl(create.acl()),
                            create.ephemeral(),
                            create.parentCversion());
        } else if (txn instanceof Txn.CreateContainer create) {
            return "{\"rec\":\"CreateContainerTxn\"%s%s%s,\"parentCVersion\":%d}"
                    .formatted(
                            path(create.path()),
                            data(create.data()),
                            acl(create.acl()),
                            create.parentCversion());
        } else if (txn instanceof Txn.CreateTtl create) {
            return "{\"rec\":\"CreateTTLTxn\"%s%s%s,\"parentCVersion\":%d,\"ttl\":%d}"
                    .formatted(
                            path(create.path()),
                            data(create.data()),
                            acl(create.acl()),
                            create.parentCversion(),
                            create.ttl());
        } else if (txn instanceof Txn.Delete delete) {
            return "{\"rec\":\"DeleteTxn\"%s}".formatted(path(delete.path()));
        } else if (txn instanceof Txn.SetData set) {
            return "{\"rec\":\"SetDataTxn\"%s%s,\"version\":%d}"
                    .formatted(path(set.path()), data(set.data()), set.version());
        } else if (txn instanceof Txn.SetAcl set) {
            return "{\"rec\":\"SetACLTxn\"%s%s,\"version\":%d}"
                    .formatted(path(set.path()), acl(set.acl()), set.version());
        } else if (txn instanceof Txn.CheckVersion check) {
            return "{\"rec\":\"CheckVersionTxn\"%s,\"version\":%d}"
                    .formatted(path(check.path()), check.version());
        } else if (txn instanceof Txn.Multi multi) {
            return multi.ops().stream()
                    .map(op -> "{\"type\":%d,\"txn\":%s}".formatted(op.type(), record(op.txn())))
                    .collect(Collectors.joining(",", "{\"rec\":\"MultiTxn\",\"txns\":[", "]}"));
        } else if (txn instanceof Txn.CreateSession create) {
            return "{\"rec\":\"CreateSessionTxn\",\"timeOut\":%d}".formatted(create.timeOut());
        } else if (txn instanceof Txn.CloseSession close) {
            List<byte[]> paths = close.paths();
            return paths == null
                    ? "null"
                    : paths.stream()
                            .map(path -> Vectors.quoted(new String(path, UTF_8)))
                            .collect(
                                    Collectors.joining(
                                            ",",
                                            "{\"rec\":\"CloseSessionTxn\",\"paths2Delete\":[",
                                            "]}"));
        } else if (txn instanceof Txn.Failed failed) {
            return "{\"rec\":\"ErrorTxn\",\"err\":%d}".formatted(failed.err());
        }
        throw new AssertionError(txn);
    }

    private static String path(byte[] path) {
        return ",\"path\":" + Vectors.quoted(new String(path, UTF_8));
    }

    private static String data(byte @Nullable [] data) {
        return ",\"data\":" + (data == null ? "null" : "\"" + HexFormat.of().formatHex(data) + '"');
    }

    private static String acl(@Nullable List<Acl> acl) {
        return ",\"acl\":" + Vectors.aclJson(acl);
    }
}
