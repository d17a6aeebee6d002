package io.witan.replica;

import io.witan.replica.session.TrackedSession;
import io.witan.replica.write.ForwardingRules;
import io.witan.replica.write.WriteRequest;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Id;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.SessionTouch;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnHeader;
import io.witan.zab.Agreement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The way of a follower or observer: a write is handed on to the leader and answered when its
/// transaction, one of the stream of all, is applied here. It is known by its session and xid; what
/// the leader makes of the requests of one session comes in the order in which they were handed on.
///
/// The leader decides over the sessions of the ensemble. This server tells it which of them it has
/// heard of, and asks it about those that come from elsewhere.
final class LearnerPath extends WritePath {

    private static final byte[] NO_BODY = new byte[0];

    private final Agreement agreement;
    private final Syncs syncs;
    private final JuteReader txnBytes = new JuteReader(Integer.MAX_VALUE);

    /// By session, what was handed on and has not come back, oldest first. Also what connections
    /// asked for that are gone: it will come back all the same.
    private final Map<Long, ArrayDeque<Waiting.Forwarded>> forwarded = new TreeMap<>();

    /// By session, until the leader asks next.
    private final Map<Long, SessionTouch> heardByObservers = new TreeMap<>();

    /// By session, connections for which the leader was asked about it, in that order.
    private final Map<Long, ArrayDeque<Revalidation>> revalidations = new TreeMap<>();

    private record Revalidation(ClientConnection connection, int timeoutMillis) {}

    LearnerPath(Replica replica, SharedParts shared, Agreement agreement) {
        super(replica);
        this.agreement = agreement;
        this.syncs = new Syncs(replica, agreement, shared.syncTokens());
    }

    // ---- sessions of connections

    @Override
    void openGlobal(ClientConnection c, long id, int timeoutMillis) {
        hold(c, id, timeoutMillis);
        replica.introduction().suspend(c);
        forward(id, 0, OpCode.CREATE_SESSION, timeoutBody(timeoutMillis), null, c, 0);
    }

    private void hold(ClientConnection c, long id, int timeoutMillis) {
        TrackedSession session = sessions.openElsewhere(id, timeoutMillis);
        session.heldBy(c);
        c.session = session;
    }

    private static byte[] timeoutBody(int timeoutMillis) {
        return new JuteWriter(4).writeInt(timeoutMillis).toByteArray();
    }

    @Override
    void renew(ClientConnection c, long id, int timeoutMillis) {
        TrackedSession session = sessions.find(id);
        if (session == null || !session.isLocal()) {
            closeOthers(id);
            replica.introduction().suspend(c);
            revalidations
                    .computeIfAbsent(id, key -> new ArrayDeque<>())
                    .addLast(new Revalidation(c, timeoutMillis));
            agreement.revalidate(id, timeoutMillis);
        } else if (session.isClosing()) {
            replica.introduction().refuse(c, id);
        } else {
            replica.introduction().adopt(c, session, timeoutMillis);
            replica.introduction().opened(c);
        }
    }

    /// Whatever another connection of the session asked for from now on would come to the leader
    /// behind the question about this one, as if it were its own.
    private void closeOthers(long sessionId) {
        closeAll(sessionId, "session 0x%x has moved to another connection".formatted(sessionId));
    }

    @Override
    void sessionLeft(long sessionId) {
        closeAll(sessionId, "session 0x%x has moved to another server".formatted(sessionId));
    }

    private void closeAll(long sessionId, String reason) {
        TrackedSession session = sessions.find(sessionId);
        if (session != null && session.holder() instanceof ClientConnection holder) {
            replica.close(holder, reason);
        }
        for (Revalidation earlier : revalidations.getOrDefault(sessionId, new ArrayDeque<>())) {
            if (!earlier.connection().isClosed()) {
                replica.close(earlier.connection(), reason);
            }
        }
    }

    @Override
    void revalidated(long sessionId, boolean valid) {
        ArrayDeque<Revalidation> asked = revalidations.get(sessionId);
        Revalidation first = asked == null ? null : asked.pollFirst();
        if (asked == null || first == null) {
            return;
        }
        if (asked.isEmpty()) {
            revalidations.remove(sessionId);
        }
        ClientConnection c = first.connection();
        if (c.isClosed()) {
            return;
        }
        if (!valid) {
            replica.introduction().refuse(c, sessionId);
            return;
        }
        sessions.remove(sessionId);
        hold(c, sessionId, first.timeoutMillis());
        // What the session wrote on an earlier connection, perhaps on another server, comes before
        // what it does on this one: else it could miss its own writes, and an answer to one of them
        // be taken for that to a request of this connection with the same xid.
        syncs.askFor(c);
    }

    @Override
    void opened(TrackedSession session) {
        if (!session.isLocal()) {
            // All that was handed on for it has come back by now; what has not never will, because
            // a follower that takes observers has not passed it on.
            forget(session.id());
        }
        sessions.touch(session, replica.sessionMillis());
    }

    /// Nobody waits any more for what was handed on for that session.
    private void forget(long sessionId) {
        ArrayDeque<Waiting.Forwarded> ofSession = forwarded.remove(sessionId);
        if (ofSession == null) {
            return;
        }
        for (Waiting.Forwarded write : ofSession) {
            ClientConnection c = write.connection();
            if (c != null && c.isClosed()) {
                replica.inProgress().cameBack(write);
            }
        }
    }

    /// Where the session is next, if anywhere, the leader knows.
    @Override
    void left(TrackedSession session) {
        if (!session.isLocal()) {
            sessions.remove(session.id());
        }
    }

    /// Only local ones expire here.
    @Override
    void expired(TrackedSession session) {
        replica.ended(session.id(), Replica.EXPIRED);
    }

    /// The observers of this follower have heard of them; the leader hears of it from here.
    @Override
    void sessionsHeard(List<SessionTouch> touches) {
        for (SessionTouch touch : touches) {
            heardByObservers.put(touch.sessionId(), touch);
        }
    }

    @Override
    List<SessionTouch> takeTouches() {
        List<SessionTouch> touches = new ArrayList<>();
        for (TrackedSession session : sessions.takeHeard()) {
            touches.add(new SessionTouch(session.id(), session.timeoutMillis()));
        }
        touches.addAll(heardByObservers.values());
        heardByObservers.clear();
        return touches;
    }

    // ---- requests

    @Override
    boolean takes(int type) {
        return WriteRequest.isWrite(type) || type == OpCode.SYNC;
    }

    /// From here on its end is global, too (ZOOKEEPER-3471): it comes to the leader after this.
    @Override
    void upgrade(TrackedSession session) {
        sessions.upgradeElsewhere(session);
        forward(
                session.id(),
                0,
                OpCode.CREATE_SESSION,
                timeoutBody(session.timeoutMillis()),
                null,
                null,
                0);
    }

    @Override
    void submit(
            ClientConnection c,
            TrackedSession session,
            WriteRequest request,
            int xid,
            int type,
            byte[] bytes,
            int offset,
            int length) {
        int err = ForwardingRules.refusal(request, tree.settings().extendedTypes());
        if (err != ErrorCode.OK) {
            replica.answers().refuse(c, type, xid, err, length);
            return;
        }
        byte[] body = NO_BODY;
        if (type == OpCode.CLOSE_SESSION) {
            session.markClosing();
        } else {
            int from = offset + Replica.REQUEST_HEADER_BYTES;
            body = Arrays.copyOfRange(bytes, from, offset + length);
        }
        forward(session.id(), xid, type, body, c.ids, c, length);
    }

    private void forward(
            long sessionId,
            int xid,
            int type,
            byte[] body,
            @Nullable List<Id> ids,
            @Nullable ClientConnection c,
            int frameBytes) {
        var write = new Waiting.Forwarded(type, xid, c, replica.nowMillis(), frameBytes);
        forwarded.computeIfAbsent(sessionId, key -> new ArrayDeque<>()).addLast(write);
        if (c != null) {
            replica.inProgress().begin(c, write);
        }
        agreement.forward(sessionId, xid, type, body, ids);
    }

    @Override
    void sync(ClientConnection c, Waiting.Sync sync) {
        syncs.ask(c, sync);
    }

    @Override
    void synced(long token) {
        syncs.confirmed(token);
    }

    // ---- transactions

    @Override
    void delivered(long zxid, byte[] bytes) {
        LoggedTxn txn = TxnCodec.read(txnBytes.reset(bytes, 0, bytes.length));
        replica.answers().apply(takeForwarded(txn.header()), txn.header(), txn.txn(), txn.digest());
        if (txn.header().type() == OpCode.CLOSE_SESSION) {
            forget(txn.header().clientId());
        }
    }

    /// The request of this server that has become that transaction, if it is one of this server's.
    private Waiting.@Nullable Forwarded takeForwarded(TxnHeader header) {
        ArrayDeque<Waiting.Forwarded> ofSession = forwarded.get(header.clientId());
        Waiting.Forwarded first = ofSession == null ? null : ofSession.peekFirst();
        if (ofSession == null
                || first == null
                || first.xid() != header.cxid()
                || (first.type() != header.type() && header.type() != OpCode.ERROR)) {
            return null;
        }
        ofSession.removeFirst();
        if (ofSession.isEmpty()) {
            forwarded.remove(header.clientId());
        }
        return first;
    }
}
