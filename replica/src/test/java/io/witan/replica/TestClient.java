package io.witan.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.ConnectResponse;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A client of a [TestServer] or a [TestMember] with its connection: encodes what it asks, decodes
/// what it is told. Frames that come while the server does not read wait here, as they would in a
/// socket.
final class TestClient implements ClientLink {

    private final ServerSide server;
    private final String address;
    final ClientConnection connection;

    private final JuteWriter output = new JuteWriter();
    private int read;
    private final Deque<byte[]> unsent = new ArrayDeque<>();
    private boolean flowing;
    private boolean paused;
    private boolean full;
    private @Nullable String closeReason;

    private @Nullable ConnectResponse session;
    private boolean introduced;
    private final Map<Integer, Integer> typeByXid = new HashMap<>();
    private int lastXid;

    TestClient(ServerSide server, String address) {
        this.server = server;
        this.address = address;
        this.connection = server.connected(this);
    }

    // ---- what it says

    /// Sends the connect request.
    void introduces(ConnectRequest request) {
        JuteWriter out = new JuteWriter();
        request.write(out);
        delivers(out.toByteArray());
    }

    /// Sends a request and returns its answer, which must be the next thing that comes.
    Frame.Answer asks(Request request) {
        int xid = sends(request);
        Frame next = takes();
        if (next instanceof Frame.Answer answer && answer.xid() == xid) {
            return answer;
        }
        throw new AssertionError("not the answer to " + request + ": " + next);
    }

    /// The error that a request is answered with.
    int err(Request request) {
        return asks(request).err();
    }

    /// Sends a request. Returns its xid.
    int sends(Request request) {
        int xid = ++lastXid;
        sends(xid, request);
        return xid;
    }

    void sends(int xid, Request request) {
        JuteWriter body = new JuteWriter();
        request.write(body);
        sends(xid, request.type(), body.toByteArray());
    }

    /// Sends a request of `type` with any bytes as its body. Returns its xid.
    int sends(int type, byte... body) {
        int xid = ++lastXid;
        sends(xid, type, body);
        return xid;
    }

    void sends(int xid, int type, byte[] body) {
        typeByXid.put(type == OpCode.PING ? -2 : xid, type);
        JuteWriter out = new JuteWriter();
        out.writeInt(xid).writeInt(type).writeRaw(body, 0, body.length);
        delivers(out.toByteArray());
    }

    /// Sends a frame of any bytes.
    void delivers(byte[] frame) {
        unsent.addLast(frame);
        flows();
    }

    /// What it has sent reaches the server, as far as that reads.
    void flows() {
        if (flowing) {
            return;
        }
        flowing = true;
        while (!paused && closeReason == null && !unsent.isEmpty()) {
            byte[] frame = unsent.removeFirst();
            // Not at the start of its array, and overwritten afterwards: nothing may be kept.
            byte[] buffer = new byte[frame.length + 7];
            System.arraycopy(frame, 0, buffer, 5, frame.length);
            server.received(connection, buffer, 5, frame.length);
            Arrays.fill(buffer, (byte) 0x5a);
            server.settles();
        }
        flowing = false;
    }

    /// The connection breaks.
    void vanishes() {
        server.disconnected(connection);
        if (closeReason == null) {
            closeReason = "vanished";
        }
    }

    // ---- what it hears

    /// The next frame, or null.
    @Nullable Frame hears() {
        if (read == output.length()) {
            return null;
        }
        JuteReader in = new JuteReader(Integer.MAX_VALUE);
        int length = in.reset(output.bytes(), read, 4).readInt();
        in.reset(output.bytes(), read + 4, length);
        Frame frame = decode(in, length);
        assertThat(in.remaining()).as("bytes left over after " + frame).isZero();
        read += 4 + length;
        return frame;
    }

    private Frame decode(JuteReader in, int length) {
        if (!introduced) {
            introduced = true;
            ConnectResponse response = ConnectResponse.read(in);
            session = response;
            return new Frame.Connected(response, length);
        }
        byte[] raw = Arrays.copyOfRange(in.bytes(), in.position(), in.position() + length);
        int xid = in.readInt();
        long zxid = in.readLong();
        int err = in.readInt();
        if (xid == -1) {
            int type = in.readInt();
            assertThat(in.readInt()).as("state of an event").isEqualTo(3);
            return new Frame.Event(zxid, type, Frame.text(in.readBuffer()));
        }
        Integer type = typeByXid.get(xid);
        if (type == null) {
            throw new AssertionError("an answer that nobody asked for, xid " + xid);
        }
        if (err != 0 && in.remaining() == 0) {
            return new Frame.Answer(xid, zxid, err, null, raw);
        }
        return new Frame.Answer(xid, zxid, err, Reply.read(type, in), raw);
    }

    /// The next frame, which must be there.
    Frame takes() {
        Frame frame = hears();
        if (frame == null) {
            throw new AssertionError("nothing more was said; closed: " + closeReason);
        }
        return frame;
    }

    Frame.Answer takesAnswer() {
        return (Frame.Answer) takes();
    }

    ConnectResponse takesConnectResponse() {
        return ((Frame.Connected) takes()).response();
    }

    /// All that has come since the last time.
    List<Frame> takesAll() {
        List<Frame> frames = new ArrayList<>();
        for (Frame frame = hears(); frame != null; frame = hears()) {
            frames.add(frame);
        }
        return frames;
    }

    /// All that has come since the last time, in short: `created /a`, or an answer's xid.
    List<String> takesAllTexts() {
        return takesAll().stream()
                .map(frame ->
                        frame instanceof Frame.Answer answer
                                ? String.valueOf(answer.xid())
                                : frame.toString())
                .toList();
    }

    void hearsNothing() {
        assertThat(takesAll()).isEmpty();
    }

    int bytesHeard() {
        return output.length();
    }

    // ---- how it stands

    long sessionId() {
        return session == null ? 0 : session.sessionId();
    }

    byte[] password() {
        return session == null ? new byte[16] : session.passwd();
    }

    boolean isClosed() {
        return closeReason != null;
    }

    boolean isPaused() {
        return paused;
    }

    /// The client stops, or goes on, to take its replies.
    void isSlow(boolean slow) {
        full = slow;
        if (!slow) {
            server.outputDrained(connection);
            server.settles();
        }
    }

    // ---- as the server sees it

    @Override
    public JuteWriter output() {
        return output;
    }

    @Override
    public void outputAppended() {}

    @Override
    public boolean isOutputFull() {
        return full;
    }

    @Override
    public void close(String reason) {
        if (closeReason == null) {
            closeReason = reason;
        }
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
    }

    @Override
    public String remoteAddress() {
        return address;
    }
}
