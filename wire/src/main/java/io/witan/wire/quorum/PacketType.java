package io.witan.wire.quorum;

/// The numbers of the packets between the leader and its learners (quorum, section 4.1). M is the
/// leader, L a learner.
public final class PacketType {

    /// L: a client's request.
    public static final int REQUEST = 1;

    /// M: a transaction to be logged.
    public static final int PROPOSAL = 2;

    /// L: a transaction is durable; with the zxid of an epoch's start, an answer to NEWLEADER or
    /// UPTODATE.
    public static final int ACK = 3;

    /// M: the oldest proposal is committed.
    public static final int COMMIT = 4;

    /// M: are you there? L: yes, and these are the sessions heard of.
    public static final int PING = 5;

    /// L: is this session alive? M: the answer.
    public static final int REVALIDATE = 6;

    /// M: answers the oldest forwarded sync.
    public static final int SYNC = 7;

    /// M, to observers: proposal and commit in one.
    public static final int INFORM = 8;

    /// M: commits a reconfiguration and names the leader to be.
    public static final int COMMITANDACTIVATE = 9;

    /// M: the history up to here is that of the new epoch.
    public static final int NEWLEADER = 10;

    /// L: the first packet of a follower.
    public static final int FOLLOWERINFO = 11;

    /// M: serve clients.
    public static final int UPTODATE = 12;

    /// M: what is missing follows.
    public static final int DIFF = 13;

    /// M: cut the log.
    public static final int TRUNC = 14;

    /// M: the whole tree follows.
    public static final int SNAP = 15;

    /// L: the first packet of an observer.
    public static final int OBSERVERINFO = 16;

    /// M: the epoch that begins.
    public static final int LEADERINFO = 17;

    /// L: accepts that epoch.
    public static final int ACKEPOCH = 18;

    /// M, to observers: proposal and commit of a reconfiguration.
    public static final int INFORMANDACTIVATE = 19;

    private PacketType() {}

    /// The name on ZooKeeper's wire, or the number where there is none.
    public static String name(int type) {
        return switch (type) {
            case REQUEST -> "REQUEST";
            case PROPOSAL -> "PROPOSAL";
            case ACK -> "ACK";
            case COMMIT -> "COMMIT";
            case PING -> "PING";
            case REVALIDATE -> "REVALIDATE";
            case SYNC -> "SYNC";
            case INFORM -> "INFORM";
            case COMMITANDACTIVATE -> "COMMITANDACTIVATE";
            case NEWLEADER -> "NEWLEADER";
            case FOLLOWERINFO -> "FOLLOWERINFO";
            case UPTODATE -> "UPTODATE";
            case DIFF -> "DIFF";
            case TRUNC -> "TRUNC";
            case SNAP -> "SNAP";
            case OBSERVERINFO -> "OBSERVERINFO";
            case LEADERINFO -> "LEADERINFO";
            case ACKEPOCH -> "ACKEPOCH";
            case INFORMANDACTIVATE -> "INFORMANDACTIVATE";
            default -> Integer.toString(type);
        };
    }
}
