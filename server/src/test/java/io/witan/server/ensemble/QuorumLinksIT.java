package io.witan.server.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.Address;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.QuorumPacketParser;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.Socket;

/// Where a leader listens for learners, and where a learner finds its leader (quorum, section 4.1).
@Timeout(120)
class QuorumLinksIT {

    private static final long LEADER = 3;

    private final Sockets sockets = new Sockets();
    private QuorumServer server;

    @BeforeEach
    void begin() throws Exception {
        server = new QuorumServer(false);
    }

    @AfterEach
    void end() throws Exception {
        sockets.close();
        server.close();
    }

    @Test
    void of_several_addresses_of_a_leader_the_one_that_answers_is_taken() throws Exception {
        var leader = sockets.listening();
        server.knows(
                LEADER,
                QuorumServer.at(sockets.deadPort()),
                QuorumServer.at(leader.getLocalPort()),
                QuorumServer.at(sockets.deadPort()));

        server.run(() -> server.port.dialLeader(LEADER, 1));

        Socket accepted = sockets.accepted(leader);
        long link = OneLoop.next(server.dialled);
        server.run(() -> {
            server.loop.core.enter();
            server.port.send(link, new QuorumPacket(PacketType.PING, 7));
        });
        assertThat(packet(accepted).zxid()).isEqualTo(7);
    }

    @Test
    void when_no_address_of_a_leader_answers_all_reasons_are_told() throws Exception {
        int one = sockets.deadPort();
        int other = sockets.deadPort();
        server.knows(LEADER, QuorumServer.at(one), QuorumServer.at(other));

        server.run(() -> server.port.dialLeader(LEADER, 1));

        assertThat(OneLoop.next(server.lost)).contains(":" + one + ": ", ":" + other + ": ");
    }

    @Test
    void a_leader_that_is_in_no_configuration_has_no_address() throws Exception {
        server.run(() -> server.port.dialLeader(LEADER, 1));

        assertThat(OneLoop.next(server.lost)).isEqualTo("it has no address");
    }

    @Test
    void learners_find_a_leader_on_each_of_its_addresses() throws Exception {
        server.knows(
                QuorumServer.SELF,
                QuorumServer.at(Sockets.freePort()),
                QuorumServer.at(Sockets.freePort()));

        for (int port : server.listens(2)) {
            sockets.to(port);
            assertThat(OneLoop.next(server.connected)).isPositive();
        }
    }

    @Test
    void on_all_addresses_a_port_is_listened_on_once() throws Exception {
        server.close();
        server = new QuorumServer(true);
        int port = Sockets.freePort();
        server.knows(QuorumServer.SELF, QuorumServer.at(port), new Address("192.0.2.1", port, 0));

        assertThat(server.listens()).isEqualTo(port);
        sockets.to(port);
        assertThat(OneLoop.next(server.connected)).isPositive();
    }

    @Test
    void a_port_that_is_taken_is_tried_again_until_it_is_free() throws Exception {
        try (var taker = sockets.listening()) {
            server.knows(QuorumServer.SELF, QuorumServer.at(taker.getLocalPort()));
            server.run(server.port::acceptLearners);
            for (int turn = 0; turn < 100; turn++) {
                assertThat(server.loop.ask(() -> server.port.listening().size())).isZero();
            }
        }

        sockets.to(server.loop.portsOf(server.port::listening, 1).getFirst());
        assertThat(OneLoop.next(server.connected)).isPositive();
    }

    private static QuorumPacket packet(Socket socket) throws IOException {
        var parser = new QuorumPacketParser();
        QuorumPacket packet = null;
        while (packet == null) {
            parser.feed(socket.getInputStream().readNBytes(1), 0, 1);
            packet = parser.take();
        }
        return packet;
    }
}
