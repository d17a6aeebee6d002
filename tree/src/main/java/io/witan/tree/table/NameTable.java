package io.witan.tree.table;

/// A [KeyTable] whose keys are single names.
public final class NameTable<T extends Keyed> extends KeyTable<T> {

    private final long seed;

    public NameTable(long seed) {
        this.seed = seed;
    }

    public int hash(byte[] buf, int off, int len) {
        return KeyHash.name(buf, off, len, seed);
    }

    @Override
    protected int hash(byte[] key) {
        return KeyHash.name(key, 0, key.length, seed);
    }
}
