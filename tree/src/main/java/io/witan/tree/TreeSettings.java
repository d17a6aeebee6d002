package io.witan.tree;

/// What a tree must know from the start and keep for its life.
///
/// @param extendedTypes whether an owner whose first byte is 0xFF marks a TTL znode; all servers of
///   an ensemble must agree (client-and-disk, section 3.7)
/// @param emulate353Ttl whether every negative owner but the container's marks a TTL znode, as in
///   3.5.3; needs `extendedTypes`
/// @param digest whether znode and tree digests are kept
/// @param hashSeed secret seed of all hash tables
public record TreeSettings(
        boolean extendedTypes, boolean emulate353Ttl, boolean digest, long hashSeed) {}
