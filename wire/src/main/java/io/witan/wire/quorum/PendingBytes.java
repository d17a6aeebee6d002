package io.witan.wire.quorum;

import java.util.Arrays;

/// Bytes of a unit whose end has not come yet. Grows with the bytes that come, never ahead of them
/// by more than their own number: an announced length costs nothing.
final class PendingBytes {

    private static final byte[] EMPTY = new byte[0];
    private static final int CAPACITY_MIN = 256;

    /// Capacity that is kept from one unit to the next.
    private static final int CAPACITY_KEPT = 1 << 16;

    private byte[] bytes = EMPTY;
    private int length;

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /// Adds bytes of a unit that will not have more than `lengthMax`, as far as is known.
    void append(byte[] source, int offset, int count, int lengthMax) {
        if (bytes.length - length < count) {
            long doubled = Math.min(2L * (length + (long) count), lengthMax);
            long capacity = Math.max(Math.max(doubled, length + count), CAPACITY_MIN);
            bytes = Arrays.copyOf(bytes, (int) capacity);
        }
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    void clear() {
        length = 0;
        if (bytes.length > CAPACITY_KEPT) {
            bytes = EMPTY;
        }
    }
}
