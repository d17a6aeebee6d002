package io.witan.tree;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// A set of numbers, 0 and above: a bit each, in parts that are never copied and exist only where
/// one of their numbers came in.
final class NumberSet {

    /// Numbers in a part: 4 KiB of bits.
    private static final int PART_BITS = 15;

    private @Nullable Part[] parts = new Part[4];

    private static final class Part {
        final long[] bits = new long[1 << (PART_BITS - 6)];
    }

    boolean contains(int number) {
        int index = number >>> PART_BITS;
        Part part = index < parts.length ? parts[index] : null;
        return part != null && (part.bits[word(number)] & 1L << number) != 0;
    }

    void add(int number) {
        int index = number >>> PART_BITS;
        if (index >= parts.length) {
            parts = Arrays.copyOf(parts, Math.max(index + 1, parts.length * 2));
        }
        Part part = parts[index];
        if (part == null) {
            part = new Part();
            parts[index] = part;
        }
        part.bits[word(number)] |= 1L << number;
    }

    /// Whether it was there.
    boolean remove(int number) {
        int index = number >>> PART_BITS;
        Part part = index < parts.length ? parts[index] : null;
        if (part == null || (part.bits[word(number)] & 1L << number) == 0) {
            return false;
        }
        part.bits[word(number)] &= ~(1L << number);
        return true;
    }

    void clear() {
        Arrays.fill(parts, null);
    }

    private static int word(int number) {
        return (number & ((1 << PART_BITS) - 1)) >>> 6;
    }
}
