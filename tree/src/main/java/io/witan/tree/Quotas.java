package io.witan.tree;

import io.witan.tree.table.KeyHash;
import io.witan.tree.table.PathTable;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.function.Consumer;

/// Which paths have quotas, and the bookkeeping of what lies below them (client-and-disk, section
/// 6.3). Enforcing them is the business of whoever prepares transactions.
public final class Quotas {

    static final byte[] LIMITS = ZnodeTree.ascii("zookeeper_limits");
    static final byte[] STATISTICS = ZnodeTree.ascii("zookeeper_stats");

    private static final byte[] QUOTA = ZnodeTree.ascii("/zookeeper/quota");

    private final ZnodeTree tree;
    private final Znodes znodes;
    private final long seed;
    private PathTable<QuotaRoot> roots;

    Quotas(ZnodeTree tree, Znodes znodes, long seed) {
        this.tree = tree;
        this.znodes = znodes;
        this.seed = seed;
        this.roots = new PathTable<>(seed);
    }

    /// Number of paths that have a quota.
    public int size() {
        return roots.size();
    }

    /// Visits all quota roots, in no order that means anything.
    public void forEach(Consumer<QuotaRoot> visitor) {
        roots.forEach(visitor);
    }

    /// The quota root with the longest path that is this path or an ancestor of it, or null.
    public @Nullable QuotaRoot longestMatch(byte[] path) {
        if (roots.size() == 0) {
            return null;
        }
        QuotaRoot longest = null;
        long state = KeyHash.pathStart(seed);
        int start = 1;
        for (int i = 1; i <= path.length; i++) {
            if (i == path.length || path[i] == '/') {
                state = KeyHash.step(state, path, start, i - start, seed);
                QuotaRoot root = roots.get(KeyHash.fold(state), path, 0, i);
                if (root != null) {
                    longest = root;
                }
                start = i + 1;
            }
        }
        return longest;
    }

    /// A znode was created.
    void created(byte[] path, int znode) {
        byte @Nullable [] root = rootOf(path);
        if (root != null && endsWith(path, LIMITS)) {
            roots.add(new QuotaRoot(root, znodes, znode));
        } else if (root != null) {
            recount(root, znode);
            return;
        }
        usageChanged(path, 1, znodes.dataLength(znode));
    }

    /// A znode without children was deleted, that had so many bytes of data.
    void deleted(byte[] path, int dataLength) {
        if (roots.size() == 0) {
            return;
        }
        byte @Nullable [] root = rootOf(path);
        if (root != null && endsWith(path, LIMITS)) {
            QuotaRoot former = roots.get(root, 0, root.length);
            if (former != null) {
                roots.remove(former);
            }
        }
        usageChanged(path, -1, -dataLength);
    }

    void dataChanged(byte[] path, int lengthChange) {
        if (lengthChange != 0) {
            usageChanged(path, 0, lengthChange);
        }
    }

    /// Finds all roots and counts anew what lies below them: after loading, and after a whole
    /// subtree went at once.
    void rebuild() {
        clear();
        int quota = tree.number(QUOTA, 0, QUOTA.length);
        if (quota == Znodes.NONE) {
            return;
        }
        var statistics = new NumberList(8);
        var walk = new SubtreeWalk(znodes, quota);
        for (int znode = walk.next(); znode != Znodes.NONE; znode = walk.next()) {
            boolean limits = znodes.hasName(znode, LIMITS, 0, LIMITS.length);
            if (limits || znodes.hasName(znode, STATISTICS, 0, STATISTICS.length)) {
                byte @Nullable [] root = rootOf(znodes.path(znode));
                if (root != null && limits) {
                    roots.add(new QuotaRoot(root, znodes, znode));
                } else if (root != null) {
                    statistics.add(znode);
                }
            }
        }
        for (int i = 0; i < statistics.size(); i++) {
            byte @Nullable [] root = rootOf(znodes.path(statistics.get(i)));
            if (root != null && roots.get(root, 0, root.length) != null) {
                recount(root, statistics.get(i));
            }
        }
    }

    void clear() {
        if (roots.size() > 0) {
            roots = new PathTable<>(seed);
        }
    }

    /// The path that a quota znode is about: of `/zookeeper/quota/p/zookeeper_limits` it is `/p`.
    /// Null if this is no quota znode. A quota on the root is not supported and therefore none:
    /// every 3.9 server stops when one is created (client-and-disk, section 13.3).
    private static byte @Nullable [] rootOf(byte[] path) {
        if (path.length <= QUOTA.length
                || path[QUOTA.length] != '/'
                || !Arrays.equals(path, 0, QUOTA.length, QUOTA, 0, QUOTA.length)) {
            return null;
        }
        int end;
        if (endsWith(path, LIMITS)) {
            end = path.length - LIMITS.length - 1;
        } else if (endsWith(path, STATISTICS)) {
            end = path.length - STATISTICS.length - 1;
        } else {
            return null;
        }
        return end > QUOTA.length ? Arrays.copyOfRange(path, QUOTA.length, end) : null;
    }

    /// Whether this is the last component of the path.
    private static boolean endsWith(byte[] path, byte[] name) {
        int start = path.length - name.length;
        return start > 0
                && path[start - 1] == '/'
                && Arrays.equals(path, start, path.length, name, 0, name.length);
    }

    private void recount(byte[] root, int statistics) {
        long count = 0;
        long bytes = 0;
        int top = tree.number(root, 0, root.length);
        if (top != Znodes.NONE) {
            var walk = new SubtreeWalk(znodes, top);
            for (int znode = walk.next(); znode != Znodes.NONE; znode = walk.next()) {
                count++;
                bytes += znodes.dataLength(znode);
            }
        }
        tree.rewriteData(statistics, QuotaText.format(count, bytes));
    }

    private void usageChanged(byte[] path, int countChange, int bytesChange) {
        QuotaRoot root = longestMatch(path);
        if (root == null) {
            return;
        }
        int statistics = root.statistics();
        if (statistics != Znodes.NONE) {
            tree.rewriteData(
                    statistics, QuotaText.add(znodes.data(statistics), countChange, bytesChange));
        }
    }
}
