package io.witan.simulation.trace;

/// When and where something happened on a server.
///
/// @param micros virtual time
/// @param sid the server
/// @param incarnation 1 for its first start, one more with each restart; what belongs to an
///   incarnation that has ended must not have an effect any more
public record Stamp(long micros, long sid, int incarnation) {}
