package io.witan.replica;

import io.witan.replica.auth.Access;
import io.witan.replica.auth.AuthProvider;
import io.witan.replica.metrics.CoreMetrics;
import io.witan.replica.metrics.Summary;
import io.witan.replica.session.SessionIds;
import io.witan.replica.session.SessionTracker;
import io.witan.replica.session.TrackedSession;
import io.witan.replica.write.Preparation;
import io.witan.replica.write.Prepared;
import io.witan.replica.write.Requester;
import io.witan.replica.write.WriteRequest;
import io.witan.replica.write.WriteRules;
import io.witan.tree.TreeListener;
import io.witan.tree.TxnOutcome;
import io.witan.tree.Znode;
import io.witan.tree.ZnodeTree;
import io.witan.tree.watch.WatchTable;
import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.ConnectResponse;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.SessionPassword;
import io.witan.wire.data.Id;
import io.witan.wire.data.Perms;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// One server's brain. Events come in by [#connected], [#received], [#disconnected], [#committed]
/// and [#tick], each after [#timeIs]; answers leave through the [ClientLink]s, transactions through
/// [Proposals].
///
/// The path of a write: [#received] decodes it, [Preparation] gives it a zxid and checks it,
/// [Proposals] carries it off, [#committed] says that it cannot be lost any more, and only then is
/// it applied to the tree, told to watchers, and answered. A read is answered at once, unless its
/// connection has a write that is not answered yet: then it waits behind it, so that each client
/// sees its requests take effect in their order.
///
/// Owned by one thread, which makes all calls.
public final class Replica {

    private static final int FRAME_LENGTH_BYTES = 4;

    private static final int HEADER_BYTES = 8;

    // Reasons for the end of a connection whose session has ended.
    private static final String CLOSED_BY_CLIENT = "";
    private static final String EXPIRED = "its session has expired";

    /// Events, ticks at least, come more often than this unless the server itself was held up.
    private static final long UNHEARD_MILLIS_MAX = 1_000;

    /// At so many times the limit of bytes in progress, connections without a request in progress
    /// are not read from either.
    private static final long ALL_PAUSED_FACTOR = 2;

    /// A reply to a multiRead may be so many times as long as the longest field of a request.
    private static final long MULTI_READ_REPLIES_PER_FRAME = 8;

    /// The encoder of transactions gives back memory beyond this after a large one.
    private static final int ENCODER_BYTES_KEPT = 1 << 20;

    private final ReplicaSettings settings;
    private final ZnodeTree tree;
    private final WatchTable watches;
    private final Access access;
    private final Proposals proposals;
    private final Preparation preparation;
    private final Reads reads;
    private final SessionTracker sessions;
    private final SessionIds sessionIds;
    private final ConnectThrottle connectThrottle;
    private final ContainerSweep containerSweep;
    private final RequestStats stats = new RequestStats();
    private final CoreMetrics metrics = new CoreMetrics();

    private final JuteReader in;
    private final JuteWriter encoder = new JuteWriter(4096);
    private final TreeListener watchTrigger = new WatchTrigger();

    /// Ordered, because reports and shutdown go through it.
    private final Set<ClientConnection> connections = new LinkedHashSet<>();

    /// Proposed and not yet applied, in the order of their zxids.
    private final ArrayDeque<Waiting.Write> proposed = new ArrayDeque<>();

    /// Renewals that wait for what their sessions wrote on an earlier connection, by zxid.
    private final ArrayDeque<Renewal> renewals = new ArrayDeque<>();

    /// Connections that are not read from because too much is in progress, longest first.
    private final ArrayDeque<ClientConnection> paused = new ArrayDeque<>();

    // What is in progress, over all connections.
    private int outstanding;
    private long outstandingBytes;
    private long largeBytes;

    /// Watchers told of the change that is being applied.
    private int events;

    private long nowMillis;
    private long wallMillis;

    /// What sessions age by: as `nowMillis`, but it stands still while the server does.
    private long sessionMillis;

    /// A connection that opens once everything up to `zxid` has been applied.
    private record Renewal(long zxid, ClientConnection connection) {}

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
        this.settings = settings;
        this.tree = tree;
        this.access = access;
        this.proposals = proposals;
        this.nowMillis = nowMillis;
        this.sessionMillis = nowMillis;
        this.watches = new WatchTable(tree.settings().hashSeed());
        this.preparation = new Preparation(tree, access, rules);
        this.reads =
                new Reads(
                        tree,
                        watches,
                        access,
                        MULTI_READ_REPLIES_PER_FRAME * settings.decodeBytesMax(),
                        settings.watchBytesMax());
        this.sessions = new SessionTracker(settings.tickTimeMillis());
        this.sessionIds = new SessionIds(settings.serverId(), nowMillis);
        this.connectThrottle = new ConnectThrottle(settings.connectThrottle(), random, nowMillis);
        this.containerSweep = new ContainerSweep(settings.containerSweep(), tree, nowMillis);
        this.in = new JuteReader(settings.decodeBytesMax());
        tree.sessions()
                .forEach((id, timeoutMillis) -> sessions.open(id, false, timeoutMillis, nowMillis));
    }

    // ---- events

    /// Sets the time of the events that follow.
    ///
    /// @param nowMillis on a clock that never runs back
    /// @param wallMillis since 1970
    public void timeIs(long nowMillis, long wallMillis) {
        // A server that was stopped or starved has not listened; what clients sent meanwhile is
        // still in its sockets. Sessions do not age by that time.
        sessionMillis += Math.min(nowMillis - this.nowMillis, UNHEARD_MILLIS_MAX);
        this.nowMillis = nowMillis;
        this.wallMillis = wallMillis;
    }

    /// A client has connected. The result is its name in later events.
    public ClientConnection connected(ClientLink link) {
        var connection = new ClientConnection(this, link, nowMillis);
        connection.watcherId = watches.register(connection);
        connections.add(connection);
        return connection;
    }

    /// A whole frame has come in, without its length. The bytes are valid during this call only.
    public void received(ClientConnection c, byte[] bytes, int offset, int length) {
        stats.received();
        metrics.bytesReceived.add(length + FRAME_LENGTH_BYTES);
        c.stats().received();
        switch (c.state) {
            case OPEN -> request(c, bytes, offset, length);
            case NEW -> connect(c, bytes, offset, length);
            case OPENING, CLOSED -> {
                // Not read from; and what a closed connection sent last is of no interest.
            }
        }
    }

    /// The client's connection is gone. Its session lives on until it expires.
    public void disconnected(ClientConnection c) {
        if (!c.isClosed()) {
            forget(c);
        }
    }

    /// Everything up to and including `zxid` is committed: it is applied and answered now.
    public void committed(long zxid) {
        while (!proposed.isEmpty() && proposed.peekFirst().zxid() <= zxid) {
            deliver(proposed.removeFirst());
            openRenewed();
        }
        resumeReading();
    }

    /// The client has taken enough of its replies for more to be made.
    public void outputDrained(ClientConnection c) {
        if (!c.isClosed()) {
            serveDeferred(c);
            resumeReading();
        }
    }

    /// Time has passed.
    public void tick() {
        for (TrackedSession session : sessions.expired(sessionMillis)) {
            expire(session);
        }
        containerSweep.tick(nowMillis, wallMillis, this::deleteContainer);
    }

    // ---- connecting

    private void connect(ClientConnection c, byte[] bytes, int offset, int length) {
        ConnectRequest request;
        try {
            request = ConnectRequest.read(in.reset(bytes, offset, length));
        } catch (DecodeException undecodable) {
            close(c, "connect request: " + undecodable.getMessage());
            return;
        }
        c.hasReadOnly = request.hasReadOnly();
        metrics.connectRequests.increment();
        boolean renewal = request.sessionId() != 0;
        if (!connectThrottle.admits(kindOf(renewal), nowMillis)) {
            metrics.connectsDropped.increment();
            close(c, "connection throttle");
        } else if (request.lastZxidSeen() > tree.lastZxid()) {
            close(
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
        boolean local = settings.localSessions();
        TrackedSession session = sessions.open(id, local, timeoutMillis, sessionMillis);
        session.heldBy(c);
        c.session = session;
        if (local) {
            opened(c);
            return;
        }
        c.state = ClientConnection.State.OPENING;
        c.link().pauseReading();
        propose(
                new WriteRequest.CreateSession(timeoutMillis),
                new Requester(id, session, List.of()),
                c,
                0,
                OpCode.CREATE_SESSION,
                0);
    }

    /// Recovered sessions can have ids that this start would give out again: the clock that ids are
    /// made from starts anew with the machine.
    private long freeSessionId() {
        long id = sessionIds.next();
        while (sessions.find(id) != null || id == 0) {
            id = sessionIds.next();
        }
        return id;
    }

    private void renew(ClientConnection c, ConnectRequest request) {
        metrics.sessionsRenewed.increment();
        long id = request.sessionId();
        // The password first: a stranger must not be able to end a healthy connection, as it can
        // with the original (client-and-disk, section 13.3).
        TrackedSession session =
                SessionPassword.matches(id, request.passwd()) ? sessions.find(id) : null;
        if (session == null || session.isClosing()) {
            respond(c, ConnectResponse.refusal(false, c.hasReadOnly));
            close(c, "no session 0x%x with that password".formatted(id));
            return;
        }
        if (session.holder() instanceof ClientConnection before && before != c) {
            close(before, "session 0x%x has moved to another connection".formatted(id));
        }
        int timeoutMillis = negotiated(request.timeOut());
        sessions.renew(session, timeoutMillis, sessionMillis);
        session.heldBy(c);
        c.session = session;
        if (session.lastWriteZxid() <= tree.lastZxid()) {
            opened(c);
            return;
        }
        // What the session wrote on its earlier connection comes before what it reads on this one.
        c.state = ClientConnection.State.OPENING;
        c.link().pauseReading();
        renewals.addLast(new Renewal(preparation.lastZxid(), c));
    }

    private void openRenewed() {
        while (!renewals.isEmpty() && renewals.peekFirst().zxid() <= tree.lastZxid()) {
            ClientConnection c = renewals.removeFirst().connection();
            if (!c.isClosed()) {
                opened(c);
                readOn(c);
            }
        }
    }

    /// The connection has its session.
    private void opened(ClientConnection c) {
        c.state = ClientConnection.State.OPEN;
        c.sessionOpened(tree.lastZxid(), nowMillis);
        long id = c.sessionId();
        respond(
                c,
                new ConnectResponse(
                        0,
                        c.sessionTimeoutMillis(),
                        id,
                        SessionPassword.of(id),
                        false,
                        c.hasReadOnly));
    }

    private void respond(ClientConnection c, ConnectResponse response) {
        JuteWriter out = c.link().output();
        int frame = out.length();
        out.writeInt(0);
        response.write(out);
        c.endFrame(frame);
    }

    // ---- requests

    private void request(ClientConnection c, byte[] bytes, int offset, int length) {
        if (length < HEADER_BYTES) {
            close(c, "a request of " + length + " bytes");
            return;
        }
        in.reset(bytes, offset, length);
        int xid = in.readInt();
        int type = in.readInt();
        if (type == OpCode.AUTH) {
            authenticate(c, xid);
            return;
        }
        if (type == OpCode.SASL) {
            sasl(c, xid);
            return;
        }
        if (!settings.requiredSchemes().isEmpty() && !hasRequiredIdentity(c)) {
            c.reply(xid, 0, ErrorCode.SESSION_CLOSED_REQUIRE_SASL_AUTH);
            close(c, "no identity of a required scheme");
            return;
        }
        if (settings.largeRequestBytes() >= 0
                && length > settings.largeRequestBytes()
                && largeBytes + length > settings.largeRequestsBytesMax()) {
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
        if (WriteRequest.isWrite(type)) {
            write(c, session, xid, type, bytes, offset, length);
        } else if (c.waiting.isEmpty()) {
            serve(c, xid, type, c.ids, nowMillis);
        } else {
            defer(c, bytes, offset, length);
        }
    }

    private boolean hasRequiredIdentity(ClientConnection c) {
        for (Id id : c.ids) {
            if (id.scheme() != null && settings.requiredSchemes().contains(id.scheme())) {
                return true;
            }
        }
        return false;
    }

    private void write(
            ClientConnection c,
            TrackedSession session,
            int xid,
            int type,
            byte[] bytes,
            int offset,
            int length) {
        WriteRequest request;
        try {
            request = WriteRequest.read(type, in);
        } catch (DecodeException undecodable) {
            // Costs no zxid, but its answer must not overtake those before it.
            if (c.waiting.isEmpty()) {
                c.reply(xid, tree.lastZxid(), ErrorCode.MARSHALLING_ERROR);
                c.answered(type, xid, tree.lastZxid(), nowMillis, nowMillis);
            } else {
                defer(c, bytes, offset, length);
            }
            return;
        }
        if (session.isLocal()) {
            if (type == OpCode.CLOSE_SESSION) {
                session.markClosing();
                if (c.waiting.isEmpty()) {
                    closeLocal(c, session, xid);
                } else {
                    defer(c, bytes, offset, length);
                }
                return;
            }
            if (settings.localSessionsUpgrading() && request.makesEphemeral()) {
                upgrade(session);
            }
        }
        var requester = new Requester(session.id(), session, c.ids);
        if (type == OpCode.CLOSE_SESSION) {
            session.markClosing();
        }
        propose(request, requester, c, xid, type, length);
    }

    /// A local session becomes global before its first ephemeral (client-and-disk, section 10.4).
    private void upgrade(TrackedSession session) {
        sessions.upgrade(session);
        propose(
                new WriteRequest.CreateSession(session.timeoutMillis()),
                new Requester(session.id(), session, List.of()),
                null,
                0,
                OpCode.CREATE_SESSION,
                0);
    }

    private void propose(
            WriteRequest request,
            Requester requester,
            @Nullable ClientConnection c,
            int xid,
            int type,
            int frameBytes) {
        Prepared prepared = preparation.prepare(request, requester, xid, type, wallMillis);
        var write = new Waiting.Write(prepared, type, xid, c, nowMillis, frameBytes);
        proposed.addLast(write);
        TrackedSession session = requester.session();
        if (session != null) {
            session.wrote(write.zxid());
        }
        if (c != null) {
            waits(c, write);
        }
        encoder.reset(ENCODER_BYTES_KEPT);
        TxnCodec.write(encoder, prepared.header(), prepared.txn(), prepared.digest());
        proposals.propose(write.zxid(), encoder.bytes(), 0, encoder.length());
    }

    private void defer(ClientConnection c, byte[] bytes, int offset, int length) {
        byte[] frame = Arrays.copyOfRange(bytes, offset, offset + length);
        waits(c, new Waiting.Deferred(frame, c.ids, nowMillis));
    }

    private void serve(ClientConnection c, int xid, int type, List<Id> ids, long sinceMillis) {
        Reads.After after = reads.serve(c, xid, type, ids, in);
        c.answered(type, xid, tree.lastZxid(), sinceMillis, nowMillis);
        metrics.readLatency.add(nowMillis - sinceMillis);
        switch (after) {
            case GO_ON -> {}
            case CLOSE_FOR_TYPE ->
                    close(c, "request of type " + type + ", which clients cannot make");
            case CLOSE_FOR_WATCHES ->
                    close(
                            c,
                            "it sets watches, and those of all clients already take %d bytes"
                                            .formatted(watches.bytes())
                                    + " (limit %d)".formatted(settings.watchBytesMax()));
        }
    }

    // ---- authentication

    private void authenticate(ClientConnection c, int xid) {
        byte[] data;
        String scheme;
        try {
            in.readInt();
            scheme = in.readString();
            data = in.readBuffer();
        } catch (DecodeException undecodable) {
            close(c, "auth request: " + undecodable.getMessage());
            return;
        }
        AuthProvider provider = access.provider(scheme);
        AuthProvider.Outcome outcome =
                provider == null
                        ? new AuthProvider.Outcome.Refused()
                        : provider.authenticate(data == null ? new byte[0] : data);
        switch (outcome) {
            case AuthProvider.Outcome.Granted(List<Id> granted) -> {
                if (c.addIds(granted)) {
                    c.reply(xid, 0, ErrorCode.OK);
                } else {
                    c.reply(xid, 0, ErrorCode.AUTH_FAILED);
                    close(c, "more identities than a connection may have");
                }
            }
            case AuthProvider.Outcome.Refused() -> {
                metrics.authenticationsFailed.increment();
                c.reply(xid, 0, ErrorCode.AUTH_FAILED);
                close(c, "authentication refused, scheme " + printable(scheme));
            }
        }
    }

    /// No SASL login is configured, so there is nothing to answer a token with (client-and-disk,
    /// section 2.10).
    private void sasl(ClientConnection c, int xid) {
        try {
            in.readBuffer();
        } catch (DecodeException undecodable) {
            close(c, "sasl request: " + undecodable.getMessage());
            return;
        }
        int frame = c.beginReply(xid, 0, ErrorCode.OK);
        c.link().output().writeBuffer(null);
        c.endFrame(frame);
    }

    /// What a client sent may end up in a log line; it must stay one line.
    private static String printable(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        String head = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        return head.replaceAll("[^\\x20-\\x7e]", "?");
    }

    // ---- delivery

    private void deliver(Waiting.Write write) {
        Prepared prepared = write.prepared();
        ClientConnection c = write.connection();
        if (c != null) {
            serveAhead(c);
        }
        TxnOutcome outcome = tree.apply(prepared.header(), prepared.txn(), watchTrigger);
        preparation.applied(prepared);
        if (c != null && !c.isClosed()) {
            done(c, write);
            answer(c, write, outcome);
        }
        if (prepared.header().type() == OpCode.CLOSE_SESSION) {
            ended(prepared.header().clientId(), c == null ? EXPIRED : CLOSED_BY_CLIENT);
        }
        if (c != null && !c.isClosed()) {
            serveDeferred(c);
        }
    }

    private void answer(ClientConnection c, Waiting.Write write, TxnOutcome outcome) {
        if (write.type() == OpCode.CREATE_SESSION) {
            opened(c);
            readOn(c);
            return;
        }
        Txn txn = write.prepared().txn();
        int err = txn instanceof Txn.Failed failed ? failed.err() : outcome.err();
        if (err == ErrorCode.SESSION_EXPIRED && c.session != null && c.session.isLocal()) {
            err = ErrorCode.EPHEMERAL_ON_LOCAL_SESSION;
        }
        int frame = c.beginReply(write.xid(), write.zxid(), err);
        if (err == ErrorCode.OK) {
            Replies.writeBody(c.link().output(), write.type(), txn, outcome);
        }
        c.endFrame(frame);
        int operation = err == ErrorCode.OK ? write.type() : OpCode.ERROR;
        c.answered(operation, write.xid(), write.zxid(), write.sinceMillis(), nowMillis);
        metrics.updateLatency.add(nowMillis - write.sinceMillis());
    }

    /// Reads that came before a write that is about to be applied must not see it. Some are still
    /// there if the client does not take its replies; now they are answered all the same.
    private void serveAhead(ClientConnection c) {
        while (c.waiting.peekFirst() instanceof Waiting.Deferred deferred) {
            serve(c, deferred);
        }
    }

    /// What waited behind a write is answered, up to the next write.
    private void serveDeferred(ClientConnection c) {
        while (!c.link().isOutputFull()
                && c.waiting.peekFirst() instanceof Waiting.Deferred deferred) {
            serve(c, deferred);
        }
    }

    private void serve(ClientConnection c, Waiting.Deferred deferred) {
        done(c, deferred);
        in.reset(deferred.frame(), 0, deferred.frame().length);
        int xid = in.readInt();
        int type = in.readInt();
        TrackedSession session = c.session;
        if (type == OpCode.CLOSE_SESSION && session != null) {
            // Only that of a local session waits here; others are transactions.
            closeLocal(c, session, xid);
            return;
        }
        serve(c, xid, type, deferred.ids(), deferred.sinceMillis());
    }

    // ---- the ends of sessions and connections

    private void expire(TrackedSession session) {
        if (session.isClosing()) {
            return;
        }
        session.markClosing();
        metrics.sessionsExpired.increment();
        if (session.isLocal()) {
            ended(session.id(), EXPIRED);
            return;
        }
        propose(
                new WriteRequest.CloseSession(),
                new Requester(session.id(), session, List.of()),
                null,
                0,
                OpCode.CLOSE_SESSION,
                0);
    }

    private void closeLocal(ClientConnection c, TrackedSession session, int xid) {
        c.reply(xid, tree.lastZxid(), ErrorCode.OK);
        c.answered(OpCode.CLOSE_SESSION, xid, tree.lastZxid(), nowMillis, nowMillis);
        ended(session.id(), CLOSED_BY_CLIENT);
    }

    /// The session is no more, and neither is the connection that spoke for it.
    private void ended(long sessionId, String reason) {
        TrackedSession session = sessions.find(sessionId);
        if (session == null) {
            return;
        }
        sessions.remove(sessionId);
        if (session.holder() instanceof ClientConnection c) {
            close(c, reason);
        }
    }

    private void deleteContainer(byte[] path) {
        propose(
                new WriteRequest.DeleteContainer(path),
                Requester.SERVER,
                null,
                0,
                OpCode.DELETE_CONTAINER,
                0);
    }

    /// Closes a connection from this side.
    private void close(ClientConnection c, String reason) {
        if (!c.isClosed()) {
            forget(c);
            c.link().close(reason);
        }
    }

    private void forget(ClientConnection c) {
        c.state = ClientConnection.State.CLOSED;
        connections.remove(c);
        watches.unregister(c);
        for (Waiting waiting : c.waiting) {
            released(waiting);
        }
        c.waiting.clear();
        TrackedSession session = c.session;
        if (session != null && c.equals(session.holder())) {
            session.heldBy(null);
            if (session.isLocal() && session.isClosing()) {
                // Its end waited behind requests that will not be answered any more.
                sessions.remove(session.id());
            }
        }
        resumeReading();
    }

    // ---- what is in progress

    private void waits(ClientConnection c, Waiting waiting) {
        c.waiting.addLast(waiting);
        outstanding++;
        outstandingBytes += waiting.frameBytes();
        if (isLarge(waiting)) {
            largeBytes += waiting.frameBytes();
        }
        if (isTooMuchInProgress()) {
            pause(c);
        }
        if (outstandingBytes > ALL_PAUSED_FACTOR * settings.outstandingBytesMax()) {
            // Very many connections, each with one large request.
            connections.forEach(this::pause);
        }
    }

    private void pause(ClientConnection c) {
        if (!c.readingPaused) {
            c.readingPaused = true;
            paused.addLast(c);
            if (c.state != ClientConnection.State.OPENING) {
                c.link().pauseReading();
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very request, not one that looks like it
    private void done(ClientConnection c, Waiting waiting) {
        Waiting first = c.waiting.pollFirst();
        if (first != waiting) {
            throw new IllegalStateException("answered out of order: " + waiting + ", " + first);
        }
        released(waiting);
    }

    private void released(Waiting waiting) {
        outstanding--;
        outstandingBytes -= waiting.frameBytes();
        if (isLarge(waiting)) {
            largeBytes -= waiting.frameBytes();
        }
    }

    private boolean isLarge(Waiting waiting) {
        return settings.largeRequestBytes() >= 0
                && waiting.frameBytes() > settings.largeRequestBytes();
    }

    private boolean isTooMuchInProgress() {
        return outstanding > settings.outstandingMax()
                || outstandingBytes > settings.outstandingBytesMax();
    }

    private void resumeReading() {
        while (!paused.isEmpty() && !isTooMuchInProgress()) {
            ClientConnection c = paused.removeFirst();
            c.readingPaused = false;
            readOn(c);
        }
    }

    /// Reads from the connection again, unless there is another reason not to.
    private static void readOn(ClientConnection c) {
        if (c.state == ClientConnection.State.OPEN && !c.readingPaused) {
            c.link().resumeReading();
        }
    }

    // ---- for connections and reports

    boolean mayRead(int aclKey, List<Id> ids) {
        return access.allows(tree.acls(), aclKey, Perms.READ, ids);
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

    /// All connections, oldest first.
    public void forEachConnection(Consumer<ClientConnection> action) {
        new ArrayList<>(connections).forEach(action);
    }

    /// Requests that have come and are not answered.
    public int outstandingCount() {
        return outstanding;
    }

    /// Znodes that proposed and not yet applied transactions change.
    public int pendingZnodeCount() {
        return preparation.pendingCount();
    }

    /// The zxid given to the last transaction, applied or not.
    public long lastProposedZxid() {
        return preparation.lastZxid();
    }

    /// The present chance that a connect request is refused, from 0 to 1.
    public double connectDropChance() {
        return connectThrottle.dropChance();
    }

    /// A watcher is told of something.
    void eventSent() {
        events++;
    }

    /// Tells watchers what a transaction has changed, as it is applied.
    private final class WatchTrigger implements TreeListener {

        @Override
        public void created(byte[] path, Znode znode, Znode parent, long zxid) {
            watches.created(path, znode.aclKey(), parent.aclKey(), zxid);
            notified(metrics.createdWatches);
        }

        @Override
        public void deleted(byte[] path, int aclKey, Znode parent, long zxid) {
            watches.deleted(path, aclKey, parent.aclKey(), zxid);
            notified(metrics.deletedWatches);
        }

        @Override
        public void dataChanged(byte[] path, Znode znode, long zxid) {
            watches.dataChanged(path, znode.aclKey(), zxid);
            notified(metrics.changedWatches);
        }

        /// Counts the events since the change before, if there were any.
        private void notified(Summary summary) {
            if (events > 0) {
                summary.add(events);
                events = 0;
            }
        }
    }
}
