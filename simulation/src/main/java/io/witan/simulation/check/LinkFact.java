package io.witan.simulation.check;

import org.jspecify.annotations.Nullable;

/// One end of a connection on a quorum port, and how far the conversation on it has come.
final class LinkFact {

    final long link;
    final long connection;
    final long peerSid;
    final boolean asLeader;

    /// Which of the server's terms in office (or of following) it belongs to.
    final int role;

    boolean isOpen = true;

    /// The epoch of LEADERINFO, sent or received; -1 before.
    long leaderInfoEpoch = -1;

    /// Accepted epoch in FOLLOWERINFO or OBSERVERINFO, sent or received; -1 before.
    long helloEpoch = -1;

    boolean isObserver;

    /// The epoch and the zxid in ACKEPOCH; null before, `-1` for "already acknowledged".
    @Nullable Integer ackEpoch;

    long ackEpochZxid;

    /// DIFF, TRUNC or SNAP; 0 before.
    int syncMode;

    /// The last transaction proposed (or informed) on it, -1 before the first.
    long lastProposal = -1;

    /// The last one committed on it, -1 before the first.
    long lastCommit = -1;

    /// NEWLEADER, sent or received.
    boolean sawNewLeader;

    /// The ACK of NEWLEADER, sent or received.
    boolean ackedNewLeader;

    boolean sawUpToDate;

    /// The last ACK of a proposal, -1 before the first.
    long lastAck = -1;

    /// The last transaction that this end has sent, -1 before the first; [ShapeChecker] keeps it.
    long lastTxnSent = -1;

    /// What this end has said, from before the event at hand; [ConversationChecker] keeps it.
    final ConversationChecker.Said said = new ConversationChecker.Said();

    LinkFact(long link, long connection, long peerSid, boolean asLeader, int role) {
        this.link = link;
        this.connection = connection;
        this.peerSid = peerSid;
        this.asLeader = asLeader;
        this.role = role;
    }
}
