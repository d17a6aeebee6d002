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
    private final long seed;
    private PathTable<QuotaRoot> roots;

    Quotas(ZnodeTree tree, long seed) {
        this.tree = tree;
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
    void created(byte[] path, Znode znode) {
        byte @Nullable [] root = rootOf(path, znode.name());
        if (root != null && Arrays.equals(znode.name(), LIMITS)) {
            roots.add(new QuotaRoot(root, znode));
        } else if (root != null) {
            recount(root, znode);
            return;
        }
        usageChanged(path, 1, znode.dataLength());
    }

    /// A znode without children was deleted.
    void deleted(byte[] path, Znode znode) {
        if (roots.size() == 0) {
            return;
        }
        byte @Nullable [] root = rootOf(path, znode.name());
        if (root != null && Arrays.equals(znode.name(), LIMITS)) {
            QuotaRoot former = roots.get(root, 0, root.length);
            if (former != null) {
                roots.remove(former);
            }
        }
        usageChanged(path, -1, -znode.dataLength());
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
        Znode quota = tree.find(QUOTA);
        if (quota == null) {
            return;
        }
        var statistics = new java.util.ArrayList<Znode>();
        var walk = new SubtreeWalk(quota);
        for (Znode znode = walk.next(); znode != null; znode = walk.next()) {
            boolean limits = Arrays.equals(znode.name(), LIMITS);
            if (limits || Arrays.equals(znode.name(), STATISTICS)) {
                byte @Nullable [] root = rootOf(znode.path(), znode.name());
                if (root != null && limits) {
                    roots.add(new QuotaRoot(root, znode));
                } else if (root != null) {
                    statistics.add(znode);
                }
            }
        }
        for (Znode znode : statistics) {
            byte @Nullable [] root = rootOf(znode.path(), znode.name());
            if (root != null && roots.get(root, 0, root.length) != null) {
                recount(root, znode);
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
    private static byte @Nullable [] rootOf(byte[] path, byte[] name) {
        if (name.length != LIMITS.length && name.length != STATISTICS.length) {
            return null;
        }
        int end = path.length - name.length - 1;
        if (end <= QUOTA.length
                || path[QUOTA.length] != '/'
                || !Arrays.equals(path, 0, QUOTA.length, QUOTA, 0, QUOTA.length)
                || !(Arrays.equals(name, LIMITS) || Arrays.equals(name, STATISTICS))) {
            return null;
        }
        return Arrays.copyOfRange(path, QUOTA.length, end);
    }

    private void recount(byte[] root, Znode statistics) {
        long count = 0;
        long bytes = 0;
        Znode top = tree.find(root);
        if (top != null) {
            var walk = new SubtreeWalk(top);
            for (Znode znode = walk.next(); znode != null; znode = walk.next()) {
                count++;
                bytes += znode.dataLength();
            }
        }
        tree.rewriteData(statistics, QuotaText.format(count, bytes));
    }

    private void usageChanged(byte[] path, int countChange, int bytesChange) {
        QuotaRoot root = longestMatch(path);
        if (root == null) {
            return;
        }
        Znode statistics = root.statistics();
        if (statistics != null) {
            tree.rewriteData(
                    statistics, QuotaText.add(statistics.data(), countChange, bytesChange));
        }
    }
}
