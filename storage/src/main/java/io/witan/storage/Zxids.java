package io.witan.storage;

/// Arithmetic of transaction ids: epoch in the high 32 bits, counter in the low ones.
final class Zxids {

    private Zxids() {}

    static long epoch(long zxid) {
        return zxid >> 32;
    }

    /// Whether a log may hold `next` right after `zxid`: the successor, or the first transaction of
    /// a higher epoch. The original takes any of a higher epoch (client-and-disk, section 9.3);
    /// then a learner that lost the snapshot it was sent loads without what that held.
    static boolean follows(long zxid, long next) {
        return next == zxid + 1 || (epoch(next) > epoch(zxid) && counter(next) <= 1);
    }

    static long counter(long zxid) {
        return zxid & 0xffffffffL;
    }

    static String hex(long zxid) {
        return "0x" + Long.toHexString(zxid);
    }
}
