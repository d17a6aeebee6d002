package io.witan.server.config;

/// What the tree takes and keeps.
///
/// @param extendedTypesEnabled TTL znodes
/// @param emulate353Ttl TTLs are stored as release 3.5.3 did
/// @param enforceQuota a write beyond a hard quota is refused
/// @param digestEnabled transactions and snapshots carry the digest of the tree
/// @param closeSessionTxnEnabled the transaction that ends a session lists the ephemeral znodes it
///   deletes
public record TreeConfig(
        boolean extendedTypesEnabled,
        boolean emulate353Ttl,
        boolean enforceQuota,
        boolean digestEnabled,
        boolean closeSessionTxnEnabled,
        Containers containers) {

    /// When empty container znodes and TTL znodes that ran out are deleted.
    ///
    /// @param checkIntervalMillis time between two looks at all of them
    /// @param deletionsPerMinuteMax how many are deleted a minute at most
    /// @param neverUsedMillisMax a container that never had a child is deleted after this; 0 is off
    public record Containers(
            int checkIntervalMillis, int deletionsPerMinuteMax, long neverUsedMillisMax) {}
}
