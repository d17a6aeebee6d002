package io.witan.tree.block;

/// The sizes that blocks come in: every 8 bytes up to 256, then sixteen between each power of two
/// and the next, so that at most a sixteenth of a block is of no use.
final class BlockSize {

    /// What a block's size, and its place in its page, is a multiple of.
    static final int UNIT = 8;

    /// Longer ones are not in pages.
    static final int LARGEST = 4096;

    private static final int FINE_MAX = 256;
    private static final int FINE = FINE_MAX / UNIT;

    static final int COUNT = number(LARGEST) + 1;

    private BlockSize() {}

    /// Number of the smallest size that holds `length` bytes, 1 to [#LARGEST].
    static int number(int length) {
        if (length <= FINE_MAX) {
            return (length + UNIT - 1) / UNIT - 1;
        }
        int bits = 31 - Integer.numberOfLeadingZeros(length - 1);
        return FINE + (bits - 8) * 16 + ((length - 1) >>> (bits - 4)) - 16;
    }

    /// In bytes.
    static int bytes(int number) {
        if (number < FINE) {
            return (number + 1) * UNIT;
        }
        int coarse = number - FINE;
        return (17 + coarse % 16) << (coarse / 16 + 4);
    }

    /// For blocks that are not in pages and grow: this much or at most a sixteenth more.
    static int rounded(int length) {
        int step = Integer.highestOneBit(length) >>> 4;
        long up = ((long) length + step - 1) & -step;
        return (int) Math.min(up, Integer.MAX_VALUE - 16);
    }
}
