package io.witan.server.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelOption;
import io.witan.wire.election.InitialMessage;
import io.witan.wire.election.Notification;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/// Election links on real sockets (quorum, sections 2.2 to 2.4): who dials whom and where, what is
/// said first, which of two connections stays, and what is sent again.
@Timeout(120)
class ElectionLinksIT {

    private final Sockets sockets = new Sockets();
    private ElectionServer server;

    @BeforeEach
    void begin() throws Exception {
        server = new ElectionServer(ElectionServer.settings(2));
    }

    @AfterEach
    void end() throws Exception {
        sockets.close();
        server.close();
    }

    private void serverIs(ElectionPortSettings settings) throws Exception {
        server.close();
        server = new ElectionServer(settings);
    }

    /// Another server, which this one knows to be listening there.
    private ServerSocket known(long sid) throws Exception {
        var other = sockets.listening();
        server.knows(sid, ElectionServer.at(other.getLocalPort()));
        return other;
    }

    // ---- who dials whom

    @Test
    void a_server_says_who_it_is_and_then_its_message() throws Exception {
        var other = sockets.listening();
        int port = server.listens();
        server.knows(1, ElectionServer.at(other.getLocalPort()));

        server.says(1, 9);

        var in = in(sockets.accepted(other));
        assertThat(name(in))
                .isEqualTo(
                        new InitialMessage(
                                InitialMessage.V1, 2, List.of(ElectionServer.HOST + ":" + port)));
        assertThat(vote(in)).isEqualTo(9);
        assertThat(OneLoop.next(server.links)).isEqualTo("1 up");
    }

    /// So the server with the larger id learns that it is wanted, and dials.
    @Test
    void whoever_dials_a_larger_id_says_only_who_it_is() throws Exception {
        var other = known(3);
        int port = server.listens();

        server.says(3, 9);

        Socket dialled = sockets.accepted(other);
        assertThat(name(in(dialled)).sid()).isEqualTo(2);
        assertThat(dialled.getInputStream().read()).isEqualTo(-1);
        Socket back = sockets.to(port);
        Sockets.send(back, ElectionServer.nameOf(3));
        assertThat(vote(in(back))).isEqualTo(9);
    }

    @Test
    void a_smaller_id_that_dials_is_dialled_back() throws Exception {
        var other = known(1);
        Socket dialled = sockets.to(server.listens());

        Sockets.send(dialled, ElectionServer.nameOf(1));

        Sockets.assertIsClosed(dialled);
        assertThat(name(in(sockets.accepted(other))).sid()).isEqualTo(2);
    }

    /// The others have been told of it, and this server has not yet.
    @Test
    void a_server_in_no_configuration_is_dialled_back_where_it_says_that_it_is() throws Exception {
        var other = sockets.listening();
        Socket dialled = sockets.to(server.listens());

        Sockets.send(
                dialled,
                ElectionServer.nameOf(1, "0.0.0.0:1", "127.0.0.1:" + other.getLocalPort()));

        assertThat(name(in(sockets.accepted(other))).sid()).isEqualTo(2);
    }

    /// Anybody can claim anything.
    @Test
    void a_member_is_dialled_back_where_the_configuration_says_that_it_is() throws Exception {
        var member = sockets.listening();
        var impostor = sockets.listening();
        server.knows(1, ElectionServer.at(member.getLocalPort()));
        Socket dialled = sockets.to(server.listens());

        Sockets.send(dialled, ElectionServer.nameOf(1, "127.0.0.1:" + impostor.getLocalPort()));

        assertThat(name(in(sockets.accepted(member))).sid()).isEqualTo(2);
    }

    @Test
    void observers_that_tell_no_number_keep_their_links_beside_each_other() throws Exception {
        int port = server.listens();
        var one = sockets.to(port);
        Sockets.send(one, ElectionServer.nameOf(InitialMessage.NAMELESS_OBSERVER));
        assertThat(OneLoop.next(server.links)).isEqualTo("-1 up");
        var other = sockets.to(port);
        Sockets.send(other, ElectionServer.nameOf(InitialMessage.NAMELESS_OBSERVER));
        assertThat(OneLoop.next(server.links)).isEqualTo("-2 up");

        server.says(-1, 8);
        server.says(-2, 9);

        assertThat(vote(in(one))).isEqualTo(8);
        assertThat(vote(in(other))).isEqualTo(9);
    }

    @Test
    void two_servers_that_dial_each_other_at_once_end_with_one_link() throws Exception {
        try (var larger = new ElectionServer(ElectionServer.settings(3))) {
            server.knows(3, ElectionServer.at(larger.listens()));
            larger.knows(2, ElectionServer.at(server.listens()));
            server.says(3, 8);
            larger.says(2, 9);

            assertThat(OneLoop.next(server.heard)).isEqualTo(9);
            assertThat(OneLoop.next(larger.heard)).isEqualTo(8);
            for (int round = 0; round < 100; round++) {
                // Whatever has happened to links on the way: the last word gets through.
                server.says(3, 100 + round);
                larger.says(2, 100 + round);
                awaitHeard(server, 100 + round);
                awaitHeard(larger, 100 + round);
            }
            assertThat(server.loop.ask(() -> server.port.links().size())).isEqualTo(1);
            assertThat(larger.loop.ask(() -> larger.port.links().size())).isEqualTo(1);
        }
    }

    // ---- several addresses

    @Test
    void of_several_addresses_the_one_that_answers_is_taken() throws Exception {
        var other = sockets.listening();
        server.knows(
                1,
                ElectionServer.at(sockets.deadPort()),
                ElectionServer.at(other.getLocalPort()),
                ElectionServer.at(sockets.deadPort()));

        server.says(1, 9);

        assertThat(firstVote(sockets.accepted(other))).isEqualTo(9);
    }

    @Test
    void when_an_address_dies_the_next_message_goes_to_another() throws Exception {
        var first = sockets.listening();
        var second = sockets.listening();
        server.knows(1, ElectionServer.at(first.getLocalPort()));
        server.says(1, 8);
        Socket link = sockets.accepted(first);
        assertThat(OneLoop.next(server.links)).isEqualTo("1 up");
        server.knows(
                1,
                ElectionServer.at(first.getLocalPort()),
                ElectionServer.at(second.getLocalPort()));

        first.close();
        link.close();
        assertThat(OneLoop.next(server.links)).isEqualTo("1 down");
        server.says(1, 9);

        assertThat(firstVote(sockets.accepted(second))).isEqualTo(9);
    }

    /// Only the second version of the message can tell them.
    @Test
    void a_server_with_several_addresses_tells_them_all() throws Exception {
        var other = known(1);
        List<Integer> ports = List.of(Sockets.freePort(), Sockets.freePort());
        server.knows(2, ElectionServer.at(ports.getFirst()), ElectionServer.at(ports.getLast()));

        server.says(1, 9);

        InitialMessage name = name(in(sockets.accepted(other)));
        assertThat(name.protocolVersion()).isEqualTo(InitialMessage.V2);
        assertThat(name.addresses())
                .containsExactlyInAnyOrderElementsOf(
                        ports.stream().map(port -> ElectionServer.HOST + ":" + port).toList());
    }

    @Test
    void a_server_of_which_no_address_answers_is_dialled_again_with_the_next_message()
            throws Exception {
        server.knows(1, ElectionServer.at(sockets.deadPort()));
        server.says(1, 8);
        assertThat(OneLoop.next(server.links)).isEqualTo("1 down");
        var other = known(1);

        server.says(1, 9);

        assertThat(firstVote(sockets.accepted(other))).isEqualTo(9);
    }

    @Test
    void a_server_that_does_not_answer_in_time_is_given_up_and_dialled_again() throws Exception {
        serverIs(new ElectionPortSettings(2, false, 1_000, 60_000, 0, 1, false));
        server.knows(1, ElectionServer.at(sockets.swallowingPort()));
        server.says(1, 8);
        assertThat(OneLoop.next(server.links)).isEqualTo("1 down");
        var other = known(1);

        server.says(1, 9);

        assertThat(firstVote(sockets.accepted(other))).isEqualTo(9);
    }

    // ---- links that go, and come again

    @Test
    void the_last_message_is_sent_again_on_each_new_link() throws Exception {
        int port = server.listens();
        server.knows(3, ElectionServer.at(sockets.deadPort()));
        server.says(3, 7);
        server.says(3, 8);
        for (int time = 0; time < 3; time++) {
            Socket link = sockets.to(port);
            Sockets.send(link, ElectionServer.nameOf(3));
            assertThat(vote(in(link))).isEqualTo(8);
            link.close();
        }
    }

    @Test
    void a_new_link_takes_the_place_of_the_old_one() throws Exception {
        int port = server.listens();
        server.knows(3, ElectionServer.at(sockets.deadPort()));
        Socket old = sockets.to(port);
        Sockets.send(old, ElectionServer.nameOf(3));
        assertThat(OneLoop.next(server.links)).isEqualTo("3 up");

        Socket young = sockets.to(port);
        Sockets.send(young, ElectionServer.nameOf(3));

        Sockets.assertIsClosed(old);
        assertThat(OneLoop.next(server.links)).isEqualTo("3 up");
        server.says(3, 9);
        assertThat(vote(in(young))).isEqualTo(9);
        assertThat(server.links).isEmpty();
    }

    @Test
    void a_smaller_id_that_dials_again_has_lost_its_link() throws Exception {
        var other = sockets.listening();
        int port = server.listens();
        server.knows(1, ElectionServer.at(other.getLocalPort()));
        server.says(1, 9);
        Socket old = sockets.accepted(other);

        Sockets.send(sockets.to(port), ElectionServer.nameOf(1));

        Sockets.assertIsClosed(old);
        assertThat(firstVote(sockets.accepted(other))).isEqualTo(9);
    }

    /// It was removed, or is to join. Others could not dial it back elsewhere.
    @Test
    void a_server_in_no_configuration_says_where_it_listens() throws Exception {
        var other = known(3);
        int port = server.listens();
        server.forgets(2);
        server.run(server.port::restart);

        server.says(3, 9);

        assertThat(name(in(sockets.accepted(other))).addresses())
                .containsExactly(ElectionServer.HOST + ":" + port);
        Socket back = sockets.to(port);
        Sockets.send(back, ElectionServer.nameOf(3));
        assertThat(vote(in(back))).isEqualTo(9);
    }

    @Test
    void with_another_configuration_all_links_are_made_anew() throws Exception {
        var other = known(1);
        server.says(1, 8);
        Socket old = sockets.accepted(other);

        server.run(server.port::restart);

        Sockets.assertIsClosed(old);
        server.says(1, 9);
        assertThat(firstVote(sockets.accepted(other))).isEqualTo(9);
    }

    // ---- probes of the system

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void idle_links_are_probed_if_that_is_wanted(boolean keepAlive) throws Exception {
        serverIs(new ElectionPortSettings(2, false, 60_000, 60_000, 0, 1, keepAlive));
        known(1);
        server.knows(3, ElectionServer.at(sockets.deadPort()));
        server.says(1, 9);
        assertThat(OneLoop.next(server.links)).isEqualTo("1 up");
        Sockets.send(sockets.to(server.listens()), ElectionServer.nameOf(3));
        assertThat(OneLoop.next(server.links)).isEqualTo("3 up");

        assertThat(isProbed(1)).isEqualTo(keepAlive);
        assertThat(isProbed(3)).isEqualTo(keepAlive);
    }

    private boolean isProbed(long sid) throws Exception {
        return server.loop.ask(() ->
                Objects.requireNonNull(server.port.links().get(sid))
                        .option(ChannelOption.SO_KEEPALIVE));
    }

    // ---- what is on the wire

    private static void awaitHeard(ElectionServer server, long leader) throws Exception {
        long heard = OneLoop.next(server.heard);
        while (heard != leader) {
            heard = OneLoop.next(server.heard);
        }
    }

    /// On a link that the server has dialled: what it says after its name.
    private static long firstVote(Socket dialled) throws IOException {
        var in = in(dialled);
        name(in);
        return vote(in);
    }

    private static DataInputStream in(Socket socket) throws IOException {
        return new DataInputStream(socket.getInputStream());
    }

    private static InitialMessage name(DataInputStream in) throws IOException {
        byte[] head = in.readNBytes(20);
        byte[] addresses = in.readNBytes(ByteBuffer.wrap(head).getInt(16));
        byte[] whole =
                ByteBuffer.allocate(head.length + addresses.length)
                        .put(head)
                        .put(addresses)
                        .array();
        return InitialMessage.decode(whole, 0, whole.length);
    }

    private static long vote(DataInputStream in) throws IOException {
        byte[] notification = in.readNBytes(in.readInt());
        return Objects.requireNonNull(Notification.decode(notification, 0, notification.length))
                .leader();
    }
}
