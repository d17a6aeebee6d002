package io.witan.tree.table;

import org.jspecify.annotations.Nullable;

/// A [KeyTable] whose keys are paths.
public final class PathTable<T extends Keyed> extends KeyTable<T> {

    private final long seed;

    public PathTable(long seed) {
        this.seed = seed;
    }

    public @Nullable T get(byte[] buf, int off, int len) {
        return size() == 0 ? null : get(hash(buf, off, len), buf, off, len);
    }

    public void add(T entry) {
        add(hash(entry.key), entry);
    }

    public void remove(T entry) {
        remove(hash(entry.key), entry);
    }

    public int hash(byte[] buf, int off, int len) {
        return KeyHash.path(buf, off, len, seed);
    }

    @Override
    protected int hash(byte[] key) {
        return hash(key, 0, key.length);
    }

    public long seed() {
        return seed;
    }
}
