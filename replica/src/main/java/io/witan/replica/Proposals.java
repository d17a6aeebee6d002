package io.witan.replica;

/// Where the leader's transactions go: to the log and, in an ensemble, to the learners. The outcome
/// comes back as [Replica#committed].
public interface Proposals {

    /// Takes the transaction `zxid`, whose bytes are valid during this call only. Zxids rise
    /// without gaps within an epoch.
    void propose(long zxid, byte[] bytes, int offset, int length);

    /// Whether there is another zxid in this epoch. If not, the request that needs it gets no
    /// answer: the server gives up leading, and clients find the leader of the next epoch.
    default boolean canPropose() {
        return true;
    }
}
