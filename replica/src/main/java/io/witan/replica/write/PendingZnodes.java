package io.witan.replica.write;

import io.witan.tree.ZnodeTree;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// The znodes that proposed but unapplied transactions change, by path. A small chained hash table
/// of its own, because look-ups are made with ranges of bytes, for each write, and must not
/// allocate. It is never iterated over, so its order reaches no output.
final class PendingZnodes {

    private final ZnodeTree tree;
    private PendingZnode[] table = new PendingZnode[256];
    private int size;

    /// `tree` has the secret seed of the hashes.
    PendingZnodes(ZnodeTree tree) {
        this.tree = tree;
    }

    @Nullable PendingZnode find(byte[] bytes, int offset, int length) {
        if (size == 0) {
            return null;
        }
        return find(bytes, offset, length, hash(bytes, offset, length));
    }

    private @Nullable PendingZnode find(byte[] bytes, int offset, int length, int hash) {
        @Nullable PendingZnode znode = table[hash & table.length - 1];
        while (znode != null) {
            if (znode.hash == hash
                    && Arrays.equals(
                            znode.path, 0, znode.path.length, bytes, offset, offset + length)) {
                return znode;
            }
            znode = znode.nextInTable;
        }
        return null;
    }

    /// Adds a znode whose path is not in the table.
    void add(PendingZnode znode) {
        if (size >= table.length) {
            grow();
        }
        int slot = znode.hash & table.length - 1;
        znode.nextInTable = table[slot];
        table[slot] = znode;
        size++;
    }

    /// Takes out exactly this znode, if it is in.
    void remove(PendingZnode znode) {
        int slot = znode.hash & table.length - 1;
        @Nullable PendingZnode before = null;
        for (@Nullable PendingZnode z = table[slot]; z != null; z = z.nextInTable) {
            if (z == znode) {
                unlink(slot, before, znode);
                return;
            }
            before = z;
        }
    }

    @SuppressWarnings("NullAway") // an empty slot of the table is null
    private void unlink(int slot, @Nullable PendingZnode before, PendingZnode znode) {
        if (before == null) {
            table[slot] = znode.nextInTable;
        } else {
            before.nextInTable = znode.nextInTable;
        }
        znode.nextInTable = null;
        size--;
    }

    int size() {
        return size;
    }

    int hash(byte[] bytes, int offset, int length) {
        return tree.pathHash(bytes, offset, length);
    }

    private void grow() {
        PendingZnode[] old = table;
        table = new PendingZnode[old.length * 2];
        for (@Nullable PendingZnode chain : old) {
            @Nullable PendingZnode znode = chain;
            while (znode != null) {
                @Nullable PendingZnode next = znode.nextInTable;
                int slot = znode.hash & table.length - 1;
                znode.nextInTable = table[slot];
                table[slot] = znode;
                znode = next;
            }
        }
    }
}
