package io.witan.simulation.check.model;

/// One thing that a transaction changed, as watches see it.
///
/// @param path of the znode itself; a change of its parent's children goes with it
public record Change(long zxid, Kind kind, String path) {

    /// What became of the znode.
    public enum Kind {
        CREATED,
        DELETED,
        DATA_CHANGED
    }
}
