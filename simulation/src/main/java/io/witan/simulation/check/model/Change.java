package io.witan.simulation.check.model;

import io.witan.wire.data.Acl;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One thing that a transaction changed, as watches see it.
///
/// @param path of the znode itself; a change of its parent's children goes with it
/// @param acl who may do what to it; of what is gone, who might
/// @param parentAcl and to its parent
public record Change(
        long zxid, Kind kind, String path, @Nullable List<Acl> acl, @Nullable List<Acl> parentAcl) {

    /// What became of the znode.
    public enum Kind {
        CREATED,
        DELETED,
        DATA_CHANGED
    }
}
