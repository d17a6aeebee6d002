package io.witan.simulation.trace;

import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/// One thing that happened. Byte arrays in events are never changed after they were recorded.
public sealed interface TraceEvent {

    /// Virtual time.
    long micros();

    /// Happened on a server.
    sealed interface OnServer extends TraceEvent {
        Stamp at();

        @Override
        default long micros() {
            return at().micros();
        }

        default long sid() {
            return at().sid();
        }

        default int incarnation() {
            return at().incarnation();
        }
    }

    /// Happened to a client.
    sealed interface OnClient extends TraceEvent {
        ClientStamp at();

        @Override
        default long micros() {
            return at().micros();
        }

        default int client() {
            return at().client();
        }
    }

    // ---- life of a server

    /// A server starts with what its disk gave it.
    ///
    /// @param lastZxid the last transaction of its log
    /// @param treeZxid the last transaction that is in its tree; equal to `lastZxid` after recovery
    /// @param wasEmpty whether the disk held nothing: the first start, or a replaced disk
    /// @param mayVote false if its log was found damaged
    record Started(
            Stamp at,
            long acceptedEpoch,
            long currentEpoch,
            long lastZxid,
            long treeZxid,
            long treeDigest,
            boolean wasEmpty,
            boolean mayVote)
            implements OnServer {}

    /// The server is gone, without a word; what was not durable may be lost.
    record Crashed(Stamp at, String reason) implements OnServer {}

    /// The server ended itself because a check of its own failed. Always a violation.
    record Broke(Stamp at, String what) implements OnServer {}

    /// Its disk refused something: the server stops, as it must.
    record DiskFailed(Stamp at, String what) implements OnServer {}

    /// Agreement's state or leader or epoch has changed; compared after each step.
    record StateChanged(
            Stamp at,
            AgreementView.State state,
            long leaderSid,
            long acceptedEpoch,
            long currentEpoch)
            implements OnServer {}

    // ---- election port

    record NotificationSent(Stamp at, long toSid, Notification notification) implements OnServer {}

    record NotificationReceived(Stamp at, long fromSid, Notification notification)
            implements OnServer {}

    // ---- quorum port

    /// A connection on a quorum port is up, as this end sees it.
    ///
    /// @param link this server's name for it
    /// @param connection the world's name for it: both ends have the same
    /// @param peerSid the server at the other end
    /// @param asLeader true where it was accepted, false where it was dialled
    record LinkOpened(Stamp at, long link, long connection, long peerSid, boolean asLeader)
            implements OnServer {}

    /// @param byThisEnd whether this server closed it; otherwise it was told that the link is gone
    record LinkClosed(Stamp at, long link, boolean byThisEnd, String reason) implements OnServer {}

    record PacketSent(Stamp at, long link, QuorumPacket packet) implements OnServer {}

    record PacketReceived(Stamp at, long link, QuorumPacket packet) implements OnServer {}

    /// The tree as of `zxid` goes out behind a SNAP packet.
    record SnapshotSent(Stamp at, long link, long zxid) implements OnServer {}

    /// It has arrived whole.
    record SnapshotReceived(Stamp at, long link) implements OnServer {}

    // ---- agreement

    /// This server leads the epoch from now on: a quorum has acknowledged it and `currentEpoch` is
    /// about to be stored. Seen as the first StoreCurrentEpoch of a leading server.
    record Established(Stamp at, long epoch) implements OnServer {}

    /// This server leads and serves: a quorum has acknowledged NEWLEADER.
    record Activated(Stamp at, long epoch) implements OnServer {}

    /// This server follows and serves.
    record Following(Stamp at, long leaderSid, long epoch, boolean observer) implements OnServer {}

    record StartedReadOnly(Stamp at) implements OnServer {}

    record StoppedServing(Stamp at) implements OnServer {}

    /// A leader's replica gives agreement its next transaction.
    record Proposed(Stamp at, long zxid, byte[] txn) implements OnServer {}

    /// Handed to the log; not durable yet.
    record Appended(Stamp at, long zxid, byte[] txn) implements OnServer {}

    /// What is after `zxid` in the log is to go; appends that come later come behind that.
    record TruncationAsked(Stamp at, long zxid) implements OnServer {}

    /// A received snapshot is to replace the log; appends that come later come behind it.
    record ReplacementAsked(Stamp at, long zxid) implements OnServer {}

    /// Committed, and applied to the tree in this step.
    record Delivered(Stamp at, long zxid, byte[] txn) implements OnServer {}

    /// Agreement says that what a sync asked for holds.
    record Synced(Stamp at, long token) implements OnServer {}

    /// The configuration in force here (C) and the newest one heard of (S); when either changes.
    record ConfigsAre(Stamp at, EnsembleConfig committed, EnsembleConfig lastSeen)
            implements OnServer {}

    // ---- disk: what really is durable, whatever agreement was told

    /// The log is durable up to and including `zxid`.
    record Durable(Stamp at, long zxid) implements OnServer {}

    record AcceptedEpochStored(Stamp at, long epoch) implements OnServer {}

    record CurrentEpochStored(Stamp at, long epoch) implements OnServer {}

    /// Everything after `zxid` is gone from the disk for good.
    record Truncated(Stamp at, long zxid) implements OnServer {}

    /// A snapshot of the tree as of `zxid` is durable.
    ///
    /// @param received whether it came from a leader and replaces what was here
    record SnapshotStored(Stamp at, long zxid, boolean received) implements OnServer {}

    // ---- tree

    /// The tree's position and digest; after each step that changed it.
    record TreeIs(Stamp at, long zxid, long digest) implements OnServer {}

    /// The tree was replaced: by a snapshot from the leader, or by what the disk gave.
    record TreeLoaded(Stamp at, long zxid, long digest, boolean fromDisk) implements OnServer {}

    /// Everything that the tree holds, now and then and at the end of a run.
    record Census(
            Stamp at,
            long zxid,
            SortedMap<String, ZnodeImage> znodes,
            SortedMap<Long, Integer> sessionTimeouts)
            implements OnServer {}

    // ---- clients

    /// The client dials a server and sends its connect request.
    ///
    /// @param sessionId 0 for a new session
    /// @param passwordIsRight false where the client tries a wrong one on purpose
    record ConnectAsked(
            ClientStamp at,
            long serverSid,
            long sessionId,
            long lastZxidSeen,
            int timeoutMillis,
            boolean readOnly,
            boolean passwordIsRight)
            implements OnClient {}

    /// @param sessionId 0 for "that session is gone", and the connection will be closed
    record ConnectAnswered(
            ClientStamp at,
            long serverSid,
            long sessionId,
            int timeoutMillis,
            boolean passwordIsRight,
            boolean readOnly)
            implements OnClient {}

    /// The connection is gone. What was asked on it and not answered has an unknown result.
    record Disconnected(ClientStamp at, String reason) implements OnClient {}

    /// @param sessionId the session on whose connection it is sent
    record Invoked(ClientStamp at, long sessionId, int xid, Request request) implements OnClient {}

    /// @param reply null where `err` says why there is none
    record Replied(
            ClientStamp at, long sessionId, int xid, long zxid, int err, @Nullable Reply reply)
            implements OnClient {}

    /// A watch event has come.
    ///
    /// @param zxid of the reply header, which newer servers set to that of the change; else -1
    record Notified(ClientStamp at, long sessionId, long zxid, int eventType, String path)
            implements OnClient {}

    record PingSent(ClientStamp at, long sessionId) implements OnClient {}

    record PingAnswered(ClientStamp at, long sessionId, long zxid) implements OnClient {}

    // ---- world

    record FaultInjected(long micros, String kind, String detail) implements TraceEvent {}

    /// From now on nothing is broken but what is outside of the core, and everything in the core
    /// must come back.
    ///
    /// @param core servers that are up and connected with each other, a quorum with its observers
    /// @param boundMicros how long it may take until there is a leader and every client has had a
    ///   write answered
    record Healed(long micros, SortedSet<Long> core, List<Integer> clients, long boundMicros)
            implements TraceEvent {}

    /// The run is over.
    record Ended(long micros) implements TraceEvent {}
}
