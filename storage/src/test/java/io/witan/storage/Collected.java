package io.witan.storage;

import io.witan.wire.data.Acl;
import io.witan.wire.file.SnapshotVisitor;
import io.witan.wire.txn.LoggedTxn;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Remembers what recovery gives, as text.
class Collected implements RecoveryVisitor, SnapshotVisitor {

    final List<String> sessions = new ArrayList<>();
    final List<String> acls = new ArrayList<>();
    final List<String> znodes = new ArrayList<>();
    final List<Long> zxids = new ArrayList<>();
    final List<byte[]> payloads = new ArrayList<>();
    final List<LoggedTxn> txns = new ArrayList<>();
    long snapshotZxid = -1;
    long progressDone;
    long progressTotal;

    @Override
    public SnapshotVisitor beginSnapshot(long zxid) {
        beginEmpty();
        snapshotZxid = zxid;
        return this;
    }

    @Override
    public void beginEmpty() {
        sessions.clear();
        acls.clear();
        znodes.clear();
        zxids.clear();
        progressDone = 0;
    }

    @Override
    public void transaction(LoggedTxn txn, byte[] bytes, int offset, int length) {
        txns.add(txn);
        zxids.add(txn.header().zxid());
        payloads.add(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    public void progress(Path file, long done, long total) {
        if (done < progressDone || done > total) {
            throw new AssertionError(
                    "progress " + done + " of " + total + " after " + progressDone);
        }
        progressDone = done;
        progressTotal = total;
    }

    @Override
    public void session(long id, int timeoutMillis) {
        sessions.add("0x" + Long.toHexString(id) + " " + timeoutMillis);
    }

    @Override
    public void acl(long key, @Nullable List<Acl> list) {
        acls.add(key + " " + list);
    }

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
        znodes.add(
                String.join(
                        " ",
                        new String(buffer, pathOffset, pathLength, StandardCharsets.UTF_8),
                        dataLength < 0
                                ? "null"
                                : java.util.HexFormat.of()
                                        .formatHex(buffer, dataOffset, dataOffset + dataLength),
                        Long.toString(aclKey),
                        Long.toHexString(czxid),
                        Long.toHexString(mzxid),
                        Long.toString(ctime),
                        Long.toString(mtime),
                        Integer.toString(version),
                        Integer.toString(cversion),
                        Integer.toString(aversion),
                        Long.toHexString(ephemeralOwner),
                        Long.toHexString(pzxid)));
    }
}
