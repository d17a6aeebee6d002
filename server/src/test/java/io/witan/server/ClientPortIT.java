package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.storage.testing.FakeDisk;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;

/// What a client may cost: bad frames, too many connections, requests without end, replies that
/// nobody reads (client-and-disk, section 2.13; design, failure policy).
class ClientPortIT {

    private static final int FRAME_BYTES_MAX = 1048575;

    @TempDir private Path scratch;

    private RunningServer started(String... settings) throws IOException {
        return new RunningServer(new FakeDisk(), scratch, settings);
    }

    @Test
    void frames_may_come_byte_by_byte_and_many_at_once() throws Exception {
        try (var server = started();
                var client = server.connectWithSession()) {
            byte[] ping = {0, 0, 0, 8, -1, -1, -1, -2, 0, 0, 0, 11};
            for (byte b : ping) {
                client.sendRaw(b);
            }
            assertThat(client.receive().xid()).isEqualTo(-2);

            for (int i = 1; i <= 5000; i++) {
                client.sendLater(i, OpCode.EXISTS, WireClient.pathAndWatch("/", false));
            }
            client.flush();
            for (int i = 1; i <= 5000; i++) {
                assertThat(client.receive().xid()).isEqualTo(i);
            }
        }
    }

    @Test
    void a_frame_of_impossible_length_costs_only_its_own_connection() throws Exception {
        try (var server = started();
                var other = server.connectWithSession()) {
            for (int length : new int[] {-1, Integer.MIN_VALUE, FRAME_BYTES_MAX + 1}) {
                try (var client = server.connectWithSession()) {
                    client.sendRaw(
                            (byte) (length >>> 24),
                            (byte) (length >>> 16),
                            (byte) (length >>> 8),
                            (byte) length);
                    assertThat(client.receiveToTheEnd()).isEmpty();
                }
            }
            assertThat(other.ping().err()).isEqualTo(ErrorCode.OK);
        }
    }

    @Test
    void the_largest_frame_is_taken() throws Exception {
        try (var server = started();
                var client = server.connectWithSession()) {
            // Header 8, path 4 + 2, data 4 + n, version 4.
            assertThat(client.create(1, "/a", new byte[0]).err()).isEqualTo(ErrorCode.OK);
            byte[] data = new byte[FRAME_BYTES_MAX - 22];
            var reply = client.call(2, OpCode.SET_DATA, WireClient.setDataBody("/a", data));
            assertThat(reply.err()).isEqualTo(ErrorCode.OK);
        }
    }

    @Test
    void one_address_has_so_many_connections_and_no_more() throws Exception {
        try (var server = started("maxClientCnxns=2");
                var first = server.connectWithSession();
                var second = server.connectWithSession()) {
            try (var third = server.connect()) {
                third.awaitClose();
            }
            assertThat(first.ping().err()).isEqualTo(ErrorCode.OK);

            second.call(1, OpCode.CLOSE_SESSION, body -> {});
            second.awaitClose();
            try (var fourth = server.connectWithSession()) {
                assertThat(fourth.ping().err()).isEqualTo(ErrorCode.OK);
            }
        }
    }

    @Test
    void the_place_of_a_connection_is_free_as_soon_as_it_is_closed() throws Exception {
        try (var server = started("maxClientCnxns=1")) {
            for (int turn = 0; turn < 1000; turn++) {
                try (var client = server.connectWithSession()) {
                    if (turn % 2 == 0) {
                        client.call(1, OpCode.CLOSE_SESSION, body -> {});
                        client.awaitClose();
                    }
                }
            }
        }
    }

    @Test
    void all_addresses_together_have_so_many_connections_and_no_more() throws Exception {
        try (var server = started("maxClientCnxns=0", "maxCnxns=1");
                var first = server.connectWithSession()) {
            try (var second = server.connect()) {
                second.awaitClose();
            }
            assertThat(first.ping().err()).isEqualTo(ErrorCode.OK);
        }
    }

    @Test
    void a_connection_that_asks_for_no_session_is_closed() throws Exception {
        try (var server = started("nio.sessionlessCnxnTimeout=1000");
                var silent = server.connect();
                var served = server.connectWithSession()) {
            silent.awaitClose();
            assertThat(served.ping().err()).isEqualTo(ErrorCode.OK);
        }
    }

    @Test
    void connect_requests_beyond_the_throttle_are_closed_without_a_word() throws Exception {
        try (var server =
                        started(
                                "connection_throttle_tokens=1",
                                "connection_throttle_fill_time=1000000");
                var first = server.connectWithSession();
                var second = server.connect()) {
            second.sendFrame(new byte[45]);
            assertThat(second.receiveToTheEnd()).isEmpty();
            assertThat(first.ping().err()).isEqualTo(ErrorCode.OK);
        }
    }

    @Test
    void writes_beyond_the_outstanding_limit_wait_and_are_answered_in_order() throws Exception {
        try (var server = started("globalOutstandingLimit=10");
                var client = server.connectWithSession()) {
            client.create(1, "/a", new byte[0]);
            for (int i = 2; i <= 3000; i++) {
                client.sendLater(i, OpCode.SET_DATA, WireClient.setDataBody("/a", new byte[10]));
            }
            client.flush();
            for (int i = 2; i <= 3000; i++) {
                var reply = client.receive();
                assertThat(reply.xid()).isEqualTo(i);
                assertThat(reply.err()).isEqualTo(ErrorCode.OK);
            }
        }
    }

    @Test
    void a_client_that_asks_faster_than_it_reads_is_not_read_from_and_loses_nothing()
            throws Exception {
        int requests = 300;
        byte[] data = new byte[500_000];
        try (var server = started();
                var client = server.connectWithSession();
                var other = server.connectWithSession()) {
            client.create(1, "/big", data);
            client.send(2, OpCode.SET_DATA, WireClient.setDataBody("/big", data));
            for (int i = 3; i < 3 + requests; i++) {
                client.sendLater(i, OpCode.GET_DATA, WireClient.pathAndWatch("/big", false));
            }
            client.flush();

            assertThat(other.ping().err()).isEqualTo(ErrorCode.OK);
            for (int i = 2; i < 3 + requests; i++) {
                assertThat(client.receive().xid()).isEqualTo(i);
            }
        }
    }

    @Test
    void a_client_that_does_not_read_its_events_is_disconnected_at_the_limit() throws Exception {
        String path = "/" + "p".repeat(20_000);
        try (var server = started("witan.unsentReplyBytesMax=1048576");
                var writer = server.connectWithSession();
                var deaf = new WireClient(server.server().address().getPort(), 4096)) {
            deaf.openSession(600_000);
            writer.create(1, path, new byte[0]);
            deaf.call(1, OpCode.ADD_WATCH, body -> body.writeString(path).writeInt(0));

            // More than the kernel's buffers and the limit together.
            for (int i = 2; i < 1500; i++) {
                var reply =
                        writer.call(i, OpCode.SET_DATA, WireClient.setDataBody(path, new byte[1]));
                assertThat(reply.err()).isEqualTo(ErrorCode.OK);
            }

            deaf.awaitClose();
            assertThat(writer.ping().err()).isEqualTo(ErrorCode.OK);
        }
    }

    @Test
    void a_four_letter_word_may_come_in_pieces() throws Exception {
        try (var server = started("4lw.commands.whitelist=ruok");
                var client = server.connect()) {
            client.sendRaw((byte) 'r', (byte) 'u');
            client.sendRaw((byte) 'o');
            client.sendRaw((byte) 'k');
            assertThat(new String(client.receiveToTheEnd(), StandardCharsets.US_ASCII))
                    .isEqualTo("imok");
        }
    }

    @Test
    void clients_that_do_not_read_have_a_limit_together() throws Exception {
        // Each of them stays below its own limit.
        long each = 3L << 20;
        int clients = (int) (Runtime.getRuntime().maxMemory() / 4 / each) + 30;
        var deaf = new ArrayList<WireClient>();
        try (var server = started("maxClientCnxns=0", "4lw.commands.whitelist=srvr");
                var writer = server.connectWithSession()) {
            writer.create(1, "/big", new byte[1_000_000]);
            for (int i = 0; i < clients; i++) {
                var client = new WireClient(server.server().address().getPort(), 4096);
                deaf.add(client);
                client.openSession(600_000);
                for (int k = 1; k <= 30; k++) {
                    client.sendLater(k, OpCode.GET_DATA, WireClient.pathAndWatch("/big", false));
                }
                flushUnlessClosed(client);
            }

            for (int i = 0; i < 20_000 && connections(server) > clients; i++) {
                assertThat(writer.ping().err()).isEqualTo(ErrorCode.OK);
            }

            assertThat(connections(server)).isLessThanOrEqualTo(clients);
            assertThat(server.server().failure()).isNotDone();
        } finally {
            for (WireClient client : deaf) {
                client.close();
            }
        }
    }

    private static void flushUnlessClosed(WireClient client) throws IOException {
        try {
            client.flush();
        } catch (java.net.SocketException closed) {
            // It is among those that had to go.
        }
    }

    /// Open connections by `srvr`, its own not counted.
    private static int connections(RunningServer server) throws IOException {
        try (var client = server.connect()) {
            client.sendRaw((byte) 's', (byte) 'r', (byte) 'v', (byte) 'r');
            String answer = new String(client.receiveToTheEnd(), StandardCharsets.US_ASCII);
            int start = answer.indexOf("Connections: ") + "Connections: ".length();
            return Integer.parseInt(answer.substring(start, answer.indexOf('\n', start))) - 1;
        }
    }
}
