package io.witan.server.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.Address;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.List;

/// Where a server listens for elections (quorum, section 2.1), and what it does while it cannot.
@Timeout(120)
class ListeningIT {

    /// For documentation; no machine has it.
    private static final String NOT_HERE = "192.0.2.1";

    private final Sockets sockets = new Sockets();
    private ElectionServer server;

    @BeforeEach
    void begin() throws Exception {
        server = new ElectionServer(ElectionServer.settings(1));
    }

    @AfterEach
    void end() throws Exception {
        sockets.close();
        server.close();
    }

    private void serverIs(boolean listensOnAll, int bindAttempts) throws Exception {
        server.close();
        server =
                new ElectionServer(
                        new ElectionPortSettings(
                                1, listensOnAll, 60_000, 60_000, bindAttempts, 1, false));
    }

    @Test
    void a_port_that_is_taken_is_tried_again_until_it_is_free() throws Exception {
        serverIs(false, 0);
        try (var taker = sockets.listening()) {
            server.knows(1, ElectionServer.at(taker.getLocalPort()));
            server.run(server.port::listen);
            for (int turn = 0; turn < 100; turn++) {
                assertThat(server.loop.ask(() -> server.port.listening().size())).isZero();
            }
        }

        assertIsHeard(server.listeningOn(1).getFirst());
    }

    @Test
    void a_port_that_stays_taken_ends_the_server_after_so_many_attempts() throws Exception {
        serverIs(false, 3);
        int taken = sockets.listening().getLocalPort();
        server.knows(1, ElectionServer.at(taken));

        server.run(server.port::listen);

        assertThat(OneLoop.next(server.loop.failures))
                .isInstanceOf(BindException.class)
                .hasMessageContainingAll(
                        "Cannot listen for elections on " + ElectionServer.HOST + ":" + taken,
                        "Another process may have the port",
                        "quorumListenOnAllIPs");
    }

    @Test
    void a_name_that_nobody_knows_ends_the_server_after_so_many_attempts() throws Exception {
        serverIs(false, 2);
        server.knows(1, new Address("no such name", 0, 1));

        server.run(server.port::listen);

        assertThat(OneLoop.next(server.loop.failures))
                .hasMessageContaining("no such name:1: the name is not known");
    }

    @Test
    void an_address_of_another_machine_cannot_be_listened_on() throws Exception {
        serverIs(false, 1);
        server.knows(1, new Address(NOT_HERE, 0, Sockets.freePort()));

        server.run(server.port::listen);

        assertThat(OneLoop.next(server.loop.failures)).hasMessageContaining(NOT_HERE);
    }

    /// So behind a translation of addresses.
    @Test
    void on_all_addresses_it_does_not_matter_whose_the_configured_one_is() throws Exception {
        serverIs(true, 1);
        server.knows(1, new Address(NOT_HERE, 0, Sockets.freePort()));

        assertIsHeard(server.listens());
    }

    @Test
    void a_server_listens_on_each_of_its_addresses() throws Exception {
        server.knows(
                1, ElectionServer.at(Sockets.freePort()), ElectionServer.at(Sockets.freePort()));

        List<Integer> ports = server.listens(2);

        assertThat(ports.getFirst()).isNotEqualTo(ports.getLast());
        for (int port : ports) {
            assertIsHeard(port);
        }
    }

    /// Otherwise the second of two addresses with the same port would find it taken, by the first.
    @Test
    void on_all_addresses_a_port_is_listened_on_once() throws Exception {
        serverIs(true, 1);
        int port = Sockets.freePort();
        server.knows(1, ElectionServer.at(port), new Address(NOT_HERE, 0, port));

        assertThat(server.listens()).isEqualTo(port);
        assertIsHeard(port);
    }

    @Test
    void a_server_whose_address_changes_moves() throws Exception {
        int before = server.listens();
        int after = Sockets.freePort();
        server.knows(1, ElectionServer.at(after));

        server.run(server.port::restart);

        assertThat(server.listeningOn(1)).containsExactly(after);
        assertIsHeard(after);
        assertIsNobodys(before);
    }

    @Test
    void a_server_whose_address_stays_goes_on_listening() throws Exception {
        int port = server.listens();
        Socket waiting = sockets.to(port);

        server.run(server.port::restart);

        assertThat(server.listeningOn(1)).containsExactly(port);
        assertIsHeard(port);
        assertThat(waiting.isClosed()).isFalse();
    }

    private void assertIsHeard(int port) throws Exception {
        server.knows(2, ElectionServer.at(1));
        Socket socket = sockets.to(port);
        Sockets.send(socket, ElectionServer.nameOf(2));
        assertThat(OneLoop.next(server.links)).isEqualTo("2 up");
        socket.close();
        assertThat(OneLoop.next(server.links)).isEqualTo("2 down");
    }

    /// The system gives a port up a moment later.
    private void assertIsNobodys(int port) throws IOException {
        boolean refused = false;
        while (!refused) {
            try {
                sockets.to(port).close();
            } catch (ConnectException nobody) {
                refused = true;
            }
        }
    }
}
