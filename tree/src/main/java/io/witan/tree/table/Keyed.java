package io.witan.tree.table;

/// Something found by bytes: a znode by its name, a watched path by its path. A base class with a
/// field and no interface, because look-ups read nothing but this field and must not pay for a
/// call.
public abstract class Keyed {

    /// Never changed.
    protected final byte[] key;

    protected Keyed(byte[] key) {
        this.key = key;
    }

    final byte[] keyBytes() {
        return key;
    }
}
