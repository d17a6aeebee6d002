package io.witan.server.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;

/// A leader's quorum port on a real socket: whatever somebody sends costs his own connection at
/// most. After each, a learner gets through as before.
@Timeout(120)
class QuorumPortIT {

    private final Sockets sockets = new Sockets();
    private QuorumServer server;
    private int listensOn;

    @BeforeEach
    void listens() throws Exception {
        server = new QuorumServer(false);
        listensOn = server.listens();
    }

    @AfterEach
    void end() throws Exception {
        sockets.close();
        server.close();
    }

    @Test
    void data_that_is_longer_than_any() throws Exception {
        Socket socket = connect();
        var out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(PacketType.FOLLOWERINFO);
        out.writeLong(0);
        out.writeInt(QuorumServer.FIELD_BYTES_MAX + 1);

        Sockets.assertIsClosed(socket);
        assertThat(OneLoop.next(server.lost)).contains("undecodable");
        assertLearnerIsHeard();
    }

    @Test
    void data_of_less_than_nothing() throws Exception {
        Socket socket = connect();
        var out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(PacketType.FOLLOWERINFO);
        out.writeLong(0);
        out.writeInt(-2);

        Sockets.assertIsClosed(socket);
        assertLearnerIsHeard();
    }

    @Test
    void half_a_packet() throws Exception {
        Socket socket = connect();
        socket.getOutputStream().write(new byte[] {0, 0, 0});
        socket.close();

        assertThat(OneLoop.next(server.lost)).isNotBlank();
        assertLearnerIsHeard();
    }

    @Test
    void a_flood_of_connections_keeps_no_learner_out() throws Exception {
        Socket first = connect();
        for (int i = 0; i < 300; i++) {
            connect();
        }

        assertLearnerIsHeard();
        Sockets.assertIsClosed(first);
        assertThat(server.loop.ask(server.port::linkCount)).isLessThan(200);
    }

    @Test
    void learners_that_have_spoken_are_not_closed_for_those_who_have_not() throws Exception {
        Socket learner = assertLearnerIsHeard();
        for (int i = 0; i < 300; i++) {
            connect();
        }
        send(learner, 7);

        assertThat(OneLoop.next(server.received).zxid()).isEqualTo(7);
    }

    @Test
    void a_server_that_does_not_lead_has_no_port() throws Exception {
        server.run(server.port::refuseLearners);

        // The system gives the port up a moment later; who gets in until then is sent away.
        boolean refused = false;
        while (!refused) {
            try {
                Sockets.assertIsClosed(connect());
            } catch (ConnectException noPort) {
                refused = true;
            }
        }
    }

    private Socket assertLearnerIsHeard() throws Exception {
        Socket learner = connect();
        send(learner, 5);
        assertThat(OneLoop.next(server.received).zxid()).isEqualTo(5);
        return learner;
    }

    private static void send(Socket socket, long zxid) throws IOException {
        var out = new JuteWriter();
        new QuorumPacket(
                        PacketType.FOLLOWERINFO,
                        zxid,
                        new LearnerInfo(2, LearnerInfo.PROTOCOL_VERSION, 0).encode())
                .write(out);
        socket.getOutputStream().write(out.bytes(), 0, out.length());
    }

    private Socket connect() throws IOException {
        return sockets.to(listensOn);
    }
}
