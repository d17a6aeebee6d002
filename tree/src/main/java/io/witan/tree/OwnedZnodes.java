package io.witan.tree;

import java.util.Arrays;
import java.util.function.Consumer;

/// Znodes that belong together, in the order in which they came: the ephemerals of a session, all
/// containers, all TTL znodes. Each znode knows its index here, so that it leaves in constant time
/// and costs about one reference.
public class OwnedZnodes {

    private static final int[] EMPTY = {};

    private final Znodes all;

    /// Their numbers, with gaps where znodes have left.
    private int[] znodes = EMPTY;

    private int end;
    private int size;

    OwnedZnodes(Znodes all) {
        this.all = all;
    }

    public final int size() {
        return size;
    }

    public final boolean isEmpty() {
        return size == 0;
    }

    /// Visits the znodes, oldest first. The visitor must not add or remove any.
    public final void forEach(Consumer<? super Znode> visitor) {
        for (int i = 0; i < end; i++) {
            if (znodes[i] != Znodes.NONE) {
                visitor.accept(new Znode(all, znodes[i]));
            }
        }
    }

    /// A copy, oldest first, which the tree may be changed along.
    public final Znode[] toArray() {
        Znode[] copy = new Znode[size];
        int n = 0;
        for (int i = 0; i < end; i++) {
            if (znodes[i] != Znodes.NONE) {
                copy[n++] = new Znode(all, znodes[i]);
            }
        }
        return copy;
    }

    /// At most `max` znodes from the place `from`, for a caller that goes through them in slices
    /// while they change; returns the place to go on from, -1 at the end. Znodes that move
    /// meanwhile may be missed or met twice.
    public final int slice(int from, int max, Consumer<? super Znode> visitor) {
        int i = from;
        for (int visited = 0; i < end && visited < max; i++) {
            if (znodes[i] != Znodes.NONE) {
                visitor.accept(new Znode(all, znodes[i]));
                visited++;
            }
        }
        return i >= end ? -1 : i;
    }

    final void add(int znode) {
        if (end == znodes.length) {
            if (size < end - end / 4) {
                closeGaps();
            } else {
                znodes = Arrays.copyOf(znodes, end < 4 ? end + 1 : end + end / 2);
            }
        }
        all.setOwnedIndex(znode, end);
        znodes[end++] = znode;
        size++;
    }

    final void remove(int znode) {
        int index = all.ownedIndex(znode);
        if (znodes[index] != znode) {
            throw new IllegalStateException("a znode is not where its owner should have it");
        }
        znodes[index] = Znodes.NONE;
        size--;
        if (index == end - 1) {
            end--;
        }
        if (size == 0) {
            znodes = EMPTY;
            end = 0;
        } else if (size < znodes.length / 4) {
            closeGaps();
            znodes = Arrays.copyOf(znodes, Math.max(size, size * 2));
        }
    }

    final void clear() {
        znodes = EMPTY;
        end = 0;
        size = 0;
    }

    private void closeGaps() {
        int n = 0;
        for (int i = 0; i < end; i++) {
            int znode = znodes[i];
            if (znode != Znodes.NONE) {
                all.setOwnedIndex(znode, n);
                znodes[n++] = znode;
            }
        }
        Arrays.fill(znodes, n, end, Znodes.NONE);
        end = n;
    }
}
