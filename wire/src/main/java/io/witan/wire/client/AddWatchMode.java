package io.witan.wire.client;

/// The `mode` of an addWatch request (client-and-disk, section 3.11).
public final class AddWatchMode {

    /// Stays after it has fired; data and children of one path.
    public static final int PERSISTENT = 0;

    /// Stays after it has fired; a path and everything below it, no child events.
    public static final int PERSISTENT_RECURSIVE = 1;

    private AddWatchMode() {}
}
