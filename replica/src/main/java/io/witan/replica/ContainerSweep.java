package io.witan.replica;

import io.witan.tree.Znode;
import io.witan.tree.ZnodeTree;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/// Finds containers that have lost their last child and TTL znodes whose time is over, and paces
/// their deletion (client-and-disk, section 3.7).
public final class ContainerSweep {

    /// @param intervalMillis time between two searches
    /// @param perMinuteMax deletions a minute at most
    /// @param neverUsedMillis containers that never had a child go when they were last changed
    ///   longer ago than this; 0: they stay
    public record Settings(long intervalMillis, int perMinuteMax, long neverUsedMillis) {

        public static final Settings DEFAULT = new Settings(60_000, 10_000, 0);
    }

    private final Settings settings;
    private final ZnodeTree tree;

    private final ArrayDeque<byte[]> candidates = new ArrayDeque<>();
    private long nextSearchMillis;
    private long nextDeletionMillis;

    ContainerSweep(Settings settings, ZnodeTree tree, long nowMillis) {
        this.settings = settings;
        this.tree = tree;
        this.nextSearchMillis = nowMillis + settings.intervalMillis();
    }

    /// Hands to `delete` the paths whose turn it is now.
    void tick(long nowMillis, long wallMillis, Consumer<byte[]> delete) {
        if (nowMillis >= nextSearchMillis) {
            nextSearchMillis = nowMillis + settings.intervalMillis();
            search(wallMillis);
            nextDeletionMillis = nowMillis;
        }
        long pauseMillis = Math.max(1, 60_000 / Math.max(1, settings.perMinuteMax()));
        while (!candidates.isEmpty() && nowMillis >= nextDeletionMillis) {
            nextDeletionMillis += pauseMillis;
            byte[] path = candidates.removeFirst();
            Znode znode = tree.find(path, 0, path.length);
            if (znode != null && znode.childCount() == 0) {
                delete.accept(path);
            }
        }
    }

    /// When [#tick] has something to do at the earliest.
    long wakeAtMillis() {
        return candidates.isEmpty()
                ? nextSearchMillis
                : Math.min(nextSearchMillis, nextDeletionMillis);
    }

    private void search(long wallMillis) {
        candidates.clear();
        tree.containers()
                .forEach(znode -> {
                    if (isContainerDone(znode, wallMillis)) {
                        candidates.add(znode.path());
                    }
                });
        tree.ttlZnodes()
                .forEach(znode -> {
                    if (znode.childCount() == 0
                            && wallMillis - znode.mtime() > tree.ttlMillis(znode)) {
                        candidates.add(znode.path());
                    }
                });
    }

    private boolean isContainerDone(Znode znode, long wallMillis) {
        if (znode.childCount() > 0) {
            return false;
        }
        if (znode.storedCversion() > 0) {
            return true;
        }
        return settings.neverUsedMillis() > 0
                && wallMillis - znode.mtime() > settings.neverUsedMillis();
    }
}
