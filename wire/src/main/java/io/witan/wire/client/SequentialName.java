package io.witan.wire.client;

import java.util.Arrays;

/// Names of sequential znodes: the requested path, then the parent's counter as a decimal of at
/// least ten characters, zero padded, the minus sign included (client-and-disk, section 3.6):
/// `0000000007`, `-000000005`, `-2147483648`.
public final class SequentialName {

    /// Most characters that a counter takes.
    public static final int SUFFIX_BYTES_MAX = 11;

    private static final int WIDTH = 10;

    private SequentialName() {}

    /// `prefix` with `counter` appended.
    public static byte[] of(byte[] prefix, int counter) {
        int suffixBytes = suffixBytes(counter);
        byte[] name = Arrays.copyOf(prefix, prefix.length + suffixBytes);
        append(name, prefix.length, counter);
        return name;
    }

    /// Characters that `counter` takes: ten, eleven for negative numbers of ten digits.
    public static int suffixBytes(int counter) {
        return counter <= -1_000_000_000 ? SUFFIX_BYTES_MAX : WIDTH;
    }

    /// Writes `counter` to `target` from `offset` on. Returns the index after its last character.
    public static int append(byte[] target, int offset, int counter) {
        int end = offset + suffixBytes(counter);
        long rest = Math.abs((long) counter);
        for (int i = end - 1; i >= offset; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        if (counter < 0) {
            target[offset] = '-';
        }
        return end;
    }
}
