package io.witan.tree.watch;

/// Watch types of checkWatches and removeWatches (client-and-disk, section 3.11).
public final class WatchType {

    public static final int CHILDREN = 1;
    public static final int DATA = 2;
    public static final int ANY = 3;
    public static final int PERSISTENT = 4;
    public static final int PERSISTENT_RECURSIVE = 5;

    private WatchType() {}
}
