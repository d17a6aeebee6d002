package io.witan.server.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.witan.wire.election.InitialMessage;
import io.witan.wire.election.Notification;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// The election port on a real socket: whatever somebody sends costs his own connection at most.
/// After each, another server is heard as before.
@Timeout(120)
class ElectionPortIT {

    private static final long SELF = 1;
    private static final long OTHER = 2;
    private static final int HANDSHAKE_MILLIS = 300;

    private final OneLoop loop = new OneLoop();
    private final BlockingQueue<Long> heardOf = new LinkedBlockingQueue<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final ElectionPort port =
            new ElectionPort(
                    loop.core,
                    loop.loop,
                    NioServerSocketChannel.class,
                    NioSocketChannel.class,
                    new ElectionPortSettings(SELF, false, 5_000, HANDSHAKE_MILLIS, 3, false),
                    sid -> sid == SELF || sid == OTHER ? OneLoop.member(sid) : null,
                    new ElectionPort.Listener() {
                        @Override
                        public void notified(long sid, Notification notification) {
                            heardOf.add(sid);
                        }

                        @Override
                        public void linkChanged(long sid, boolean up) {}
                    },
                    loop.failures::add);
    private int listensOn;

    @BeforeEach
    void listens() throws Exception {
        loop.ask(() -> {
            port.listen();
            return true;
        });
        // Binding ends on the same loop.
        while (listensOn == 0) {
            listensOn =
                    loop.ask(() -> port.listening().isEmpty()
                            ? 0
                            : ((InetSocketAddress) port.listening().getFirst().localAddress())
                                    .getPort());
        }
    }

    @AfterEach
    void end() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        loop.close();
        assertThat(loop.failures).isEmpty();
    }

    @Test
    void an_unknown_version_of_the_handshake() throws Exception {
        Socket socket = connect();
        send(socket, longs(-7, OTHER));

        assertIsClosed(socket);
        assertOtherIsHeard();
    }

    @Test
    void a_server_that_claims_to_be_this_one() throws Exception {
        Socket socket = connect();
        send(socket, name(SELF));

        assertIsClosed(socket);
        assertOtherIsHeard();
    }

    @Test
    void a_handshake_that_never_ends() throws Exception {
        Socket silent = connect();
        Socket half = connect();
        send(half, new byte[] {-1, -1, -1});

        assertIsClosed(silent);
        assertIsClosed(half);
        assertOtherIsHeard();
    }

    @Test
    void addresses_that_are_longer_than_any() throws Exception {
        Socket socket = connect();
        var out = new DataOutputStream(socket.getOutputStream());
        out.writeLong(InitialMessage.V1);
        out.writeLong(OTHER);
        out.writeInt(1 << 20);

        assertIsClosed(socket);
        assertOtherIsHeard();
    }

    @Test
    void a_frame_that_is_too_large() throws Exception {
        assertFrameCostsItsConnection(Notification.BYTES_MAX + 1);
    }

    @Test
    void a_frame_of_less_than_nothing() throws Exception {
        assertFrameCostsItsConnection(-1);
    }

    @Test
    void a_frame_of_nothing() throws Exception {
        assertFrameCostsItsConnection(0);
    }

    private void assertFrameCostsItsConnection(int length) throws Exception {
        Socket socket = connect();
        send(socket, name(OTHER));
        new DataOutputStream(socket.getOutputStream()).writeInt(length);

        assertIsClosed(socket);
        assertOtherIsHeard();
    }

    @Test
    void a_notification_too_short_to_be_one_is_passed_over() throws Exception {
        Socket socket = connect();
        send(socket, name(OTHER));
        var out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(5);
        out.write(new byte[5]);
        out.write(frame());

        assertThat(OneLoop.next(heardOf)).isEqualTo(OTHER);
    }

    @Test
    void a_flood_of_notifications() throws Exception {
        Socket socket = connect();
        send(socket, name(OTHER));
        byte[] frame = frame();
        var flood = ByteBuffer.allocate(frame.length * 20_000);
        while (flood.hasRemaining()) {
            flood.put(frame);
        }
        send(socket, flood.array());

        assertIsClosed(socket);
        heardOf.clear();
        assertOtherIsHeard();
    }

    @Test
    void a_flood_of_connections_keeps_nobody_out() throws Exception {
        Socket first = connect();
        for (int i = 0; i < 300; i++) {
            connect();
        }

        assertOtherIsHeard();
        assertIsClosed(first);
    }

    @Test
    void a_flood_of_servers_that_nobody_knows() throws Exception {
        for (long sid = 1_000; sid < 1_300; sid++) {
            send(connect(), name(sid));
        }

        assertOtherIsHeard();
    }

    private void assertOtherIsHeard() throws Exception {
        Socket good = connect();
        send(good, name(OTHER));
        send(good, frame());
        assertThat(OneLoop.next(heardOf)).isEqualTo(OTHER);
    }

    /// A connection that is reset is closed, too.
    private static void assertIsClosed(Socket socket) {
        try {
            while (socket.getInputStream().read() >= 0) {
                // What this server says meanwhile.
            }
        } catch (IOException reset) {
            assertThat(reset).isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), listensOn);
        socket.setSoTimeout(60_000);
        sockets.add(socket);
        return socket;
    }

    /// The other end may have closed it already.
    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException closed) {
            // That is seen by reading.
        }
    }

    private static byte[] name(long sid) {
        return new InitialMessage(InitialMessage.V1, sid, List.of("127.0.0.1:1")).encode();
    }

    private static byte[] frame() {
        byte[] notification =
                new Notification(
                                Notification.LOOKING, OTHER, 0, 1, 0, Notification.VERSION, null)
                        .encode();
        return ByteBuffer.allocate(4 + notification.length)
                .putInt(notification.length)
                .put(notification)
                .array();
    }

    private static byte[] longs(long one, long other) {
        return ByteBuffer.allocate(16).putLong(one).putLong(other).array();
    }
}
