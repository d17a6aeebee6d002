package io.witan.torment.history;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnHeader;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Transactions of a session, as they stand in logs.
final class Txns {

    static final long SESSION = 0x5001;

    private Txns() {}

    static byte[] createSession(long zxid) {
        return bytes(0, zxid, OpCode.CREATE_SESSION, new Txn.CreateSession(4_000));
    }

    /// Of another session.
    static byte[] createSession(long zxid, long sessionId) {
        JuteWriter out = new JuteWriter(64);
        TxnCodec.write(
                out,
                new TxnHeader(sessionId, 0, zxid, 1_000, OpCode.CREATE_SESSION),
                new Txn.CreateSession(4_000),
                null);
        return out.toByteArray();
    }

    static byte[] closeSession(long zxid, String... paths) {
        List<byte[]> list = List.of(paths).stream().map(Txns::bytes).toList();
        return bytes(0, zxid, OpCode.CLOSE_SESSION, new Txn.CloseSession(list));
    }

    static byte[] create(int xid, long zxid, String path) {
        return bytes(
                xid, zxid, OpCode.CREATE, new Txn.Create(bytes(path), null, Acl.OPEN, false, 1));
    }

    static byte[] multi(long zxid, Txn.Op... ops) {
        return bytes(1, zxid, OpCode.MULTI, new Txn.Multi(List.of(ops)));
    }

    private static byte[] bytes(int xid, long zxid, int type, Txn txn) {
        JuteWriter out = new JuteWriter(64);
        TxnCodec.write(out, new TxnHeader(SESSION, xid, zxid, 1_000, type), txn, null);
        return out.toByteArray();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// A log with createSession transactions, for whoever only looks at zxids.
    static ServerLog log(long sid, long... zxids) {
        NavigableMap<Long, byte[]> txns = new TreeMap<>();
        for (long zxid : zxids) {
            txns.put(zxid, createSession(zxid));
        }
        return new ServerLog(sid, txns, 1);
    }
}
