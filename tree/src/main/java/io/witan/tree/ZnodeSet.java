package io.witan.tree;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// A set of znodes by identity; only ever asked, never iterated, so that the identity hash, which
/// differs from run to run, reaches no output.
///
/// It is made of parts, each a table that grows alone: a single one would, with some hundred
/// thousand znodes in it, keep the core from everything else for milliseconds whenever it grows.
///
/// ```
/// hash: | part ......... | place ......... | not used |
/// ```
final class ZnodeSet {

    /// How many come into a part if all that are expected do.
    private static final int ZNODES_PER_PART = 1 << 10;

    private static final int PARTS_MAX = 1 << 16;

    /// Null as long as no znode came into it; a power of two.
    private final @Nullable Part[] parts;

    /// @param expected about so many znodes at the most
    ZnodeSet(int expected) {
        int wanted = Math.clamp(expected / ZNODES_PER_PART, 1, PARTS_MAX);
        parts = new Part[Integer.highestOneBit(wanted)];
    }

    boolean contains(Znode znode) {
        Part part = parts[index(znode)];
        return part != null && part.contains(znode);
    }

    void add(Znode znode) {
        int index = index(znode);
        Part part = parts[index];
        if (part == null) {
            part = new Part();
            parts[index] = part;
        }
        part.add(znode);
    }

    /// Whether it was there.
    boolean remove(Znode znode) {
        Part part = parts[index(znode)];
        return part != null && part.remove(znode);
    }

    void clear() {
        Arrays.fill(parts, null);
    }

    private int index(Znode znode) {
        return (int) (((hash(znode) & 0xFFFF_FFFFL) * parts.length) >>> 32);
    }

    private static int hash(Znode znode) {
        return System.identityHashCode(znode) * 0x9E3779B9;
    }

    /// Open addressing, at most two thirds full.
    private static final class Part {

        private @Nullable Znode[] places = new Znode[16];
        private int size;

        boolean contains(Znode znode) {
            return places[place(znode)] != null;
        }

        void add(Znode znode) {
            if ((size + 1) * 3L > places.length * 2L) {
                resize(places.length * 2);
            }
            int place = place(znode);
            if (places[place] == null) {
                places[place] = znode;
                size++;
            }
        }

        boolean remove(Znode znode) {
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

        /// Where the znode is, or where it would be put.
        private int place(Znode znode) {
            int i = home(znode);
            while (places[i] != null && places[i] != znode) {
                i = (i + 1) & (places.length - 1);
            }
            return i;
        }

        private int home(Znode znode) {
            return (hash(znode) >>> 8) & (places.length - 1);
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
}
