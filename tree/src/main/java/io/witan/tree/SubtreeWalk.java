package io.witan.tree;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;

/// Visits a znode and everything below it, parents first, without recursion. The tree must not
/// change meanwhile.
final class SubtreeWalk {

    private final ArrayList<Znode> waiting = new ArrayList<>();

    /// For each waiting znode the bytes of its path below the top.
    private int[] lengths = new int[16];

    private int pathLength;

    SubtreeWalk(Znode top) {
        push(top, 0);
    }

    /// The next znode, the top one first; null at the end.
    @Nullable Znode next() {
        int last = waiting.size() - 1;
        if (last < 0) {
            return null;
        }
        Znode znode = waiting.remove(last);
        pathLength = lengths[last];
        int length = pathLength;
        znode.forEachChild(child -> push(child, length + 1 + child.name().length));
        return znode;
    }

    /// Bytes of the path of the znode just returned, beyond those of the top one's.
    int pathLength() {
        return pathLength;
    }

    private void push(Znode znode, int length) {
        int size = waiting.size();
        if (size == lengths.length) {
            lengths = Arrays.copyOf(lengths, size * 2);
        }
        lengths[size] = length;
        waiting.add(znode);
    }
}
