package io.witan.replica.write;

/// Whether the members of the ensemble can be changed as a client asks; a server that stands alone
/// has none of it.
public interface MembershipRules {

    /// What comes of a request, as far as it has to do with the members.
    sealed interface Answer {

        /// @param configText the configuration to be proposed
        record Accepted(byte[] configText) implements Answer {}

        /// @param err an [io.witan.wire.client.ErrorCode]
        record Refused(int err) implements Answer {}
    }

    /// @param zxid of the transaction that the request becomes; the version of the configuration
    Answer answer(WriteRequest.Reconfig request, long zxid);
}
