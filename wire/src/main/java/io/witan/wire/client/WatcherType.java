package io.witan.wire.client;

/// The `type` of checkWatches and removeWatches requests (client-and-disk, section 3.11).
public final class WatcherType {

    /// One-shot watch of getChildren.
    public static final int CHILDREN = 1;

    /// One-shot watch of getData or exists.
    public static final int DATA = 2;

    public static final int ANY = 3;
    public static final int PERSISTENT = 4;
    public static final int PERSISTENT_RECURSIVE = 5;

    private WatcherType() {}
}
