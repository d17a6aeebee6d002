package io.witan.interop.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.Product;
import io.witan.interop.ServerProcess;
import io.witan.interop.wire.Recording.Step;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Says to a server what the clients of a recording said, and compares what comes back.
final class Replay implements AutoCloseable {

    private static final int PING = 11;
    private static final int DELETE_CONTAINER = 20;
    private static final int PING_XID = -2;

    private final ServerProcess server;
    private final Map<String, Line> lines = new HashMap<>();
    private final List<Line> all = new ArrayList<>();
    private final Frames recorded = new Frames();
    private final Frames seen = new Frames();

    /// Session ids of the recording, and those that this server gave instead.
    private final Map<Long, Long> sessions = new HashMap<>();

    Replay(ServerProcess server) {
        this.server = server;
    }

    /// One connection.
    private static final class Line {
        final WireConnection connection;
        final Map<Integer, Integer> typeByXid = new HashMap<>();
        boolean greeted;
        boolean answered;
        boolean ended;

        Line(WireConnection connection) {
            this.connection = connection;
        }
    }

    void run(Recording recording) throws IOException {
        for (Step step : recording.steps()) {
            if (server.product() == Product.WITAN && isDeleteContainer(step)) {
                return;
            }
            if (step.sent()) {
                send(step);
            } else {
                receive(step);
            }
        }
        for (Line line : all) {
            expectNothingMore(line);
        }
    }

    private void send(Step step) throws IOException {
        byte[] bytes = step.bytes();
        if (step.connects()) {
            var opened = new Line(new WireConnection(server.address()));
            lines.put(step.client(), opened);
            all.add(opened);
        }
        Line line = line(step);
        if (bytes == null) {
            line.ended = true;
            line.connection.close();
        } else if (line.greeted) {
            if (bytes.length >= 12) {
                var header = ByteBuffer.wrap(bytes, 4, 8);
                line.typeByXid.put(header.getInt(), header.getInt());
            }
            line.connection.sendRaw(bytes);
        } else {
            line.greeted = true;
            line.connection.sendRaw(translated(bytes));
        }
    }

    private void receive(Step step) throws IOException {
        Line line = line(step);
        if (isMistakeOfTheOriginal(step)) {
            expectHealthy(line);
            return;
        }
        if (line.ended && step.bytes() == null) {
            return;
        }
        byte[] frame = line.connection.read();
        String expected = step.bytes() == null ? "EOF" : normalised(recorded, line, body(step));
        String found = frame == null ? "EOF" : normalised(seen, line, frame);
        if (!line.answered && frame != null && step.bytes() != null) {
            sessions.put(session(body(step)), session(frame));
        }
        line.answered = true;
        line.ended = frame == null;
        assertThat(found).as("line %d, to %s", step.line(), step.client()).isEqualTo(expected);
    }

    /// An Apache server closes a healthy connection when somebody else tries its session with a
    /// wrong password. Witan checks the password first.
    private boolean isMistakeOfTheOriginal(Step step) {
        return server.product() == Product.WITAN
                && step.section().startsWith("## wrong password for a live session")
                && step.client().equals("D")
                && step.bytes() == null;
    }

    /// A request that belongs to the server itself. The original takes it from clients; Witan does
    /// not, and from there on its tree is another one.
    private static boolean isDeleteContainer(Step step) {
        byte[] bytes = step.bytes();
        return step.sent()
                && bytes != null
                && bytes.length >= 12
                && ByteBuffer.wrap(bytes).getInt(8) == DELETE_CONTAINER;
    }

    private static String normalised(Frames frames, Line line, byte[] frame) {
        if (!line.answered) {
            return frames.connectResponse(frame);
        }
        int xid = ByteBuffer.wrap(frame).getInt();
        return frames.reply(line.typeByXid.getOrDefault(xid, PING), frame);
    }

    /// A connect request with this run's session id and password in place of the recorded ones. A
    /// password that was wrong stays wrong.
    private byte[] translated(byte[] connectRequest) {
        if (connectRequest.length < 4 + 28 + 16) {
            return connectRequest;
        }
        var at = ByteBuffer.wrap(connectRequest.clone());
        long old = at.getLong(20);
        Long now = sessions.get(old);
        if (old == 0 || now == null) {
            return connectRequest;
        }
        at.putLong(20, now);
        byte[] right = Frames.password(old);
        byte[] password = Frames.password(now);
        for (int i = 0; i < 16; i++) {
            at.put(32 + i, (byte) (password[i] ^ right[i] ^ at.get(32 + i)));
        }
        return at.array();
    }

    private static long session(byte[] connectResponse) {
        return ByteBuffer.wrap(connectResponse).getLong(8);
    }

    private static byte[] body(Step step) {
        byte[] bytes = step.bytes();
        if (bytes == null) {
            throw new IllegalStateException("no frame in line " + step.line());
        }
        return Arrays.copyOfRange(bytes, 4, bytes.length);
    }

    private static void expectHealthy(Line line) throws IOException {
        Reply pong = line.connection.call(PING_XID, PING, new Jute());
        assertThat(pong.xid()).isEqualTo(PING_XID);
        assertThat(pong.bodyLength()).isZero();
    }

    /// No frame has come that the recording does not have.
    private static void expectNothingMore(Line line) throws IOException {
        if (line.ended || !line.answered) {
            return;
        }
        line.connection.send(new Jute().integer(PING_XID).integer(PING).bytes());
        byte[] next = line.connection.read();
        if (next != null) {
            assertThat(ByteBuffer.wrap(next).getInt()).isEqualTo(PING_XID);
        }
    }

    private Line line(Step step) {
        @Nullable Line line = lines.get(step.client());
        if (line == null) {
            throw new IllegalStateException("line " + step.line() + ": no connection");
        }
        return line;
    }

    @Override
    public void close() {
        for (Line line : all) {
            line.connection.close();
        }
    }
}
