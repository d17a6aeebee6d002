package io.witan.server.ensemble;

/// What links on the quorum port may take.
///
/// @param fieldBytesMax the longest string or buffer in a packet
/// @param outputBytesMax packets collected before they are written within a batch
/// @param backlogBytesMax what may wait for a learner that does not read
public record QuorumPortLimits(int fieldBytesMax, int outputBytesMax, long backlogBytesMax) {}
