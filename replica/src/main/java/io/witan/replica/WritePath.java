package io.witan.replica;

import io.witan.replica.session.SessionTracker;
import io.witan.replica.session.TrackedSession;
import io.witan.replica.write.WriteRequest;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.SessionTouch;

import java.util.Arrays;
import java.util.List;

/// The way of what a server cannot answer from its own tree: writes, syncs, and all about sessions
/// that the ensemble knows. There is one for each part that a server can have; reads are the same
/// in all of them.
///
/// ```
///                 a client's write            its session
/// LeaderPath      prepared and proposed       tracked here, for the whole ensemble
/// LearnerPath     handed on to the leader     asked of the leader
/// ReadOnlyPath    refused                     local ones only
/// ```
abstract sealed class WritePath permits LeaderPath, LearnerPath, ReadOnlyPath {

    final Replica replica;
    final ReplicaSettings settings;
    final ZnodeTree tree;
    final SessionTracker sessions;

    WritePath(Replica replica) {
        this.replica = replica;
        this.settings = replica.settings();
        this.tree = replica.tree();
        this.sessions = replica.sessions();
    }

    /// Clients are served from now on.
    void begin() {}

    void tick() {}

    /// When [#tick] has something to do at the earliest.
    long wakeAtMillis() {
        return Long.MAX_VALUE;
    }

    boolean isReadOnly() {
        return false;
    }

    // ---- sessions of connections

    /// A new session, of that id, is to be made for all of the ensemble.
    abstract void openGlobal(ClientConnection c, long id, int timeoutMillis);

    /// The connection wants an existing session, and knows its password.
    abstract void renew(ClientConnection c, long id, int timeoutMillis);

    /// A connection has come to its session, or come back to it.
    void opened(TrackedSession session) {}

    /// A connection is gone, and its session has no other.
    void left(TrackedSession session) {}

    /// The session's time is over.
    abstract void expired(TrackedSession session);

    // ---- requests

    /// Whether requests of this type go this way.
    abstract boolean takes(int type);

    /// Takes a client's request of a type that it [#takes]. The replica's reader stands behind the
    /// request's header.
    void take(
            ClientConnection c,
            TrackedSession session,
            int xid,
            int type,
            byte[] bytes,
            int offset,
            int length) {
        if (type == OpCode.SYNC) {
            byte[] frame = Arrays.copyOfRange(bytes, offset, offset + length);
            sync(c, new Waiting.Sync(new Waiting.Deferred(frame, c.ids, replica.nowMillis())));
            return;
        }
        WriteRequest request;
        try {
            request = WriteRequest.read(type, replica.in());
        } catch (DecodeException undecodable) {
            replica.answers().refuse(c, type, xid, ErrorCode.MARSHALLING_ERROR, length);
            return;
        }
        if (session.isLocal()) {
            if (type == OpCode.CLOSE_SESSION) {
                replica.answers().closeLocalInTurn(c, session, xid, bytes, offset, length);
                return;
            }
            if (settings.localSessionsUpgrading() && request.makesEphemeral()) {
                upgrade(session);
            }
        }
        submit(c, session, request, xid, type, bytes, offset, length);
    }

    /// A local session becomes global before its first ephemeral (client-and-disk, section 10.4).
    abstract void upgrade(TrackedSession session);

    /// A client's write, decoded; `bytes[offset .. offset + length)` is its frame.
    abstract void submit(
            ClientConnection c,
            TrackedSession session,
            WriteRequest request,
            int xid,
            int type,
            byte[] bytes,
            int offset,
            int length);

    abstract void sync(ClientConnection c, Waiting.Sync sync);

    /// The ensemble has confirmed what was asked with this token.
    void synced(long token) {
        throw misrouted();
    }

    // ---- transactions

    /// The transaction is committed.
    abstract void delivered(long zxid, byte[] txn);

    /// Everything proposed up to and including `zxid` is committed.
    void committed(long zxid) {
        throw misrouted();
    }

    // ---- as leader, from learners

    void forwarded(long link, ForwardedRequest request) {
        throw misrouted();
    }

    void sessionsHeard(List<SessionTouch> touches) {
        throw misrouted();
    }

    boolean revalidate(long link, long sessionId, int timeoutMillis) {
        throw misrouted();
    }

    // ---- as learner, from the leader

    /// As follower: the session has moved to an observer that this server serves.
    void sessionLeft(long sessionId) {}

    void revalidated(long sessionId, boolean valid) {
        throw misrouted();
    }

    List<SessionTouch> takeTouches() {
        throw misrouted();
    }

    // ---- for reports

    long lastProposedZxid() {
        return tree.lastZxid();
    }

    int pendingZnodeCount() {
        return 0;
    }

    private IllegalStateException misrouted() {
        return new IllegalStateException("not for a server as " + getClass().getSimpleName());
    }
}
