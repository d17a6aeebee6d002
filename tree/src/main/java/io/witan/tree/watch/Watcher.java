package io.witan.tree.watch;

/// A connection that can hold watches.
public interface Watcher {

    /// The id that [WatchTable#register] gave.
    int watcherId();

    /// An event for this connection. It is the connection that checks READ against the list with
    /// this key (client-and-disk, section 5.5); the watch is used up either way. Must not call back
    /// into the table.
    ///
    /// @param type one of [EventType]
    /// @param path not to be changed; valid for good
    void event(int type, byte[] path, long zxid, int aclKey);
}
