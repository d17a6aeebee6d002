package io.witan.zab.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.client.OpCode;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnHeader;
import io.witan.zab.LogEntry;
import io.witan.zab.Zxids;

import java.util.ArrayList;
import java.util.List;

/// Transactions for tests.
final class Txns {

    private Txns() {}

    static long zxid(long epoch, long counter) {
        return Zxids.startOf(epoch) + counter;
    }

    static byte[] set(long zxid, String data) {
        return txn(zxid, OpCode.SET_DATA, "/a", data);
    }

    static byte[] reconfig(long zxid, EnsembleConfig config) {
        return txn(zxid, OpCode.RECONFIG, "/zookeeper/config", config.withVersion(zxid).text());
    }

    /// What comes of that request.
    static byte[] answering(long zxid, long session, int cxid) {
        return txn(new TxnHeader(session, cxid, zxid, 0, OpCode.SET_DATA), "/a", "");
    }

    private static byte[] txn(long zxid, int type, String path, String data) {
        return txn(new TxnHeader(0x1000, 1, zxid, 0, type), path, data);
    }

    private static byte[] txn(TxnHeader header, String path, String data) {
        JuteWriter out = new JuteWriter();
        TxnCodec.write(
                out, header, new Txn.SetData(path.getBytes(UTF_8), data.getBytes(UTF_8), 1), null);
        return out.toByteArray();
    }

    static LogEntry entry(long epoch, long counter) {
        long zxid = zxid(epoch, counter);
        return new LogEntry(zxid, set(zxid, Zxids.hex(zxid)));
    }

    /// The transactions of an epoch from one counter to another.
    static List<LogEntry> entries(long epoch, long first, long last) {
        var entries = new ArrayList<LogEntry>();
        for (long counter = first; counter <= last; counter++) {
            entries.add(entry(epoch, counter));
        }
        return entries;
    }
}
