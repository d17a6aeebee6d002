package io.witan.tree;

import io.witan.wire.data.StoredStat;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/// Computes node digests, version 2 (client-and-disk, section 8.3): the CRC-32 of path, data and
/// the 60 bytes of the stored stat, in an order of their own.
///
/// CRC-32 is affine over the bits: if two inputs of equal length differ only in their last 60
/// bytes, then their CRCs differ by the CRC of that difference (without its constant part). So when
/// only the stat of a znode changes, as that of a parent does with every create and delete below
/// it, its new digest follows from the old one at the price of 60 bytes, whatever its data and
/// path.
public final class NodeDigest {

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final byte[] SYSTEM = {'/', 'z', 'o', 'o', 'k', 'e', 'e', 'p', 'e', 'r', '/'};

    private static final byte[] NO_DATA = {};

    private final CRC32 crc = new CRC32();
    private final byte[] before = new byte[StoredStat.BYTES];
    private final byte[] stat = new byte[StoredStat.BYTES];

    /// CRC-32 of 60 zeros: the constant part.
    private final int constant;

    public NodeDigest() {
        crc.update(stat, 0, stat.length);
        constant = (int) crc.getValue();
    }

    /// Whether a path is below `/zookeeper/`, where digests are 0.
    public static boolean isExcluded(byte[] path, int off, int len) {
        if (len < SYSTEM.length) {
            return false;
        }
        for (int i = 0; i < SYSTEM.length; i++) {
            if (path[off + i] != SYSTEM[i]) {
                return false;
            }
        }
        return true;
    }

    /// The digest of a znode whose path is given ("/" or empty for the root).
    int of(byte[] path, int off, int len, Znodes znodes, int znode) {
        if (isExcluded(path, off, len)) {
            return 0;
        }
        fill(stat, znodes, znode);
        begin(path, off, len);
        znodes.updateWithData(znode, crc);
        return end();
    }

    /// As [#of], for path and data that stand in one array.
    int of(
            byte[] buf,
            int off,
            int len,
            int dataOff,
            int dataLen,
            long czxid,
            long mzxid,
            long pzxid,
            long ctime,
            long mtime,
            int version,
            int cversion,
            int aversion,
            long owner) {
        if (isExcluded(buf, off, len)) {
            return 0;
        }
        fill(stat, czxid, mzxid, pzxid, ctime, mtime, version, cversion, aversion, owner);
        return of(buf, off, len, buf, dataOff, Math.max(0, dataLen));
    }

    private int of(byte[] path, int off, int len, byte[] data, int dataOff, int dataLen) {
        begin(path, off, len);
        crc.update(data, dataOff, dataLen);
        return end();
    }

    private void begin(byte[] path, int off, int len) {
        crc.reset();
        if (len != 1 || path[off] != '/') {
            crc.update(path, off, len);
        }
    }

    private int end() {
        crc.update(stat, 0, StoredStat.BYTES);
        return (int) crc.getValue();
    }

    /// The digest of a znode with these values. An unsigned number of 32 bits.
    public int of(
            byte[] path,
            int off,
            int len,
            byte @Nullable [] data,
            long czxid,
            long mzxid,
            long pzxid,
            long ctime,
            long mtime,
            int version,
            int cversion,
            int aversion,
            long owner) {
        if (isExcluded(path, off, len)) {
            return 0;
        }
        fill(stat, czxid, mzxid, pzxid, ctime, mtime, version, cversion, aversion, owner);
        return of(path, off, len, data == null ? NO_DATA : data, 0, data == null ? 0 : data.length);
    }

    /// Remembers the stat of a znode that is about to change.
    void remember(Znodes znodes, int znode) {
        fill(before, znodes, znode);
    }

    /// As [#remember(Znodes, int)], for a znode that is somewhere else.
    public void remember(
            long czxid,
            long mzxid,
            long pzxid,
            long ctime,
            long mtime,
            int version,
            int cversion,
            int aversion,
            long owner) {
        fill(before, czxid, mzxid, pzxid, ctime, mtime, version, cversion, aversion, owner);
    }

    /// The new digest of the znode that was remembered, of which nothing but the stat has changed.
    int updated(Znodes znodes, int znode) {
        fill(stat, znodes, znode);
        return updated(znodes.digest(znode));
    }

    /// The new digest of a znode that was remembered and had this digest then, now that its stat is
    /// this and nothing else has changed. For paths that are not excluded.
    public int updated(
            int formerDigest,
            long czxid,
            long mzxid,
            long pzxid,
            long ctime,
            long mtime,
            int version,
            int cversion,
            int aversion,
            long owner) {
        fill(stat, czxid, mzxid, pzxid, ctime, mtime, version, cversion, aversion, owner);
        return updated(formerDigest);
    }

    private int updated(int formerDigest) {
        for (int i = 0; i < 56; i += 8) {
            LONG.set(stat, i, (long) LONG.get(stat, i) ^ (long) LONG.get(before, i));
        }
        INT.set(stat, 56, (int) INT.get(stat, 56) ^ (int) INT.get(before, 56));
        crc.reset();
        crc.update(stat, 0, StoredStat.BYTES);
        return formerDigest ^ (int) crc.getValue() ^ constant;
    }

    private static void fill(byte[] to, Znodes znodes, int znode) {
        fill(
                to,
                znodes.czxid(znode),
                znodes.mzxid(znode),
                znodes.pzxid(znode),
                znodes.ctime(znode),
                znodes.mtime(znode),
                znodes.version(znode),
                znodes.storedCversion(znode),
                znodes.aversion(znode),
                znodes.storedOwner(znode));
    }

    private static void fill(
            byte[] to,
            long czxid,
            long mzxid,
            long pzxid,
            long ctime,
            long mtime,
            int version,
            int cversion,
            int aversion,
            long owner) {
        LONG.set(to, 0, czxid);
        LONG.set(to, 8, mzxid);
        LONG.set(to, 16, pzxid);
        LONG.set(to, 24, ctime);
        LONG.set(to, 32, mtime);
        INT.set(to, 40, version);
        INT.set(to, 44, cversion);
        INT.set(to, 48, aversion);
        LONG.set(to, 52, owner);
    }
}
