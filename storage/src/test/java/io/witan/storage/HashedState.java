package io.witan.storage;

import io.witan.wire.data.Acl;
import io.witan.wire.data.StoredStat;
import io.witan.wire.file.SnapshotVisitor;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.LoggedTxn;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// A state that is nothing but a hash over all transactions that led to it. Its snapshot holds the
/// hash; so what recovery gives tells which history it comes from, to the last byte.
final class HashedState implements RecoveryVisitor, SnapshotVisitor {

    private static final String PATH = "/hash";

    long hash;

    static long after(long hash, byte[] payload) {
        return hash * 0x5DEECE66DL + Arrays.hashCode(payload) + 11;
    }

    static void write(TreeSnapshot snapshot, long hash) {
        JuteWriter out = new JuteWriter();
        out.writeInt(0).writeInt(0);
        znode(out, "", new byte[0]);
        znode(out, PATH, ByteBuffer.allocate(8).putLong(hash).array());
        snapshot.write(out.bytes(), 0, out.length());
    }

    private static void znode(JuteWriter out, String path, byte[] data) {
        out.writeBuffer(path.getBytes(StandardCharsets.UTF_8)).writeBuffer(data).writeLong(-1);
        StoredStat.ZERO.write(out);
    }

    @Override
    public SnapshotVisitor beginSnapshot(long zxid) {
        hash = 0;
        return this;
    }

    @Override
    public void beginEmpty() {
        hash = 0;
    }

    @Override
    public void transaction(LoggedTxn txn, byte[] bytes, int offset, int length) {
        hash = after(hash, Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    public void session(long id, int timeoutMillis) {}

    @Override
    public void acl(long key, @Nullable List<Acl> list) {}

    @Override
    public void znode(
            byte[] buffer,
            int pathOffset,
            int pathLength,
            int dataOffset,
            int dataLength,
            long aclKey,
            long czxid,
            long mzxid,
            long ctime,
            long mtime,
            int version,
            int cversion,
            int aversion,
            long ephemeralOwner,
            long pzxid) {
        String path = new String(buffer, pathOffset, pathLength, StandardCharsets.UTF_8);
        if (path.equals(PATH) && dataLength >= 0) {
            hash = ByteBuffer.wrap(buffer, dataOffset, dataLength).getLong();
        }
    }
}
