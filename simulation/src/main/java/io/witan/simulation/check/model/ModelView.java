package io.witan.simulation.check.model;

import org.jspecify.annotations.Nullable;

/// A state of the tree.
interface ModelView {

    @Nullable ModelNode node(String path);

    boolean hasSession(long sessionId);

    /// Whether the session lives, for all of the ensemble or as a local one.
    boolean mayWrite(long sessionId);

    /// The parent of `/x` is the root.
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }
}
