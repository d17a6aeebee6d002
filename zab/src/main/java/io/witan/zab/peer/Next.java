package io.witan.zab.peer;

import io.witan.zab.election.Vote;

/// Where a server goes from its present role.
sealed interface Next {

    /// It looks for a leader.
    ///
    /// @param reason why the role was left, for people
    record Look(String reason) implements Next {}

    /// An election has ended.
    record Elected(Vote vote) implements Next {}

    /// A reconfiguration has named the leader, or changed this server's part; no election is held
    /// (quorum, section 5.5).
    record HandedOver(long leaderSid, String reason) implements Next {}
}
