package io.witan.storage;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnDigest;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/// Serialized transactions for tests.
final class Txns {

    private Txns() {}

    /// Creates `/n<zxid in hex>` with a little data.
    static byte[] create(long zxid) {
        return create(zxid, ("data of " + zxid).getBytes(StandardCharsets.UTF_8));
    }

    static byte[] create(long zxid, byte[] data) {
        byte[] path = ("/n" + Long.toHexString(zxid)).getBytes(StandardCharsets.UTF_8);
        return write(
                zxid,
                OpCode.CREATE,
                new Txn.Create(path, data, Acl.OPEN, false, (int) zxid),
                new TxnDigest(TxnDigest.VERSION, zxid * 0x123456789L));
    }

    /// Creates with `bytes` bytes of noise.
    static byte[] createLarge(long zxid, int bytes) {
        byte[] data = new byte[bytes];
        new Random(zxid).nextBytes(data);
        return create(zxid, data);
    }

    static byte[] failed(long zxid, int err) {
        return write(zxid, OpCode.ERROR, new Txn.Failed(err), null);
    }

    private static byte[] write(long zxid, int type, Txn txn, @Nullable TxnDigest digest) {
        JuteWriter out = new JuteWriter();
        TxnCodec.write(
                out,
                new TxnHeader(0x1000, (int) zxid, zxid, 1_700_000_000_000L + zxid, type),
                txn,
                digest);
        return out.toByteArray();
    }
}
