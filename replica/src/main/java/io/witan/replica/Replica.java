package io.witan.replica;

import io.witan.replica.auth.Access;
import io.witan.replica.metrics.CoreMetrics;
import io.witan.replica.session.LocalSession;
import io.witan.replica.session.SessionTracker;
import io.witan.replica.session.TrackedSession;
import io.witan.replica.write.MembershipRules;
import io.witan.replica.write.WriteRules;
import io.witan.tree.TreeListener;
import io.witan.tree.ZnodeTree;
import io.witan.tree.watch.WatchTable;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.SessionTouch;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.TxnCodec;
import io.witan.zab.Agreement;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// One server's brain while it serves clients. Events come in by [#connected], [#received],
/// [#disconnected], [#committed] and [#tick], each after [#timeIs]; answers leave through the
/// [ClientLink]s.
///
/// The path of a write: [#received] hands it to the [WritePath] of the part that this server has,
/// which decodes it and sees that it becomes a transaction; when that cannot be lost any more, it
/// is applied to the tree, told to watchers, and answered. A read is answered at once, unless its
/// connection has a write or a sync that is not answered yet: then it waits behind it, so that each
/// client sees its requests take effect in their order.
///
/// Owned by one thread, which makes all calls.
public final class Replica implements ClientService {

    static final int REQUEST_HEADER_BYTES = 8;

    /// Reasons for the end of a connection whose session has ended.
    static final String EXPIRED = "its session has expired";

    static final String CLOSED_BY_CLIENT = "";

    private static final int FRAME_LENGTH_BYTES = 4;

    /// Events, ticks at least, come more often than this unless the server itself was held up.
    private static final long UNHEARD_MILLIS_MAX = 1_000;

    /// How often [#tick] is wanted while there are sessions, for that reason.
    private static final long TICK_MILLIS_MAX = UNHEARD_MILLIS_MAX / 2;

    /// A reply to a multiRead may be so many times as long as the longest field of a request.
    private static final long MULTI_READ_REPLIES_PER_FRAME = 8;

    private final ReplicaSettings settings;
    private final ZnodeTree tree;
    private final WatchTable watches;
    private final WatchEvents watchEvents;
    private final SessionTracker sessions;
    private final RequestStats stats;
    private final CoreMetrics metrics;
    private final Authentication authentication;
    private final InProgress inProgress;
    private final Answers answers;
    private final WritePath path;
    private final Introduction introduction;

    private final JuteReader in;

    /// Ordered, because reports and shutdown go through it.
    private final Set<ClientConnection> connections = new LinkedHashSet<>();

    private long nowMillis;
    private long wallMillis;

    /// What sessions age by: as `nowMillis`, but it stands still while the server does.
    private long sessionMillis;

    /// A server that stands alone.
    ///
    /// @param tree as recovered; this replica owns it from here on
    /// @param random for refusals by chance
    /// @param nowMillis the time, on a clock that never runs back
    public Replica(
            ReplicaSettings settings,
            WriteRules rules,
            ZnodeTree tree,
            Access access,
            Proposals proposals,
            RandomGenerator random,
            long nowMillis) {
        this(
                SharedParts.of(settings, rules, access, random, nowMillis),
                tree,
                proposals,
                nowMillis);
    }

    private Replica(SharedParts shared, ZnodeTree tree, Proposals proposals, long nowMillis) {
        this(
                shared,
                tree,
                List.of(),
                nowMillis,
                replica -> new LeaderPath(replica, shared, proposals, null, null));
    }

    private Replica(
            SharedParts shared,
            ZnodeTree tree,
            List<LocalSession> localSessions,
            long nowMillis,
            Function<Replica, WritePath> pathOf) {
        this.settings = shared.settings();
        this.tree = tree;
        this.nowMillis = nowMillis;
        this.sessionMillis = nowMillis;
        this.stats = shared.stats();
        this.metrics = shared.metrics();
        this.watches = new WatchTable(tree.settings().hashSeed());
        this.watchEvents = new WatchEvents(tree, watches, shared.access(), metrics);
        this.in = new JuteReader(settings.decodeBytesMax());
        this.sessions = new SessionTracker(settings.tickTimeMillis());
        this.authentication =
                new Authentication(this, shared.access(), metrics, settings.requiredSchemes());
        this.inProgress = new InProgress(settings, connections);
        var reads =
                new Reads(
                        tree,
                        watches,
                        shared.access(),
                        MULTI_READ_REPLIES_PER_FRAME * settings.decodeBytesMax(),
                        settings.watchBytesMax());
        this.answers = new Answers(this, reads, watchEvents);
        this.path = pathOf.apply(this);
        this.introduction = new Introduction(this, path, shared, nowMillis);
        for (LocalSession session : localSessions) {
            if (sessions.find(session.id()) == null && !tree.sessions().contains(session.id())) {
                sessions.open(session.id(), true, session.timeoutMillis(), nowMillis);
            }
        }
    }

    // ---- in an ensemble

    /// A server that leads.
    ///
    /// @param tree everything before this leader's epoch is in it, and its last zxid is the begin
    ///   of that epoch
    /// @param localSessions those that this server has from before
    public static Replica leading(
            SharedParts shared,
            ZnodeTree tree,
            Agreement agreement,
            MembershipRules membership,
            List<LocalSession> localSessions,
            long nowMillis) {
        var proposals = new AgreementProposals(agreement);
        return new Replica(
                shared,
                tree,
                localSessions,
                nowMillis,
                replica -> new LeaderPath(replica, shared, proposals, agreement, membership));
    }

    /// A server that follows a leader, with or without a vote.
    public static Replica following(
            SharedParts shared,
            ZnodeTree tree,
            Agreement agreement,
            List<LocalSession> localSessions,
            long nowMillis) {
        return new Replica(
                shared,
                tree,
                localSessions,
                nowMillis,
                replica -> new LearnerPath(replica, shared, agreement));
    }

    /// A server without a leader, which serves those who only read.
    public static Replica readOnly(
            SharedParts shared, ZnodeTree tree, List<LocalSession> localSessions, long nowMillis) {
        return new Replica(shared, tree, localSessions, nowMillis, ReadOnlyPath::new);
    }

    /// Applies a transaction while no clients are served.
    public static void apply(ZnodeTree tree, byte[] txn) {
        LoggedTxn logged = TxnCodec.read(JuteReader.over(txn));
        tree.apply(logged.header(), logged.txn(), TreeListener.NONE);
        tree.matches(logged.digest());
    }

    /// The name of a connection that is closed at once, because no clients are served.
    public static ClientConnection refuse(
            SharedParts shared, ClientLink link, String reason, long nowMillis) {
        var refused = new ClientConnection(shared.stats(), shared.metrics(), null, link, nowMillis);
        refused.state = ClientConnection.State.CLOSED;
        link.close(reason);
        return refused;
    }

    /// Clients are served from now on. Only in an ensemble.
    public void begin() {
        path.begin();
    }

    /// Clients are not served any more: their connections are closed, and this replica is done.
    /// Returns the sessions that only this server knows.
    public List<LocalSession> stop(String reason) {
        for (ClientConnection c : List.copyOf(connections)) {
            close(c, reason);
        }
        List<LocalSession> local = new ArrayList<>();
        sessions.forEach(session -> {
            if (session.isLocal() && !session.isClosing()) {
                local.add(new LocalSession(session.id(), session.timeoutMillis()));
            }
        });
        return local;
    }

    // ---- events

    /// Sets the time of the events that follow.
    ///
    /// @param nowMillis on a clock that never runs back
    /// @param wallMillis since 1970
    @Override
    public void timeIs(long nowMillis, long wallMillis) {
        // A server that was stopped or starved has not listened; what clients sent meanwhile is
        // still in its sockets. Sessions do not age by that time.
        sessionMillis += Math.min(nowMillis - this.nowMillis, UNHEARD_MILLIS_MAX);
        this.nowMillis = nowMillis;
        this.wallMillis = wallMillis;
    }

    /// A client has connected. The result is its name in later events.
    @Override
    public ClientConnection connected(ClientLink link) {
        var connection = new ClientConnection(stats, metrics, watchEvents, link, nowMillis);
        connection.watcherId = watches.register(connection);
        connections.add(connection);
        return connection;
    }

    /// A whole frame has come in, without its length. The bytes are valid during this call only.
    @Override
    public void received(ClientConnection c, byte[] bytes, int offset, int length) {
        stats.received();
        metrics.bytesReceived.add(length + FRAME_LENGTH_BYTES);
        c.stats().received();
        switch (c.state) {
            case OPEN -> request(c, bytes, offset, length);
            case NEW -> introduction.connect(c, in.reset(bytes, offset, length));
            case OPENING, CLOSED -> {
                // Not read from; and what a closed connection sent last is of no interest.
            }
        }
    }

    /// The client's connection is gone. Its session lives on until it expires.
    @Override
    public void disconnected(ClientConnection c) {
        if (!c.isClosed()) {
            forget(c);
        }
    }

    /// Everything up to and including `zxid` is committed: it is applied and answered now. For what
    /// was proposed here.
    public void committed(long zxid) {
        path.committed(zxid);
        inProgress.resume();
    }

    /// The transaction is committed: it is applied now, and answered if it was asked for here. In
    /// an ensemble, in the order of the zxids.
    public void delivered(long zxid, byte[] txn) {
        path.delivered(zxid, txn);
        inProgress.resume();
    }

    /// The client has taken enough of its replies for more to be made.
    @Override
    public void outputDrained(ClientConnection c) {
        if (!c.isClosed()) {
            answers.serveDeferred(c);
            inProgress.resume();
        }
    }

    /// Time has passed.
    @Override
    public void tick() {
        for (TrackedSession session : sessions.expired(sessionMillis)) {
            if (!session.isClosing()) {
                session.markClosing();
                expire(session);
            }
        }
        path.tick();
    }

    private void expire(TrackedSession session) {
        metrics.sessionsExpired.increment();
        if (session.isLocal()) {
            ended(session.id(), EXPIRED);
        } else {
            path.expired(session);
        }
    }

    /// When [#tick] has something to do at the earliest; [Long#MAX_VALUE] for never.
    public long wakeAtMillis() {
        long expiry = sessions.nextExpiryMillis();
        if (expiry == Long.MAX_VALUE) {
            return path.wakeAtMillis();
        }
        long untilExpiry = Math.clamp(expiry - sessionMillis, 0, TICK_MILLIS_MAX);
        return Math.min(path.wakeAtMillis(), nowMillis + untilExpiry);
    }

    /// What was asked of [Agreement#sync] with this token is confirmed.
    public void synced(long token) {
        path.synced(token);
        inProgress.resume();
    }

    // ---- events of a leader

    /// A learner hands on a client's request.
    public void forwarded(long link, ForwardedRequest request) {
        path.forwarded(link, request);
    }

    /// A learner has heard of these sessions.
    public void sessionsHeard(List<SessionTouch> touches) {
        path.sessionsHeard(touches);
    }

    /// A client with that session has come to a learner. True if the session lives; it is the
    /// learner's from now on.
    public boolean revalidate(long link, long sessionId, int timeoutMillis) {
        return path.revalidate(link, sessionId, timeoutMillis);
    }

    // ---- events of a learner

    /// As follower: the session has moved to an observer that this server serves.
    public void sessionLeft(long sessionId) {
        path.sessionLeft(sessionId);
    }

    /// The leader's answer about a session that a client has come with.
    public void revalidated(long sessionId, boolean valid) {
        path.revalidated(sessionId, valid);
    }

    /// The sessions heard of since the last call, for the leader.
    public List<SessionTouch> takeTouches() {
        return path.takeTouches();
    }

    // ---- requests

    private void request(ClientConnection c, byte[] bytes, int offset, int length) {
        if (length < REQUEST_HEADER_BYTES) {
            close(c, "a request of " + length + " bytes");
            return;
        }
        in.reset(bytes, offset, length);
        int xid = in.readInt();
        int type = in.readInt();
        if (type == OpCode.AUTH) {
            authentication.authenticate(c, xid, in);
            return;
        }
        if (type == OpCode.SASL) {
            authentication.sasl(c, xid, in);
            return;
        }
        if (!authentication.suffices(c)) {
            c.reply(xid, 0, ErrorCode.SESSION_CLOSED_REQUIRE_SASL_AUTH);
            close(c, "no identity of a required scheme");
            return;
        }
        if (!inProgress.hasRoomFor(length)) {
            metrics.largeRequestsRejected.increment();
            close(c, "large requests in progress exceed zookeeper.largeRequestMaxBytes");
            return;
        }
        TrackedSession session = c.session;
        if (session == null) {
            throw new IllegalStateException("an open connection without a session");
        }
        if (session.isClosing()) {
            // Dropped: nothing comes after the end, and the connection ends with it.
            return;
        }
        sessions.touch(session, sessionMillis);
        if (path.takes(type)) {
            path.take(c, session, xid, type, bytes, offset, length);
        } else {
            answers.read(c, xid, type, bytes, offset, length);
        }
    }

    // ---- the ends of sessions and connections

    /// The session is no more, and neither is the connection that spoke for it.
    void ended(long sessionId, String reason) {
        TrackedSession session = sessions.find(sessionId);
        if (session == null) {
            return;
        }
        sessions.remove(sessionId);
        if (session.holder() instanceof ClientConnection c) {
            close(c, reason);
        }
    }

    /// Closes a connection from this side.
    void close(ClientConnection c, String reason) {
        if (!c.isClosed()) {
            forget(c);
            c.link().close(reason);
        }
    }

    private void forget(ClientConnection c) {
        c.state = ClientConnection.State.CLOSED;
        connections.remove(c);
        watches.unregister(c);
        inProgress.drop(c);
        TrackedSession session = c.session;
        if (session != null && c.equals(session.holder())) {
            session.heldBy(null);
            if (session.isLocal() && session.isClosing()) {
                // Its end waited behind requests that will not be answered any more.
                sessions.remove(session.id());
            }
            path.left(session);
        }
        inProgress.resume();
    }

    // ---- for the parts

    Introduction introduction() {
        return introduction;
    }

    Answers answers() {
        return answers;
    }

    InProgress inProgress() {
        return inProgress;
    }

    ReplicaSettings settings() {
        return settings;
    }

    /// Reads the request that is being served.
    JuteReader in() {
        return in;
    }

    long nowMillis() {
        return nowMillis;
    }

    long wallMillis() {
        return wallMillis;
    }

    /// The time that sessions age by.
    long sessionMillis() {
        return sessionMillis;
    }

    // ---- for reports

    /// Whether this is a server without a leader.
    public boolean isReadOnly() {
        return path.isReadOnly();
    }

    public RequestStats stats() {
        return stats;
    }

    /// Counters beyond [#stats].
    public CoreMetrics metrics() {
        return metrics;
    }

    public ZnodeTree tree() {
        return tree;
    }

    public WatchTable watches() {
        return watches;
    }

    public SessionTracker sessions() {
        return sessions;
    }

    public int connectionCount() {
        return connections.size();
    }

    /// Whether every client that is connected waits for an answer; what it asks next would wait for
    /// that one anyway.
    public boolean everyClientWaits() {
        return inProgress.waitingConnections() == connections.size();
    }

    /// All connections, oldest first.
    public void forEachConnection(Consumer<ClientConnection> action) {
        new ArrayList<>(connections).forEach(action);
    }

    /// Requests that have come and are not answered.
    public int outstandingCount() {
        return inProgress.count();
    }

    /// Znodes that proposed and not yet applied transactions change.
    public int pendingZnodeCount() {
        return path.pendingZnodeCount();
    }

    /// The zxid given to the last transaction, applied or not.
    public long lastProposedZxid() {
        return path.lastProposedZxid();
    }

    /// The present chance that a connect request is refused, from 0 to 1.
    public double connectDropChance() {
        return introduction.dropChance();
    }
}
