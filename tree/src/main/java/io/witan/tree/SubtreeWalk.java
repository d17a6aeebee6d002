package io.witan.tree;

import java.util.Arrays;

/// Visits a znode and everything below it, parents first, without recursion. The tree must not
/// change meanwhile.
final class SubtreeWalk {

    private final Znodes znodes;
    private final NumberList waiting = new NumberList(16);

    /// For each waiting znode the bytes of its path below the top.
    private int[] lengths = new int[16];

    private int pathLength;

    SubtreeWalk(Znodes znodes, int top) {
        this.znodes = znodes;
        push(top, 0);
    }

    /// The next znode, the top one first; [Znodes#NONE] at the end.
    int next() {
        int last = waiting.size() - 1;
        if (last < 0) {
            return Znodes.NONE;
        }
        int znode = waiting.removeLast();
        pathLength = lengths[last];
        int length = pathLength;
        znodes.forEachChild(znode, child -> push(child, length + 1 + znodes.nameLength(child)));
        return znode;
    }

    /// Bytes of the path of the znode just returned, beyond those of the top one's.
    int pathLength() {
        return pathLength;
    }

    private void push(int znode, int length) {
        int size = waiting.size();
        if (size == lengths.length) {
            lengths = Arrays.copyOf(lengths, size * 2);
        }
        lengths[size] = length;
        waiting.add(znode);
    }
}
