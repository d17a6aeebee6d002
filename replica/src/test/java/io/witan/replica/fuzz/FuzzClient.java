package io.witan.replica.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.replica.ClientConnection;
import io.witan.replica.ClientLink;
import io.witan.replica.Replica;
import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.ConnectResponse;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.ReplyHeader;
import io.witan.wire.client.Request;
import io.witan.wire.client.RequestHeader;
import io.witan.wire.client.WatcherEvent;
import io.witan.wire.client.Xid;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;

/// One connection, both its ends. Frames that the client sends wait while the core does not read,
/// as they would in a socket; every frame that it gets is taken apart and must be the one that was
/// due.
final class FuzzClient implements ClientLink {

    private record Sent(int xid, int type) {}

    private final Replica replica;
    private final ClientConnection connection;
    private final JuteWriter output = new JuteWriter();
    private final JuteReader in = new JuteReader(Integer.MAX_VALUE);

    /// Sent by the client, not yet taken by the core.
    private final ArrayDeque<byte[]> inbound = new ArrayDeque<>();

    /// Taken by the core and not answered; auth and sasl, which overtake, stand apart.
    private final ArrayDeque<Sent> due = new ArrayDeque<>();

    private final ArrayDeque<Sent> overtaking = new ArrayDeque<>();

    private boolean paused;
    private boolean full;
    private boolean isFirstTaken;
    private @Nullable String closedFor;
    private @Nullable ConnectResponse session;
    private int lastXid;
    private int received;
    private long lastZxid;
    private @Nullable ReplyHeader lastHeader;
    private @Nullable Reply lastReply;

    FuzzClient(Replica replica) {
        this.replica = replica;
        this.connection = replica.connected(this);
    }

    // ---- the client's end

    void connect(ConnectRequest request) {
        JuteWriter out = new JuteWriter();
        request.write(out);
        send(out.toByteArray());
    }

    void send(byte[] frame) {
        inbound.addLast(frame);
        pump();
    }

    int nextXid() {
        return ++lastXid;
    }

    /// Hands over what waits, as far as the core reads.
    void pump() {
        while (!paused && !full && !isClosed() && !inbound.isEmpty()) {
            byte[] frame = inbound.removeFirst();
            if (isFirstTaken) {
                expect(frame);
            }
            isFirstTaken = true;
            // A copy within a larger array that is scribbled over afterwards: nothing may be kept.
            byte[] buffer = new byte[frame.length + 7];
            System.arraycopy(frame, 0, buffer, 3, frame.length);
            replica.received(connection, buffer, 3, frame.length);
            Arrays.fill(buffer, (byte) 0x55);
            takeOutput();
        }
    }

    private void expect(byte[] frame) {
        if (frame.length < RequestHeader.BYTES) {
            return; // The connection will be closed.
        }
        RequestHeader header = RequestHeader.read(in.reset(frame, 0, frame.length));
        Sent sent = new Sent(header.xid(), header.type());
        if (header.type() == OpCode.AUTH || header.type() == OpCode.SASL) {
            overtaking.addLast(sent);
        } else {
            due.addLast(sent);
        }
    }

    /// The client goes away without a word.
    void vanish() {
        if (!isClosed()) {
            closedFor = "vanished";
            replica.disconnected(connection);
        }
    }

    void stopTaking() {
        full = true;
    }

    void takeAgain() {
        if (full) {
            full = false;
            replica.outputDrained(connection);
            takeOutput();
            pump();
        }
    }

    boolean isClosed() {
        return closedFor != null;
    }

    boolean hasSession() {
        return session != null && session.sessionId() != 0;
    }

    ConnectResponse session() {
        return Objects.requireNonNull(session);
    }

    /// Sends a request; its answer, if it comes at once, is in [#lastErr] and [#lastReply].
    void request(Request request) {
        JuteWriter out = new JuteWriter();
        new RequestHeader(nextXid(), request.type()).write(out);
        request.write(out);
        send(out.toByteArray());
    }

    int lastErr() {
        return Objects.requireNonNull(lastHeader).err();
    }

    int lastXidAnswered() {
        return Objects.requireNonNull(lastHeader).xid();
    }

    Reply lastReply() {
        return Objects.requireNonNull(lastReply);
    }

    long lastZxid() {
        return lastZxid;
    }

    /// What must hold once everything has been committed and taken.
    void assertNothingIsDue() {
        if (!isClosed()) {
            assertThat(paused).as("not read from, though nothing is in progress").isFalse();
            assertThat(inbound).isEmpty();
            assertThat(due).as("never answered").isEmpty();
            assertThat(overtaking).as("never answered").isEmpty();
            assertThat(connection.outstandingCount()).isZero();
        }
    }

    // ---- what comes back

    /// Takes apart all frames there are.
    void takeOutput() {
        JuteReader frames = new JuteReader(Integer.MAX_VALUE);
        frames.reset(output.bytes(), 0, output.length());
        while (frames.remaining() > 0) {
            int length = frames.readInt();
            assertThat(length).isBetween(0, frames.remaining());
            in.reset(output.bytes(), frames.position(), length);
            frames.position(frames.position() + length);
            take();
            assertThat(in.remaining()).as("bytes left in a frame").isZero();
        }
        output.reset();
    }

    private void take() {
        if (received++ == 0) {
            session = ConnectResponse.read(in);
            return;
        }
        ReplyHeader header = ReplyHeader.read(in);
        if (header.xid() == Xid.NOTIFICATION && in.remaining() > 0 && header.err() == 0) {
            notified(header);
            return;
        }
        if (header.err() == ErrorCode.SESSION_CLOSED_REQUIRE_SASL_AUTH) {
            assertThat(isClosed()).isTrue(); // At once, whatever was due before.
            return;
        }
        Sent sent = matching(header);
        lastHeader = header;
        lastReply = null;
        if (header.zxid() > 0) {
            assertThat(header.zxid()).as("zxid of a reply").isGreaterThanOrEqualTo(lastZxid);
            lastZxid = header.zxid();
        }
        if (header.err() == ErrorCode.OK) {
            lastReply = Reply.read(sent.type, in);
        } else if (sent.type == OpCode.MULTI_READ && in.remaining() > 0) {
            assertThat(header.err()).isEqualTo(ErrorCode.MARSHALLING_ERROR);
            assertThat(Reply.read(sent.type, in)).isNotNull();
        }
    }

    private void notified(ReplyHeader header) {
        WatcherEvent event = WatcherEvent.read(in);
        assertThat(event.type()).isBetween(1, 4);
        assertThat(event.state()).isEqualTo(WatcherEvent.SYNC_CONNECTED);
        assertThat(event.path()).isNotNull();
        if (header.zxid() != -1) {
            // Never behind a reply that reflects it.
            assertThat(header.zxid()).as("zxid of an event").isGreaterThanOrEqualTo(lastZxid);
        }
    }

    /// The request that a reply answers: the oldest one, or one of those that overtake.
    private Sent matching(ReplyHeader header) {
        Sent first = overtaking.peekFirst();
        if (first != null && first.xid == header.xid() && header.zxid() == 0) {
            return overtaking.removeFirst();
        }
        Sent next = due.pollFirst();
        assertThat(next).as("a reply nobody waits for: " + header).isNotNull();
        Sent sent = Objects.requireNonNull(next);
        assertThat(header.xid()).isEqualTo(sent.type == OpCode.PING ? Xid.PING : sent.xid);
        return sent;
    }

    // ---- the core's end

    @Override
    public JuteWriter output() {
        assertThat(closedFor).as("output to a closed connection").isNull();
        return output;
    }

    @Override
    public void outputAppended() {
        assertThat(closedFor).as("output to a closed connection").isNull();
    }

    @Override
    public boolean isOutputFull() {
        return full;
    }

    @Override
    public void close(String reason) {
        assertThat(closedFor).as("closed twice").isNull();
        assertThat(reason).doesNotContain("\n");
        closedFor = reason;
    }

    @Override
    public void pauseReading() {
        assertThat(paused).as("paused twice").isFalse();
        paused = true;
    }

    @Override
    public void resumeReading() {
        assertThat(paused).as("resumed, but not paused").isTrue();
        paused = false;
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1";
    }
}
