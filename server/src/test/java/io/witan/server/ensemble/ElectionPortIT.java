package io.witan.server.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.election.InitialMessage;
import io.witan.wire.election.Notification;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;

/// The election port on a real socket: whatever somebody sends costs his own connection at most.
/// After each, another server is heard as before.
@Timeout(120)
class ElectionPortIT {

    private static final long SELF = 1;
    private static final long OTHER = 2;
    private static final int HANDSHAKE_MILLIS = 300;

    private final Sockets sockets = new Sockets();
    private ElectionServer server;
    private int listensOn;

    @BeforeEach
    void listens() throws Exception {
        server =
                new ElectionServer(
                        new ElectionPortSettings(
                                SELF, false, 5_000, HANDSHAKE_MILLIS, 3, 1_000, false));
        server.knows(OTHER, ElectionServer.at(1));
        listensOn = server.listens();
    }

    @AfterEach
    void end() throws Exception {
        sockets.close();
        server.close();
    }

    @Test
    void an_unknown_version_of_the_handshake() throws Exception {
        Socket socket = connect();
        Sockets.send(socket, longs(-7, OTHER));

        Sockets.assertIsClosed(socket);
        assertOtherIsHeard();
    }

    @Test
    void a_server_that_claims_to_be_this_one() throws Exception {
        Socket socket = connect();
        Sockets.send(socket, ElectionServer.nameOf(SELF));

        Sockets.assertIsClosed(socket);
        assertOtherIsHeard();
    }

    @Test
    void a_handshake_that_never_ends() throws Exception {
        Socket silent = connect();
        Socket half = connect();
        Sockets.send(half, new byte[] {-1, -1, -1});

        Sockets.assertIsClosed(silent);
        Sockets.assertIsClosed(half);
        assertOtherIsHeard();
    }

    @Test
    void addresses_that_are_longer_than_any() throws Exception {
        Socket socket = connect();
        var out = new DataOutputStream(socket.getOutputStream());
        out.writeLong(InitialMessage.V1);
        out.writeLong(OTHER);
        out.writeInt(1 << 20);

        Sockets.assertIsClosed(socket);
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
        Sockets.send(socket, ElectionServer.nameOf(OTHER));
        new DataOutputStream(socket.getOutputStream()).writeInt(length);

        Sockets.assertIsClosed(socket);
        assertOtherIsHeard();
    }

    @Test
    void a_notification_too_short_to_be_one_is_passed_over() throws Exception {
        Socket socket = connect();
        Sockets.send(socket, ElectionServer.nameOf(OTHER));
        var out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(5);
        out.write(new byte[5]);
        out.write(frame());

        assertThat(OneLoop.next(server.heard)).isEqualTo(OTHER);
    }

    @Test
    void a_flood_of_notifications() throws Exception {
        Socket socket = connect();
        Sockets.send(socket, ElectionServer.nameOf(OTHER));
        byte[] frame = frame();
        var flood = ByteBuffer.allocate(frame.length * 20_000);
        while (flood.hasRemaining()) {
            flood.put(frame);
        }
        Sockets.send(socket, flood.array());

        Sockets.assertIsClosed(socket);
        server.heard.clear();
        assertOtherIsHeard();
    }

    @Test
    void a_flood_of_connections_keeps_nobody_out() throws Exception {
        Socket first = connect();
        for (int i = 0; i < 300; i++) {
            connect();
        }

        assertOtherIsHeard();
        Sockets.assertIsClosed(first);
    }

    @Test
    void a_flood_of_servers_that_nobody_knows() throws Exception {
        for (long sid = 1_000; sid < 1_300; sid++) {
            Sockets.send(connect(), ElectionServer.nameOf(sid));
        }

        assertOtherIsHeard();
    }

    /// Those who have gone make room.
    @Test
    void servers_that_nobody_knows_come_and_go_and_keep_no_other_one_out() throws Exception {
        for (long sid = 1_000; sid < 1_300; sid++) {
            try (Socket socket = connect()) {
                Sockets.send(socket, ElectionServer.nameOf(sid));
                assertThat(OneLoop.next(server.links)).isEqualTo(sid + " up");
            }
            assertThat(OneLoop.next(server.links)).isEqualTo(sid + " down");
            server.says(sid, OTHER);
            // It is not there either where it said that it was.
            assertThat(OneLoop.next(server.links)).isEqualTo(sid + " down");
        }

        assertThat(server.loop.ask(server.port::rememberedSids)).hasSizeLessThanOrEqualTo(100);
        assertOtherIsHeard();
    }

    /// There is no calling them back. Each is another one, and there is no end of them.
    @Test
    void what_an_observer_without_a_number_cannot_be_told_any_more_is_forgotten() throws Exception {
        for (int i = 1; i <= 20; i++) {
            try (Socket socket = connect()) {
                Sockets.send(socket, ElectionServer.nameOf(InitialMessage.NAMELESS_OBSERVER));
                assertThat(OneLoop.next(server.links)).isEqualTo(-i + " up");
            }
            assertThat(OneLoop.next(server.links)).isEqualTo(-i + " down");
            server.says(-i, OTHER);
        }

        assertThat(server.loop.ask(server.port::rememberedSids)).isEmpty();
    }

    private void assertOtherIsHeard() throws Exception {
        Socket good = connect();
        Sockets.send(good, ElectionServer.nameOf(OTHER));
        Sockets.send(good, frame());
        assertThat(OneLoop.next(server.heard)).isEqualTo(OTHER);
    }

    private Socket connect() throws IOException {
        return sockets.to(listensOn);
    }

    private static byte[] frame() {
        byte[] notification = ElectionServer.vote(OTHER).encode();
        return ByteBuffer.allocate(4 + notification.length)
                .putInt(notification.length)
                .put(notification)
                .array();
    }

    private static byte[] longs(long one, long other) {
        return ByteBuffer.allocate(16).putLong(one).putLong(other).array();
    }
}
