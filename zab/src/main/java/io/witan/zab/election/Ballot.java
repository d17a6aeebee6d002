package io.witan.zab.election;

import io.witan.wire.election.Notification;

import org.jspecify.annotations.Nullable;

/// A vote as it was received.
///
/// @param state of the sender, as in [Notification]
/// @param version of the notification
record Ballot(Vote vote, int state, int version) {

    static Ballot of(Notification notification) {
        return new Ballot(
                new Vote(
                        notification.leader(),
                        notification.zxid(),
                        notification.electionEpoch(),
                        notification.peerEpoch()),
                notification.state(),
                notification.version());
    }

    static Ballot looking(Vote vote) {
        return new Ballot(vote, Notification.LOOKING, 0);
    }

    // By hand, as is hashCode: what a record has by itself is put together when it is first called,
    // which costs a server that elects some milliseconds (decision 0004).
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ballot that
                && state == that.state
                && version == that.version
                && vote.equals(that.vote);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * vote.hashCode() + state) + version;
    }

    Ballot withoutVersion() {
        return new Ballot(vote, state, 0);
    }

    boolean isLooking() {
        return state == Notification.LOOKING;
    }

    boolean isLeading() {
        return state == Notification.LEADING;
    }

    /// Whether the two are counted together. Servers that have a leader may report different
    /// rounds, zxids and, the oldest of them, epochs for the same one (ZOOKEEPER-1514, 1732, 1805).
    boolean agreesWith(Ballot other) {
        if (isLooking() || other.isLooking()) {
            return vote.equals(other.vote);
        }
        if (vote.leader() != other.vote.leader()) {
            return false;
        }
        boolean oneIsOld = (version > 0) != (other.version > 0);
        return oneIsOld || vote.peerEpoch() == other.vote.peerEpoch();
    }

    /// Whether the sender elects with this vote: it proposes the same, or has ended the same round
    /// with it, so that only the epoch may be another by now.
    boolean supports(Vote proposal) {
        if (isLooking()) {
            return vote.equals(proposal);
        }
        return vote.leader() == proposal.leader()
                && vote.zxid() == proposal.zxid()
                && vote.electionEpoch() == proposal.electionEpoch();
    }
}
