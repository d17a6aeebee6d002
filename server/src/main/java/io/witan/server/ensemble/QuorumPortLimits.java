package io.witan.server.ensemble;

/// What links on the quorum port may take.
///
/// @param fieldBytesMax the longest string or buffer in a packet
/// @param outputBytesMax packets collected before they are written within a batch
/// @param backlogBytesMax what may wait for a learner that does not read
public record QuorumPortLimits(int fieldBytesMax, int outputBytesMax, long backlogBytesMax) {

    /// What a leader makes of its own accord is taken however little clients may send, such as the
    /// end of a session with very many ephemerals.
    private static final int FIELD_BYTES_MIN = 4 << 20;

    /// The longest field of a packet where clients may send fields of that length: a transaction is
    /// at most twice as long as its request.
    public static int fieldBytesMax(int clientFieldBytesMax) {
        return Math.clamp(2L * clientFieldBytesMax, FIELD_BYTES_MIN, Integer.MAX_VALUE);
    }
}
