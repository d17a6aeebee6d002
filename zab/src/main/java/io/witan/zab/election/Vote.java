package io.witan.zab.election;

import org.jspecify.annotations.Nullable;

/// Whom a server would follow, and why (quorum, section 3.2).
///
/// @param leader [#NOBODY] from those who are for nobody yet
/// @param zxid the last transaction of the one voted for; [#NOT_VOTING] from those who do not vote
/// @param electionEpoch the round of the election
/// @param peerEpoch the epoch of the one voted for
public record Vote(long leader, long zxid, long electionEpoch, long peerEpoch) {

    /// The leader that observers and servers outside of the configuration vote for.
    public static final long NOBODY = Long.MIN_VALUE;

    /// The zxid in the vote of a server that does not know what it should have: it can follow a
    /// leader but has no voice in an election.
    public static final long NOT_VOTING = -1;

    /// From a server that has no voice.
    public static final Vote NONE = new Vote(NOBODY, NOT_VOTING, -1, Long.MIN_VALUE);

    // By hand, as is hashCode: what a record has by itself is put together when it is first called,
    // which costs a server that elects some milliseconds (decision 0004).
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Vote that
                && leader == that.leader
                && zxid == that.zxid
                && electionEpoch == that.electionEpoch
                && peerEpoch == that.peerEpoch;
    }

    @Override
    public int hashCode() {
        int hash = Long.hashCode(leader);
        hash = 31 * hash + Long.hashCode(zxid);
        hash = 31 * hash + Long.hashCode(electionEpoch);
        return 31 * hash + Long.hashCode(peerEpoch);
    }

    /// The same choice in another round.
    public Vote inRound(long round) {
        return new Vote(leader, zxid, round, peerEpoch);
    }

    boolean isVoting() {
        return zxid != NOT_VOTING;
    }

    /// The order of votes: the newer history wins, and among equal histories the larger id.
    boolean isAheadOf(Vote other) {
        int order = compareHistory(other);
        return order > 0 || (order == 0 && leader > other.leader);
    }

    /// Compares what the two that are voted for have in their logs.
    int compareHistory(Vote other) {
        int order = Long.compare(peerEpoch, other.peerEpoch);
        return order != 0 ? order : Long.compare(zxid, other.zxid);
    }
}
