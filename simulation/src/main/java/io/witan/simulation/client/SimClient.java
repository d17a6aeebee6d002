package io.witan.simulation.client;

import io.witan.simulation.net.ByteStream;
import io.witan.simulation.net.Dialler;
import io.witan.simulation.net.StreamHandler;
import io.witan.simulation.trace.ClientStamp;
import io.witan.simulation.trace.Trace;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.world.Chance;
import io.witan.simulation.world.Clock;
import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.ConnectResponse;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.ReplyHeader;
import io.witan.wire.client.Request;
import io.witan.wire.client.RequestHeader;
import io.witan.wire.client.SessionPassword;
import io.witan.wire.client.WatcherEvent;
import io.witan.wire.client.Xid;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/// One client with one session at a time.
///
/// ```
///             dial              ConnectRequest          ConnectResponse
///   apart ----------> dialling ---------------> asking ---------------> connected
///     ^                                                                    |
///     +------- connection gone, time-out, move, vanish, close -------------+
/// ```
///
/// A request that was not answered when the connection ended has an unknown result: the client does
/// not know, does not ask, and goes on.
public final class SimClient {

    private static final int FRAME_LENGTH_BYTES = 4;
    private static final long MICROS_PER_MILLI = 1000;

    /// How long the client waits before it tries another server.
    private static final long RETRY_MICROS_MAX = 300_000;

    /// So much longer than its session's timeout a client can be silent: by then the session must
    /// be gone, whatever the leader waits for.
    private static final long LONG_SILENCE_MICROS = 20_000_000;

    private final int number;
    private final Dialler dialler;
    private final Clock clock;
    private final Chance chance;
    private final Trace trace;
    private final Workload workload;
    private final Supplier<List<Long>> servers;
    private final HeldWatches watches = new HeldWatches();

    private ClientProfile profile;

    /// The connection in use; null while the client is apart.
    private @Nullable Connection connection;

    private int connections;
    private long sessionId;
    private int sessionTimeoutMillis;
    private long lastZxidSeen;

    /// Rises over all connections, so that a request is named by session and xid.
    private int lastXid;

    /// Counts the times that it was decided when to ask next; the last one holds.
    private long lastTurn;

    private boolean started;

    /// @param servers those that it may connect to
    public SimClient(
            int number,
            ClientProfile profile,
            Dialler dialler,
            Clock clock,
            Chance chance,
            Trace trace,
            Workload workload,
            Supplier<List<Long>> servers) {
        this.number = number;
        this.profile = profile;
        this.dialler = dialler;
        this.clock = clock;
        this.chance = chance;
        this.trace = trace;
        this.workload = workload;
        this.servers = servers;
    }

    public int number() {
        return number;
    }

    /// The session it has or believes to have; 0 for none.
    public long sessionId() {
        return sessionId;
    }

    /// Begins to connect, and to ask.
    public void start() {
        if (!started) {
            started = true;
            retryLater();
        }
    }

    /// From now on it behaves, because faults are over.
    public void becomeCalm() {
        profile = profile.calmed();
        Connection current = connection;
        if (current != null && current.isConnected) {
            askLater(current);
        }
    }

    // ---- connecting

    private void retryLater() {
        clock.after(chance.between(1_000L, RETRY_MICROS_MAX), this::connect);
    }

    private void connect() {
        if (connection != null) {
            return;
        }
        List<Long> choice = servers.get();
        if (choice.isEmpty()) {
            retryLater();
            return;
        }
        boolean passwordIsRight = sessionId == 0 || !chance.hit(profile.wrongPassword());
        Connection next = new Connection(++connections, chance.pick(choice), passwordIsRight);
        connection = next;
        dialler.dial(number, next.serverSid, next);
        clock.after(profile.timeoutMillis() * MICROS_PER_MILLI / 3, next::giveUpConnecting);
    }

    private ClientStamp stamp(Connection on) {
        return new ClientStamp(clock.nowMicros(), number, on.connectionNumber);
    }

    /// The connection is of no use any more; the session is still believed to live.
    private void apart(Connection from, String reason) {
        if (connection != from) {
            return;
        }
        connection = null;
        trace.record(new TraceEvent.Disconnected(stamp(from), reason));
    }

    private void forgetSession() {
        sessionId = 0;
        lastZxidSeen = 0;
        watches.clear();
    }

    // ---- what a connected client does now and then

    private void askSomething(Connection on, long turn) {
        if (connection != on || turn != lastTurn) {
            return;
        }
        if (chance.hit(profile.move())) {
            move(on);
            return;
        }
        if (chance.hit(profile.vanish())) {
            vanish(on);
            return;
        }
        if (chance.hit(profile.close())) {
            on.ask(new Request.Bare(OpCode.CLOSE_SESSION));
            return;
        }
        if (on.pending.size() < profile.pipelineMax()) {
            on.ask(workload.next(profile));
        }
        askLater(on);
    }

    private void askLater(Connection on) {
        long turn = ++lastTurn;
        clock.after(
                1 + chance.exponential((double) profile.thinkMicrosMean()),
                () -> askSomething(on, turn));
    }

    /// Goes to another server with the same session, while requests may be on their way here.
    private void move(Connection from) {
        apart(from, "moves");
        if (chance.hit(profile.linger())) {
            clock.after(chance.between(1_000L, 2_000_000L), from::close);
        } else {
            from.close();
        }
        connect();
    }

    /// Says nothing for longer than the session may live, then comes back with it.
    private void vanish(Connection from) {
        apart(from, "vanishes");
        if (chance.hit(0.5)) {
            from.close();
        } else {
            clock.after(chance.between(1_000L, 20_000_000L), from::close);
        }
        long silence = sessionTimeoutMillis * MICROS_PER_MILLI;
        clock.after(chance.between(silence / 2, 3 * silence + LONG_SILENCE_MICROS), this::connect);
    }

    private void pingLater(Connection on) {
        clock.after(sessionTimeoutMillis * MICROS_PER_MILLI / 3, () -> ping(on));
    }

    private void ping(Connection on) {
        if (connection != on) {
            return;
        }
        long silence = clock.nowMicros() - on.lastHeardMicros;
        if (silence > sessionTimeoutMillis * MICROS_PER_MILLI * 2 / 3) {
            apart(on, "hears nothing from its server");
            on.close();
            retryLater();
            return;
        }
        trace.record(new TraceEvent.PingSent(stamp(on), sessionId));
        on.send(Xid.PING, new Request.Bare(OpCode.PING));
        pingLater(on);
    }

    // ---- answers

    private void connectAnswered(Connection on, ConnectResponse response) {
        trace.record(
                new TraceEvent.ConnectAnswered(
                        stamp(on),
                        on.serverSid,
                        response.sessionId(),
                        response.timeOut(),
                        on.passwordIsRight,
                        response.readOnly()));
        if (response.sessionId() == 0) {
            refused(on);
            return;
        }
        sessionId = response.sessionId();
        sessionTimeoutMillis = response.timeOut();
        on.isConnected = true;
        if (!watches.isEmpty()) {
            on.ask(watches.again(lastZxidSeen));
        }
        askLater(on);
        pingLater(on);
    }

    /// The session is gone, or so the server says; with a wrong password it says that too.
    private void refused(Connection on) {
        apart(on, "refused");
        on.close();
        boolean triesAgain = !on.passwordIsRight || chance.hit(profile.revive());
        if (!triesAgain) {
            forgetSession();
        }
        retryLater();
    }

    private void replied(Connection on, byte[] frame) {
        JuteReader in = JuteReader.over(frame);
        ReplyHeader header = ReplyHeader.read(in);
        if (header.xid() == Xid.NOTIFICATION) {
            notified(on, header.zxid(), WatcherEvent.read(in));
            return;
        }
        if (header.zxid() > 0) {
            lastZxidSeen = header.zxid();
        }
        if (header.xid() == Xid.PING) {
            trace.record(new TraceEvent.PingAnswered(stamp(on), sessionId, header.zxid()));
            return;
        }
        Pending pending = on.pending.peekFirst();
        boolean isExpected = pending != null && pending.xid() == header.xid();
        Reply reply =
                isExpected && header.err() == ErrorCode.OK
                        ? Reply.read(Objects.requireNonNull(pending).request().type(), in)
                        : null;
        trace.record(
                new TraceEvent.Replied(
                        stamp(on), sessionId, header.xid(), header.zxid(), header.err(), reply));
        if (!isExpected) {
            return;
        }
        on.pending.removeFirst();
        watches.answered(Objects.requireNonNull(pending).request(), header.err());
        if (pending.request().type() == OpCode.CLOSE_SESSION) {
            apart(on, "closed its session");
            on.close();
            forgetSession();
            retryLater();
        }
    }

    private void notified(Connection on, long zxid, WatcherEvent event) {
        String path = new String(Objects.requireNonNull(event.path()), StandardCharsets.UTF_8);
        trace.record(new TraceEvent.Notified(stamp(on), sessionId, zxid, event.type(), path));
        watches.notified(event.type(), path);
    }

    /// A request that waits for its answer.
    private record Pending(int xid, Request request) {}

    /// One connection; a client that has left it behind ignores what still comes.
    private final class Connection implements StreamHandler {

        private final int connectionNumber;
        private final long serverSid;
        private final boolean passwordIsRight;
        private final FrameSplitter splitter = new FrameSplitter(this::frame);
        private final ArrayDeque<Pending> pending = new ArrayDeque<>();

        private @Nullable ByteStream stream;
        private boolean isConnected;
        private boolean isAbandoned;
        private long lastHeardMicros;

        private Connection(int connectionNumber, long serverSid, boolean passwordIsRight) {
            this.connectionNumber = connectionNumber;
            this.serverSid = serverSid;
            this.passwordIsRight = passwordIsRight;
        }

        @Override
        public void opened(ByteStream opened) {
            stream = opened;
            if (isAbandoned || connection != this) {
                opened.close();
                return;
            }
            byte[] password =
                    sessionId == 0
                            ? new byte[SessionPassword.BYTES]
                            : SessionPassword.of(sessionId);
            if (!passwordIsRight) {
                password[0] ^= 1;
            }
            trace.record(
                    new TraceEvent.ConnectAsked(
                            stamp(this),
                            serverSid,
                            sessionId,
                            lastZxidSeen,
                            profile.timeoutMillis(),
                            profile.acceptsReadOnly(),
                            passwordIsRight));
            lastHeardMicros = clock.nowMicros();
            JuteWriter out = newFrame();
            new ConnectRequest(
                            0,
                            lastZxidSeen,
                            profile.timeoutMillis(),
                            sessionId,
                            password,
                            profile.acceptsReadOnly(),
                            true)
                    .write(out);
            write(out);
        }

        @Override
        public void received(byte[] bytes) {
            if (connection == this) {
                splitter.received(bytes);
            }
        }

        private void frame(byte[] frame) {
            if (connection != this) {
                return;
            }
            lastHeardMicros = clock.nowMicros();
            if (isConnected) {
                replied(this, frame);
            } else {
                connectAnswered(this, ConnectResponse.read(JuteReader.over(frame)));
            }
        }

        @Override
        public void closed(String reason) {
            stream = null;
            if (connection == this) {
                apart(this, reason);
                retryLater();
            }
        }

        private void giveUpConnecting() {
            if (connection == this && !isConnected) {
                apart(this, "no answer");
                close();
                retryLater();
            }
        }

        private void close() {
            isAbandoned = true;
            if (stream != null) {
                stream.close();
                stream = null;
            }
        }

        private void ask(Request request) {
            int xid = ++lastXid;
            trace.record(new TraceEvent.Invoked(stamp(this), sessionId, xid, request));
            pending.addLast(new Pending(xid, request));
            send(xid, request);
        }

        private void send(int xid, Request request) {
            JuteWriter out = newFrame();
            new RequestHeader(xid, request.type()).write(out);
            request.write(out);
            write(out);
        }

        private static JuteWriter newFrame() {
            return new JuteWriter(64).writeInt(0);
        }

        private void write(JuteWriter out) {
            out.patchInt(0, out.length() - FRAME_LENGTH_BYTES);
            if (stream != null) {
                stream.write(out.toByteArray());
            }
        }
    }
}
