package io.witan.zab;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.SessionTouch;

import java.util.List;

/// What agreement wants done. A step of [Agreement] makes a list of them, to be carried out in its
/// order; none of them calls back into the machine, outcomes arrive as later events.
///
/// A `link` is one connection on a quorum port, named by whoever runs the machine with a number
/// that is never used again while the server lives. A `ticket` names a storage effect in the event
/// that reports it.
public sealed interface Effect {

    /// Carried out by the election transport.
    sealed interface OnElectionPort extends Effect {}

    /// Carried out by the quorum transport.
    sealed interface OnQuorumPort extends Effect {}

    /// Carried out on disk, first in, first out; each is reported when it is durable.
    sealed interface OnDisk extends Effect {}

    /// Carried out by the replica: its tree, its clients.
    sealed interface OnReplica extends Effect {}

    // ---- election port

    /// Sends a notification to one server (never this one), dialling it if need be.
    record SendNotification(long toSid, Notification notification) implements OnElectionPort {}

    /// Closes all election links and opens them again when there is something to send: membership
    /// has changed (quorum, section 5.5).
    record RestartElectionPort() implements OnElectionPort {}

    // ---- quorum port

    /// From now on learners may connect; they arrive as [Agreement#learnerConnected].
    record AcceptLearners() implements OnQuorumPort {}

    /// No more learners; links are closed one by one with [CloseLink].
    record RefuseLearners() implements OnQuorumPort {}

    /// Dials the quorum port of `sid`; the outcome, [Agreement#leaderConnected] or
    /// [Agreement#leaderUnreachable], names `attempt`.
    record DialLeader(long sid, long attempt) implements OnQuorumPort {}

    /// From now on observers may connect to this follower, on the port for them; they arrive as
    /// [Agreement#learnerConnected].
    record AcceptObservers() implements OnQuorumPort {}

    /// No more observers.
    record RefuseObservers() implements OnQuorumPort {}

    /// Dials the port for observers of `sid`; the outcome names `attempt` as with [DialLeader].
    record DialObserverMaster(long sid, long attempt) implements OnQuorumPort {}

    record SendPacket(long link, QuorumPacket packet) implements OnQuorumPort {}

    /// Sends the tree as it is now, at `zxid`, as the raw stream that follows a SNAP packet
    /// (quorum, section 4.5); packets sent later come behind it.
    record SendSnapshot(long link, long zxid) implements OnQuorumPort {}

    /// What the link delivers next is such a stream. It replaces the tree; when its end has come,
    /// [Agreement#snapshotReceived] says so. Until it is stored the tree in memory is worth
    /// nothing.
    record ReceiveSnapshot(long link, long zxid) implements OnQuorumPort {}

    /// Closes a link; no event of it follows. `reason` is for the log.
    record CloseLink(long link, String reason) implements OnQuorumPort {}

    // ---- disk

    /// Appends a transaction to the log; reported by [Agreement#durable], in groups.
    record Append(long zxid, byte[] txn) implements OnDisk {}

    /// Persists acceptedEpoch.
    record StoreAcceptedEpoch(long ticket, long epoch) implements OnDisk {}

    /// Persists currentEpoch.
    record StoreCurrentEpoch(long ticket, long epoch) implements OnDisk {}

    /// Takes back every transaction after `zxid`, on disk for good (ZOOKEEPER-4837 included). Where
    /// the files do not lead to `zxid` whoever runs the machine may end it and start it anew
    /// without a vote; or change nothing and report the effect all the same: where that can be a
    /// [ReloadTree] follows, shows it, and a snapshot is asked for.
    record TruncateLog(long ticket, long zxid) implements OnDisk {}

    /// Writes the tree that was received as a snapshot, durably, and lets the log continue after
    /// it. Where the epoch of `zxid` is above currentEpoch, currentEpoch becomes that epoch with
    /// the snapshot, so that no crash leaves a history newer than it.
    record StoreSnapshot(long ticket, long zxid) implements OnDisk {}

    /// Persists the configuration last seen, which may not be committed yet.
    record StoreLastSeenConfig(long ticket, EnsembleConfig config) implements OnDisk {}

    /// Persists the committed configuration.
    record StoreCommittedConfig(long ticket, EnsembleConfig config) implements OnDisk {}

    /// This server may be about to lose what it has acknowledged: durable before anything after it
    /// is done, and until [ClearDamageMark] it starts without a vote.
    record StoreDamageMark(long ticket, String reason) implements OnDisk {}

    /// This server's log was damaged and is now whole again: it may vote after the next start, too.
    record ClearDamageMark(long ticket) implements OnDisk {}

    /// Reads the transactions after `afterZxid` up to and including `upToZxid` from the log; the
    /// answer is [Agreement#logRead]. Not more than `bytesMax` bytes are wanted.
    record ReadLog(long ticket, long afterZxid, long upToZxid, long bytesMax) implements OnDisk {}

    /// Throws the tree away and loads it from disk, once everything before is durable; the answer
    /// is [Agreement#treeReloaded].
    record ReloadTree(long ticket) implements OnDisk {}

    // ---- replica

    /// A transaction is committed: it is applied now, and answered if it was asked for here.
    record Deliver(long zxid, byte[] txn) implements OnReplica {}

    /// This server leads and serves. Its first transaction will be the one after `epoch << 32`.
    record StartLeading(long epoch) implements OnReplica {}

    /// This server follows (or observes) an established leader and serves.
    record StartFollowing(long leaderSid, long epoch, boolean observer) implements OnReplica {}

    /// No leader has been found for a while; clients that can live with it may read what is here.
    record StartReadOnly() implements OnReplica {}

    /// Clients are closed; sessions live on where the ensemble does.
    record StopServing(String reason) implements OnReplica {}

    /// As leader: a learner hands on a client's request. Never a sync, which agreement answers.
    record Forwarded(long link, ForwardedRequest request) implements OnReplica {}

    /// As leader: sessions that a learner has heard of since its last report.
    record SessionsHeard(long link, List<SessionTouch> touches) implements OnReplica {}

    /// As leader: a client has come to a learner with a session; the answer is
    /// [Agreement#revalidation].
    record RevalidationAsked(long link, long sessionId, int timeoutMillis) implements OnReplica {}

    /// As leader: a learner is gone, with it the sessions' owner links.
    record LearnerGone(long link) implements OnReplica {}

    /// As follower that takes observers: that session has gone to one of them. What its connection
    /// here still asks for would come to the leader as if it were asked there.
    record SessionLeft(long sessionId) implements OnReplica {}

    /// As learner: the leader's answer to [Agreement#revalidate].
    record Revalidated(long sessionId, boolean valid) implements OnReplica {}

    /// As learner: answers the leader's ping with the sessions heard of since the last one, as a
    /// PING packet of this `zxid`.
    record AnswerPing(long link, long zxid) implements OnReplica {}

    /// Everything committed before [Agreement#sync] was called has been delivered, and a quorum has
    /// confirmed that no other leader could have committed more.
    record Synced(long token) implements OnReplica {}

    /// The configuration that is in force from now on: what `/zookeeper/config` shows.
    record ConfigInForce(EnsembleConfig config) implements OnReplica {}

    // ---- people

    /// Nothing is to be done. The core does not log: whoever runs it may.
    record Tell(Happening happening) implements Effect {}
}
