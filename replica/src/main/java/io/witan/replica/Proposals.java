package io.witan.replica;

/// Where the leader's transactions go: to the log and, in an ensemble, to the learners. The outcome
/// comes back as [Replica#committed].
public interface Proposals {

    /// Takes the transaction `zxid`, whose bytes are valid during this call only. Zxids rise
    /// without gaps within an epoch.
    void propose(long zxid, byte[] bytes, int offset, int length);
}
