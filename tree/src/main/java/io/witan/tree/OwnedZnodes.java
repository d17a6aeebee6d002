package io.witan.tree;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.function.Consumer;

/// Znodes that belong together, in the order in which they came: the ephemerals of a session, all
/// containers, all TTL znodes. Each znode knows its index here, so that it leaves in constant time
/// and costs about one reference.
public class OwnedZnodes {

    private static final Znode[] NONE = new Znode[0];

    /// With gaps where znodes have left.
    private @Nullable Znode[] znodes = NONE;

    private int end;
    private int size;

    OwnedZnodes() {}

    public final int size() {
        return size;
    }

    public final boolean isEmpty() {
        return size == 0;
    }

    /// Visits the znodes, oldest first. The visitor must not add or remove any.
    public final void forEach(Consumer<? super Znode> visitor) {
        for (int i = 0; i < end; i++) {
            Znode znode = znodes[i];
            if (znode != null) {
                visitor.accept(znode);
            }
        }
    }

    /// A copy, oldest first, which the tree may be changed along.
    public final Znode[] toArray() {
        Znode[] copy = new Znode[size];
        int n = 0;
        for (int i = 0; i < end; i++) {
            Znode znode = znodes[i];
            if (znode != null) {
                copy[n++] = znode;
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
            Znode znode = znodes[i];
            if (znode != null) {
                visitor.accept(znode);
                visited++;
            }
        }
        return i >= end ? -1 : i;
    }

    final void add(Znode znode) {
        if (end == znodes.length) {
            if (size < end - end / 4) {
                closeGaps();
            } else {
                znodes = Arrays.copyOf(znodes, end < 4 ? end + 1 : end + end / 2);
            }
        }
        znode.setOwnedIndex(end);
        znodes[end++] = znode;
        size++;
    }

    final void remove(Znode znode) {
        int index = znode.ownedIndex();
        if (znodes[index] != znode) {
            throw new IllegalStateException("a znode is not where its owner should have it");
        }
        znodes[index] = null;
        size--;
        if (index == end - 1) {
            end--;
        }
        if (size == 0) {
            znodes = NONE;
            end = 0;
        } else if (size < znodes.length / 4) {
            closeGaps();
            znodes = Arrays.copyOf(znodes, Math.max(size, size * 2));
        }
    }

    final void clear() {
        znodes = NONE;
        end = 0;
        size = 0;
    }

    private void closeGaps() {
        int n = 0;
        for (int i = 0; i < end; i++) {
            Znode znode = znodes[i];
            if (znode != null) {
                znode.setOwnedIndex(n);
                znodes[n++] = znode;
            }
        }
        Arrays.fill(znodes, n, end, null);
        end = n;
    }
}
