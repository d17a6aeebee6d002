package io.witan.zab;

import java.util.Set;

/// What has happened in the agreement, for people: what logs and figures are made of. Nothing is
/// decided by it. See [Effect.Tell].
public sealed interface Happening {

    /// How a learner is brought to its leader's history (quorum, section 4.4).
    enum Way {
        /// It is sent what it lacks.
        DIFF,
        /// Its log is cut back, and then it is sent what it lacks.
        TRUNC,
        /// It is sent the whole tree.
        SNAP
    }

    /// This server has taken another part: see [AgreementView.State].
    ///
    /// @param leaderSid whom it means to follow, or is; -1 while it looks
    /// @param reason why the part before has ended
    record TookPart(AgreementView.State state, long leaderSid, String reason)
            implements Happening {}

    /// An election has ended here.
    ///
    /// @param epoch of the history that the elected server has voted with
    /// @param zxid the last transaction of that history
    /// @param round the logical clock
    /// @param voterSids those who are known to have voted so, this server included
    record Elected(long leaderSid, long epoch, long zxid, long round, Set<Long> voterSids)
            implements Happening {}

    /// Clients are served from now on.
    ///
    /// @param state LOOKING: readers only, as there is no leader
    /// @param withSids as leader: whose word has established it
    record Serves(AgreementView.State state, long leaderSid, long epoch, Set<Long> withSids)
            implements Happening {}

    /// As leader: a learner has been told how it is synchronised.
    ///
    /// @param fromZxid the last transaction in its log
    /// @param toZxid the last transaction that it is sent, committed or not
    /// @param txns sent after DIFF, TRUNC or SNAP
    /// @param txnBytes of these; what a snapshot has is for whoever sends it to say
    record Synchronising(
            long link,
            long sid,
            boolean observer,
            Way way,
            long fromZxid,
            long toZxid,
            int txns,
            long txnBytes)
            implements Happening {}

    /// As leader: an observer waits until others are synchronised.
    ///
    /// @param snapshots whether those are sent snapshots
    /// @param atMost so many at a time
    record WaitsForTurn(long link, long sid, boolean snapshots, int atMost) implements Happening {}

    /// As leader: that learner has the history on disk.
    record Synchronised(long link, long sid) implements Happening {}

    /// As leader: a learner is gone, or was dropped.
    ///
    /// @param sid -1 if it has not said who it is
    /// @param stage how far it had come, in words
    record LostLearner(long link, long sid, boolean wasServing, String stage, String reason)
            implements Happening {}

    /// As learner: the leader has said how this server is synchronised.
    ///
    /// @param zxid that goes with it: where the log is cut, or the tree is
    record SynchronisedBy(long link, long leaderSid, Way way, long zxid) implements Happening {}
}
