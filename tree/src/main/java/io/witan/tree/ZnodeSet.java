package io.witan.tree;

import org.jspecify.annotations.Nullable;

/// A set of znodes by identity; only ever asked, never iterated, so that the identity hash, which
/// differs from run to run, reaches no output.
final class ZnodeSet {

    /// Open addressing, at most two thirds full. Null as long as the set was never used.
    private @Nullable Znode[] places = NONE;

    private int size;

    private static final Znode[] NONE = new Znode[0];

    boolean contains(Znode znode) {
        return size > 0 && places[place(znode)] != null;
    }

    void add(Znode znode) {
        if ((size + 1) * 3L > places.length * 2L) {
            resize(Math.max(16, places.length * 2));
        }
        int place = place(znode);
        if (places[place] == null) {
            places[place] = znode;
            size++;
        }
    }

    boolean remove(Znode znode) {
        if (size == 0) {
            return false;
        }
        int gap = place(znode);
        if (places[gap] == null) {
            return false;
        }
        places[gap] = null;
        size--;
        int mask = places.length - 1;
        for (int i = (gap + 1) & mask; ; i = (i + 1) & mask) {
            Znode other = places[i];
            if (other == null) {
                break;
            }
            if (((i - home(other)) & mask) >= ((i - gap) & mask)) {
                places[gap] = other;
                places[i] = null;
                gap = i;
            }
        }
        if (places.length > 64 && size < places.length / 8) {
            resize(places.length / 4);
        }
        return true;
    }

    void clear() {
        places = NONE;
        size = 0;
    }

    /// Where the znode is, or where it would be put.
    private int place(Znode znode) {
        int i = home(znode);
        while (places[i] != null && places[i] != znode) {
            i = (i + 1) & (places.length - 1);
        }
        return i;
    }

    private int home(Znode znode) {
        int h = System.identityHashCode(znode) * 0x9E3779B9;
        return (h >>> 8) & (places.length - 1);
    }

    private void resize(int length) {
        Znode[] former = places;
        places = new Znode[length];
        for (Znode znode : former) {
            if (znode != null) {
                places[place(znode)] = znode;
            }
        }
    }
}
