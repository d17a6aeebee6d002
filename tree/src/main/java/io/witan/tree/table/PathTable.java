package io.witan.tree.table;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.function.Consumer;

/// A table from paths to the objects that carry them: a [KeyTable] of their numbers.
///
/// ```
/// number   0 | 1 2 3 .. 1023 | 1024 ..        objects by number, in parts that are never copied
/// ```
public final class PathTable<T extends Keyed> {

    private static final int PART_BITS = 10;
    private static final int PART = 1 << PART_BITS;

    private final long seed;
    private final Numbers numbers = new Numbers();

    private Keyed[][] parts = {new Keyed[8]};

    /// Numbers above it have never been used.
    private int numberMax;

    /// Numbers up to [#numberMax] that are free, a stack.
    private int[] free = new int[8];

    private int freeCount;

    public PathTable(long seed) {
        this.seed = seed;
    }

    private final class Numbers extends KeyTable {
        @Override
        protected int hash(int entry) {
            byte[] key = at(entry).key;
            return KeyHash.path(key, 0, key.length, seed);
        }

        @Override
        protected boolean hasKey(int entry, byte[] buf, int off, int len) {
            byte[] key = at(entry).key;
            return key.length == len && Arrays.equals(key, 0, len, buf, off, off + len);
        }

        @Override
        protected boolean haveEqualKeys(int entry, int other) {
            return Arrays.equals(at(entry).key, at(other).key);
        }
    }

    public int size() {
        return numbers.size();
    }

    /// The object whose path is `buf[off .. off + len)`, or null.
    public @Nullable T get(byte[] buf, int off, int len) {
        return size() == 0 ? null : get(hash(buf, off, len), buf, off, len);
    }

    /// As [#get(byte[], int, int)], for a path whose hash is known.
    @SuppressWarnings("unchecked")
    public @Nullable T get(int hash, byte[] buf, int off, int len) {
        int number = numbers.get(hash, buf, off, len);
        return number == KeyTable.NONE ? null : (T) at(number);
    }

    /// Adds an object. None with an equal path may be there.
    public void add(T entry) {
        add(hash(entry), entry);
    }

    /// As [#add(Keyed)], for an object whose path's hash is known.
    public void add(int hash, T entry) {
        int number = freeCount > 0 ? free[--freeCount] : nextNumber();
        parts[number >>> PART_BITS][number & (PART - 1)] = entry;
        numbers.add(hash, number);
    }

    /// Removes this very object, which must be there.
    // This very object; and what is free holds nothing, and nobody looks there.
    @SuppressWarnings({"ReferenceEquality", "NullAway"})
    public void remove(T entry) {
        int hash = hash(entry);
        int number = numbers.get(hash, entry.key, 0, entry.key.length);
        if (number == KeyTable.NONE || at(number) != entry) {
            throw new IllegalStateException("the entry to be removed is not in the table");
        }
        numbers.remove(hash, number);
        parts[number >>> PART_BITS][number & (PART - 1)] = null;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = number;
    }

    /// Visits all objects, in an order that depends on their hashes only by segment. The visitor
    /// must not add or remove any.
    @SuppressWarnings("unchecked")
    public void forEach(Consumer<? super T> visitor) {
        numbers.forEach(number -> visitor.accept((T) at(number)));
    }

    public int hash(byte[] buf, int off, int len) {
        return KeyHash.path(buf, off, len, seed);
    }

    public long seed() {
        return seed;
    }

    private int hash(T entry) {
        return hash(entry.key, 0, entry.key.length);
    }

    private Keyed at(int number) {
        return parts[number >>> PART_BITS][number & (PART - 1)];
    }

    private int nextNumber() {
        int number = ++numberMax;
        int part = number >>> PART_BITS;
        if (part == parts.length) {
            parts = Arrays.copyOf(parts, part * 2);
        }
        if (part == 0 && number == parts[0].length) {
            parts[0] = Arrays.copyOf(parts[0], number * 2);
        } else if (parts[part] == null) {
            parts[part] = new Keyed[PART];
        }
        return number;
    }
}
