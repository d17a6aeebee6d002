package io.witan.zab;

/// Zxids: the epoch in the high 32 bits, a counter in the low ones (quorum, section 0.4).
public final class Zxids {

    private Zxids() {}

    public static long epoch(long zxid) {
        return zxid >> 32;
    }

    public static long counter(long zxid) {
        return zxid & 0xffff_ffffL;
    }

    /// Where an epoch begins; never a transaction.
    public static long startOf(long epoch) {
        return epoch << 32;
    }

    /// Whether `next` may stand right behind `zxid` in a history: the next number of the same
    /// epoch, or the first of a later one.
    public static boolean follows(long zxid, long next) {
        return epoch(next) == epoch(zxid)
                ? next == zxid + 1
                : epoch(next) > epoch(zxid) && counter(next) == 1;
    }

    public static String hex(long zxid) {
        return "0x" + Long.toHexString(zxid);
    }
}
