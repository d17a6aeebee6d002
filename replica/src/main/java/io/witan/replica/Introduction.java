package io.witan.replica;

import io.witan.replica.metrics.CoreMetrics;
import io.witan.replica.session.SessionIds;
import io.witan.replica.session.SessionTracker;
import io.witan.replica.session.TrackedSession;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.ConnectResponse;
import io.witan.wire.client.SessionPassword;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

/// A connection's first request, by which it comes to its session (client-and-disk, sections 2.3 to
/// 2.8).
final class Introduction {

    private final Replica replica;
    private final WritePath path;
    private final ReplicaSettings settings;
    private final ZnodeTree tree;
    private final SessionTracker sessions;
    private final SessionIds sessionIds;
    private final ConnectThrottle throttle;
    private final CoreMetrics metrics;

    Introduction(Replica replica, WritePath path, SharedParts shared, long nowMillis) {
        this.replica = replica;
        this.path = path;
        this.settings = shared.settings();
        this.tree = replica.tree();
        this.sessions = replica.sessions();
        this.sessionIds = shared.sessionIds();
        this.throttle = new ConnectThrottle(settings.connectThrottle(), shared.random(), nowMillis);
        this.metrics = shared.metrics();
    }

    double dropChance() {
        return throttle.dropChance();
    }

    void connect(ClientConnection c, JuteReader in) {
        ConnectRequest request;
        try {
            request = ConnectRequest.read(in);
        } catch (DecodeException undecodable) {
            replica.close(c, "connect request: " + undecodable.getMessage());
            return;
        }
        c.hasReadOnly = request.hasReadOnly();
        metrics.connectRequests.increment();
        boolean renewal = request.sessionId() != 0;
        if (!throttle.admits(kindOf(renewal), replica.nowMillis())) {
            metrics.connectsDropped.increment();
            replica.close(c, "connection throttle");
        } else if (path.isReadOnly() && !request.readOnly()) {
            replica.close(c, "this server is read-only, and the client wants another");
        } else if (request.lastZxidSeen() > tree.lastZxid()) {
            replica.close(
                    c,
                    "client has seen zxid 0x%x, this server only 0x%x"
                            .formatted(request.lastZxidSeen(), tree.lastZxid()));
        } else if (renewal) {
            renew(c, request);
        } else {
            open(c, negotiated(request.timeOut()));
        }
    }

    private ConnectThrottle.Kind kindOf(boolean renewal) {
        if (renewal) {
            return ConnectThrottle.Kind.RENEWAL;
        }
        return settings.localSessions()
                ? ConnectThrottle.Kind.LOCAL_SESSION
                : ConnectThrottle.Kind.GLOBAL_SESSION;
    }

    /// Client-and-disk, section 2.7.
    private int negotiated(int requestedMillis) {
        return Math.min(
                Math.max(requestedMillis, settings.sessionTimeoutMinMillis()),
                settings.sessionTimeoutMaxMillis());
    }

    private void open(ClientConnection c, int timeoutMillis) {
        long id = freeSessionId();
        if (!settings.localSessions()) {
            path.openGlobal(c, id, timeoutMillis);
            return;
        }
        TrackedSession session = sessions.open(id, true, timeoutMillis, replica.sessionMillis());
        session.heldBy(c);
        c.session = session;
        opened(c);
    }

    /// Recovered sessions can have ids that this start would give out again: the clock that ids are
    /// made from starts anew with the machine.
    private long freeSessionId() {
        long id = sessionIds.next();
        while (id == 0 || sessions.find(id) != null || tree.sessions().contains(id)) {
            id = sessionIds.next();
        }
        return id;
    }

    private void renew(ClientConnection c, ConnectRequest request) {
        metrics.sessionsRenewed.increment();
        long id = request.sessionId();
        // The password first: a stranger must not be able to end a healthy connection, as it can
        // with the original (client-and-disk, section 13.3).
        if (SessionPassword.matches(id, request.passwd())) {
            path.renew(c, id, negotiated(request.timeOut()));
        } else {
            refuse(c, id);
        }
    }

    /// The session is not known, not any more, or the client's word for it is wrong.
    void refuse(ClientConnection c, long sessionId) {
        respond(c, ConnectResponse.refusal(path.isReadOnly(), c.hasReadOnly));
        replica.close(c, "no session 0x%x with that password".formatted(sessionId));
    }

    /// The connection takes over a session that is tracked here, whoever had it before.
    void adopt(ClientConnection c, TrackedSession session, int timeoutMillis) {
        if (session.holder() instanceof ClientConnection before && before != c) {
            replica.close(
                    before, "session 0x%x has moved to another connection".formatted(session.id()));
        }
        sessions.renew(session, timeoutMillis, replica.sessionMillis());
        session.heldBy(c);
        c.session = session;
    }

    /// The connection waits for its session: nothing is read from it meanwhile.
    void suspend(ClientConnection c) {
        c.state = ClientConnection.State.OPENING;
        c.link().pauseReading();
    }

    /// The connection has its session.
    void opened(ClientConnection c) {
        c.state = ClientConnection.State.OPEN;
        c.sessionOpened(tree.lastZxid(), replica.nowMillis());
        if (c.session != null) {
            path.opened(c.session);
        }
        long id = c.sessionId();
        respond(
                c,
                new ConnectResponse(
                        0,
                        c.sessionTimeoutMillis(),
                        id,
                        SessionPassword.of(id),
                        path.isReadOnly(),
                        c.hasReadOnly));
    }

    /// The session for which the connection was suspended is there.
    void openedAfterAll(ClientConnection c) {
        opened(c);
        InProgress.readOn(c);
    }

    private static void respond(ClientConnection c, ConnectResponse response) {
        JuteWriter out = c.link().output();
        int frame = out.length();
        out.writeInt(0);
        response.write(out);
        c.endFrame(frame);
    }
}
