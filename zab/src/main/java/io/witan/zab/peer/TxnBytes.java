package io.witan.zab.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.client.OpCode;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// What agreement reads in the bytes of a transaction.
final class TxnBytes {

    /// Of the number that the client gave to the request: behind the client.
    private static final int CXID_OFFSET = 8;

    /// Of the type in the header: behind client, cxid, zxid and time.
    private static final int TYPE_OFFSET = 28;

    private TxnBytes() {}

    /// Reads a transaction that came with a packet of that zxid. What cannot be read must not get
    /// into a log: no server could be started over it.
    ///
    /// @throws DecodeException if it is not a transaction, or another one
    static LoggedTxn read(long zxid, byte[] txn) {
        LoggedTxn read = TxnCodec.read(JuteReader.over(txn));
        if (read.header().zxid() != zxid) {
            throw new DecodeException(
                    "transaction %s in the packet of %s"
                            .formatted(Zxids.hex(read.header().zxid()), Zxids.hex(zxid)));
        }
        if (read.header().type() == OpCode.CHECK) {
            // No server of the original can read it where it is not in a multi (ZOOKEEPER-2623).
            throw new DecodeException("a check on its own");
        }
        return read;
    }

    /// Whose request it comes from, told by the header alone.
    static long client(byte[] txn) {
        return ByteBuffer.wrap(txn).getLong(0);
    }

    /// Which of the client's requests it comes from, told by the header alone.
    static int cxid(byte[] txn) {
        return ByteBuffer.wrap(txn).getInt(CXID_OFFSET);
    }

    /// Whether those are the bytes of a reconfiguration, told by the header alone.
    static boolean isReconfiguration(byte[] txn) {
        return txn.length >= TYPE_OFFSET + Integer.BYTES
                && ByteBuffer.wrap(txn).getInt(TYPE_OFFSET) == OpCode.RECONFIG;
    }

    /// The configuration that a reconfiguration proposes; null for other transactions.
    ///
    /// @throws DecodeException if it is not a configuration
    static @Nullable EnsembleConfig config(LoggedTxn txn) {
        if (txn.header().type() != OpCode.RECONFIG || !(txn.txn() instanceof Txn.SetData change)) {
            return null;
        }
        byte[] data = change.data();
        if (data == null) {
            throw new DecodeException("a reconfiguration without a configuration");
        }
        try {
            return EnsembleConfig.parse(new String(data, UTF_8));
        } catch (ConfigTextException e) {
            throw new DecodeException("a reconfiguration with a bad text: " + e.getMessage());
        }
    }
}
