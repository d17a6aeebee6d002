package io.witan.server.fourletter;

import io.witan.wire.config.EnsembleConfig;

import org.jspecify.annotations.Nullable;

/// What four-letter words show of a member of an ensemble beyond what they show of any server.
///
/// @param sid this server's number
/// @param peerState `leading - broadcast` and the like
/// @param config in force
/// @param leader null unless this server leads
/// @param observerMasterSid where this observer connects; -1 if it is none
public record EnsembleFigures(
        long sid,
        String peerState,
        EnsembleConfig config,
        @Nullable Leader leader,
        long observerMasterSid) {

    /// Of a leader.
    ///
    /// @param learners that are connected, however far they have come
    /// @param followers that are synchronised and vote
    /// @param nonVotingFollowers that are synchronised and are in no configuration
    /// @param observers that are synchronised
    /// @param pendingSyncs that wait for a quorum
    public record Leader(
            int learners,
            int followers,
            int nonVotingFollowers,
            int observers,
            int pendingSyncs,
            long uptimeMillis,
            ProposalSizes proposalSizes) {}

    /// Bytes of proposals since this server leads; -1 before the first.
    public record ProposalSizes(int last, int min, int max) {

        public static final ProposalSizes NONE = new ProposalSizes(-1, -1, -1);

        public ProposalSizes with(int bytes) {
            return new ProposalSizes(
                    bytes, min < 0 ? bytes : Math.min(min, bytes), Math.max(max, bytes));
        }

        @Override
        public String toString() {
            return last + "/" + min + "/" + max;
        }
    }
}
