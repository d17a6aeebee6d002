package io.witan.replica;

import static io.witan.replica.Requests.EPHEMERAL;
import static io.witan.replica.Requests.closeSession;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.delete;
import static io.witan.replica.Requests.digestAuth;
import static io.witan.replica.Requests.exists;
import static io.witan.replica.Requests.getChildren;
import static io.witan.replica.Requests.getData;
import static io.witan.replica.Requests.multi;
import static io.witan.replica.Requests.ping;
import static io.witan.replica.Requests.setData;
import static io.witan.replica.Requests.watching;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.ConnectResponse;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.SessionPassword;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/// Sections 2.3 to 2.8 and 10: how sessions begin, move and end.
class SessionsTest {

    private final TestServer server = new TestServer();

    private static ConnectRequest request(long sessionId, byte @Nullable [] password) {
        return new ConnectRequest(0, 0, 10_000, sessionId, password, false, true);
    }

    // ---- beginning

    @Test
    void a_new_session_is_a_transaction_and_answered_when_that_is_applied() {
        server.holds();
        TestClient client = server.accepts();

        client.introduces(request(0, new byte[16]));
        client.hearsNothing();

        server.commitsAll();
        ConnectResponse response = client.takesConnectResponse();
        assertThat(server.lastTxn().header())
                .isEqualTo(
                        new TxnHeader(
                                response.sessionId(), 0, 1, server.wall(), OpCode.CREATE_SESSION));
        assertThat(server.lastTxn().txn()).isEqualTo(new Txn.CreateSession(10_000));
        assertThat(response.timeOut()).isEqualTo(10_000);
        assertThat(response.passwd()).isEqualTo(SessionPassword.of(response.sessionId()));
        assertThat(response.readOnly()).isFalse();
        assertThat(response.protocolVersion()).isZero();
    }

    @Test
    void frames_behind_the_connect_request_are_served_once_there_is_a_session() {
        server.holds();
        TestClient client = server.accepts();
        client.introduces(request(0, null));
        client.sends(exists("/"));
        client.hearsNothing();

        server.commitsAll();

        client.takesConnectResponse();
        assertThat(client.takesAnswer().err()).isZero();
    }

    @Test
    void session_ids_differ_and_begin_with_the_servers_id() {
        long first = server.connects().sessionId();
        long second = server.connects().sessionId();

        assertThat(second).isEqualTo(first + 1);
        assertThat(first >>> 56).isEqualTo(1);
    }

    @Test
    void an_id_that_a_recovered_session_has_is_not_given_out_again() {
        TestClient before = server.connects();
        TestServer restarted = new TestServer(o -> o.tree = server.tree);

        assertThat(restarted.connects().sessionId()).isNotEqualTo(before.sessionId());
    }

    @ParameterizedTest
    @CsvSource({"-1,4000", "0,4000", "3999,4000", "4001,4001", "40000,40000", "40001,40000"})
    void the_timeout_is_kept_between_the_limits(int requested, int granted) {
        TestClient client = server.accepts();
        client.introduces(new ConnectRequest(0, 0, requested, 0, null, false, true));

        assertThat(client.takesConnectResponse().timeOut()).isEqualTo(granted);
        assertThat(server.lastTxn().txn()).isEqualTo(new Txn.CreateSession(granted));
    }

    @Test
    void a_client_without_the_readOnly_byte_gets_none() {
        TestClient old = server.accepts();
        old.introduces(new ConnectRequest(0, 0, 10_000, 0, new byte[16], false, false));
        TestClient present = server.accepts();
        present.introduces(request(0, new byte[16]));

        assertThat(((Frame.Connected) old.takes()).length()).isEqualTo(36);
        assertThat(((Frame.Connected) present.takes()).length()).isEqualTo(37);
    }

    @Test
    void a_client_without_the_readOnly_byte_is_refused_without_it_too() {
        TestClient old = server.accepts();
        old.introduces(new ConnectRequest(0, 0, 10_000, 77, new byte[16], false, false));

        assertThat(((Frame.Connected) old.takes()).length()).isEqualTo(36);
    }

    @Test
    void a_connect_request_that_cannot_be_decoded_closes_without_a_word() {
        TestClient client = server.accepts();
        client.delivers(new byte[20]);

        assertThat(client.isClosed()).isTrue();
        client.hearsNothing();
    }

    @Test
    void a_client_that_has_seen_more_than_this_server_is_closed_without_a_word() {
        TestClient ahead = server.accepts();
        ahead.introduces(
                new ConnectRequest(0, server.lastZxid() + 1, 10_000, 0, null, false, true));

        assertThat(ahead.isClosed()).isTrue();
        ahead.hearsNothing();

        TestClient level = server.accepts();
        level.introduces(new ConnectRequest(0, server.lastZxid(), 10_000, 0, null, false, true));
        assertThat(level.takesConnectResponse().sessionId()).isNotZero();
    }

    @Test
    void a_request_too_short_for_a_header_closes_without_a_word() {
        TestClient client = server.connects();
        client.delivers(new byte[7]);

        assertThat(client.isClosed()).isTrue();
        client.hearsNothing();
    }

    // ---- renewal

    @Test
    void a_session_is_renewed_on_another_connection_and_the_old_one_is_closed() {
        TestClient before = server.connects();

        TestClient after = server.renews(before);

        ConnectResponse response = after.takesConnectResponse();
        assertThat(response.sessionId()).isEqualTo(before.sessionId());
        assertThat(response.passwd()).isEqualTo(before.password());
        assertThat(before.isClosed()).isTrue();
        before.hearsNothing();
        assertThat(after.err(exists("/"))).isZero();
    }

    @Test
    void a_renewal_negotiates_anew_and_the_stored_timeout_stays() {
        TestClient before = server.connects(10_000);
        TestClient after = server.accepts();

        after.introduces(
                new ConnectRequest(
                        0, 0, 20_000, before.sessionId(), before.password(), false, true));

        assertThat(after.takesConnectResponse().timeOut()).isEqualTo(20_000);
        assertThat(server.tree.sessions().timeoutMillis(before.sessionId())).isEqualTo(10_000);
        server.passes(15_000);
        assertThat(after.isClosed()).isFalse();
    }

    @Test
    void watches_and_identities_do_not_move_with_the_session() {
        TestClient before = server.connects();
        before.asks(creation("/a"));
        before.asks(watching(getData("/a")));
        before.asks(digestAuth("u:p"));

        TestClient after = server.renews(before);
        after.takesConnectResponse();
        after.asks(setData("/a", "x"));

        after.hearsNothing();
        assertThat(after.connection.ids).hasSize(1);
        assertThat(server.replica.watches().watchCount()).isZero();
    }

    private static void isRefused(TestClient client) {
        ConnectResponse response = client.takesConnectResponse();
        assertThat(response.timeOut()).isZero();
        assertThat(response.sessionId()).isZero();
        assertThat(response.passwd()).isEqualTo(new byte[16]);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void an_unknown_session_is_refused() {
        TestClient client = server.accepts();
        client.introduces(request(0x1234, SessionPassword.of(0x1234)));

        isRefused(client);
    }

    @Test
    void a_wrong_password_is_refused_and_does_no_harm_to_the_session() {
        TestClient owner = server.connects();

        for (byte[] password :
                new byte[][] {new byte[16], new byte[0], new byte[15], owner.password().clone()}) {
            if (password.length == 16) {
                password[3] ^= 1;
            }
            TestClient stranger = server.accepts();
            stranger.introduces(request(owner.sessionId(), password));
            isRefused(stranger);
        }
        TestClient stranger = server.accepts();
        stranger.introduces(request(owner.sessionId(), null));
        isRefused(stranger);

        assertThat(owner.isClosed()).isFalse();
        assertThat(owner.err(exists("/"))).isZero();
    }

    @Test
    void a_session_that_has_ended_is_refused() {
        TestClient before = server.connects();
        before.asks(closeSession());

        TestClient after = server.renews(before);

        isRefused(after);
    }

    @Test
    void a_session_that_is_closing_is_refused() {
        TestClient before = server.connects();
        server.holds();
        before.sends(closeSession());

        TestClient after = server.renews(before);

        isRefused(after);
    }

    @Test
    void a_session_whose_connection_was_lost_can_be_renewed_until_it_expires() {
        TestClient before = server.connects(4_000);
        before.vanishes();
        server.passes(3_000);

        TestClient after = server.renews(before);
        assertThat(after.takesConnectResponse().sessionId()).isEqualTo(before.sessionId());

        after.vanishes();
        server.passes(13_000);
        isRefused(server.renews(before));
    }

    @Test
    void sessions_outlive_a_restart_with_their_stored_timeout() {
        TestClient before = server.connects(10_000);
        TestServer restarted = new TestServer(o -> o.tree = server.tree);

        restarted.passes(9_000);
        TestClient after = restarted.renews(before);
        assertThat(after.takesConnectResponse().sessionId()).isEqualTo(before.sessionId());

        TestServer again = new TestServer(o -> o.tree = server.tree);
        again.passes(12_100);
        assertThat(again.tree.sessions().count()).isZero();
    }

    // ---- expiry

    /// Client-and-disk, section 10.1: ((now + timeout) / T + 1) * T.
    @ParameterizedTest
    @CsvSource({"1000000,5000", "1000001,5000", "1001999,4000", "1000000,4000", "1000999,4001"})
    void a_session_expires_at_the_end_of_its_bucket(long start, int timeout) {
        TestServer at = new TestServer(o -> o.startMillis = start);
        TestClient client = at.connects(timeout);
        long end = ((start + timeout) / TestServer.TICK + 1) * TestServer.TICK;

        at.passes(end - 1 - start);
        assertThat(client.isClosed()).isFalse();
        at.passes(1);
        assertThat(client.isClosed()).isTrue();
        client.hearsNothing();
    }

    @Test
    void expiry_closes_the_session_by_a_transaction_of_the_server() {
        TestClient client = server.connects(4_000);
        client.asks(creation("/e1", EPHEMERAL));
        client.asks(creation("/e2", EPHEMERAL));
        TestClient watcher = server.connects(40_000);
        watcher.asks(watching(getData("/e1")));
        watcher.asks(watching(getChildren("/")));

        server.passes(8_000);

        assertThat(server.lastTxn().header().type()).isEqualTo(OpCode.CLOSE_SESSION);
        assertThat(server.lastTxn().header().clientId()).isEqualTo(client.sessionId());
        assertThat(server.lastTxn().header().cxid()).isZero();
        assertThat(pathsOf(server.lastTxn().txn())).containsExactlyInAnyOrder("/e1", "/e2");
        assertThat(server.lastDigest()).isEqualTo(server.tree.digest());
        assertThat(server.znode("/e1")).isNull();
        assertThat(watcher.takesAllTexts()).containsExactly("deleted /e1", "children /");
        assertThat(server.tree.sessions().contains(client.sessionId())).isFalse();
        assertThat(server.replica.sessions().find(client.sessionId())).isNull();
    }

    private static List<String> pathsOf(Txn txn) {
        List<byte[]> paths = ((Txn.CloseSession) txn).paths();
        return paths == null ? List.of() : paths.stream().map(Frame::text).toList();
    }

    @Test
    void every_request_and_every_ping_keeps_a_session_alive() {
        TestClient client = server.connects(4_000);
        for (int i = 0; i < 10; i++) {
            server.passes(3_900);
            client.asks(exists("/"));
            server.passes(3_900);
            client.sends(-2, ping());
            assertThat(client.takesAnswer().err()).isZero();
        }
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void authentication_does_not_keep_a_session_alive() {
        TestClient client = server.connects(4_000);
        for (int i = 0; i < 5; i++) {
            server.passes(2_000);
            client.sends(digestAuth("u:p"));
        }
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void sessions_do_not_age_while_the_server_stands_still() {
        TestClient client = server.connects(4_000);

        server.jumps(3_600_000);

        assertThat(client.isClosed()).isFalse();
        assertThat(client.err(exists("/"))).isZero();
    }

    @Test
    void ephemerals_of_pending_creates_end_with_the_session() {
        TestClient client = server.connects(4_000);
        client.asks(creation("/old", EPHEMERAL));
        client.asks(creation("/deleted", EPHEMERAL));
        client.asks(creation("/again", EPHEMERAL));
        server.holds();
        client.sends(creation("/new", EPHEMERAL));
        client.sends(creation("/passing", EPHEMERAL));
        client.sends(delete("/passing"));
        client.sends(delete("/deleted"));
        client.sends(multi(delete("/again"), creation("/again", EPHEMERAL)));
        client.vanishes();

        server.passes(8_000);

        assertThat(pathsOf(server.lastTxn().txn()))
                .containsExactlyInAnyOrder("/old", "/new", "/again");
        server.commitsAll();
        assertThat(server.tree.ephemeralCount()).isZero();
        assertThat(server.lastDigest()).isEqualTo(server.tree.digest());
    }

    @Test
    void an_ephemeral_that_another_session_took_over_stays() {
        TestClient first = server.connects(4_000);
        TestClient second = server.connects(40_000);
        first.asks(creation("/leader", EPHEMERAL));
        server.holds();
        second.sends(multi(delete("/leader"), creation("/leader", EPHEMERAL)));

        server.passes(8_000);
        server.commitsAll();

        assertThat(first.isClosed()).isTrue();
        assertThat(server.existing("/leader").storedOwner()).isEqualTo(second.sessionId());
        assertThat(server.lastDigest()).isEqualTo(server.tree.digest());
    }

    @Test
    void requests_after_the_expiry_was_decided_are_dropped() {
        TestClient client = server.connects(4_000);
        server.holds();
        server.passes(8_000);
        int logged = server.log.size();

        client.sends(creation("/a"));
        client.sends(exists("/"));
        client.hearsNothing();
        server.commitsAll();

        assertThat(server.log).hasSize(logged);
        assertThat(client.isClosed()).isTrue();
        client.hearsNothing();
    }

    // ---- the end

    @Test
    void closeSession_is_answered_and_then_the_connection_is_closed() {
        TestClient client = server.connects();
        client.asks(creation("/e", EPHEMERAL));

        Frame.Answer answer = client.asks(closeSession());

        assertThat(answer.err()).isZero();
        assertThat(answer.raw()).hasSize(16);
        assertThat(answer.zxid()).isEqualTo(server.lastZxid());
        assertThat(client.isClosed()).isTrue();
        assertThat(server.znode("/e")).isNull();
        assertThat(server.lastTxn().header().cxid()).isEqualTo(answer.xid());
    }

    @Test
    void ephemerals_of_a_session_are_gone_when_its_end_is_answered_and_parents_have_a_new_pzxid() {
        TestClient client = server.connects();
        client.asks(creation("/p"));
        client.asks(creation("/p/e", EPHEMERAL));
        client.asks(closeSession());

        assertThat(server.existing("/p").childCount()).isZero();
        assertThat(server.existing("/p").storedCversion()).isEqualTo(1);
        assertThat(server.existing("/p").pzxid()).isEqualTo(server.lastZxid());
    }

    @Test
    void a_body_of_closeSession_is_ignored() {
        TestClient client = server.connects();
        client.sends(OpCode.CLOSE_SESSION, new byte[] {1, 2, 3});

        assertThat(client.takesAnswer().err()).isZero();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void without_closeSession_paths_the_transaction_has_no_list() {
        TestServer old = new TestServer(o -> o.closeSessionPaths = false);
        TestClient client = old.connects();
        client.asks(creation("/e", EPHEMERAL));
        client.asks(closeSession());

        assertThat(old.lastTxn().txn()).isEqualTo(new Txn.CloseSession(null));
        assertThat(old.znode("/e")).isNull();
        assertThat(old.lastDigest()).isEqualTo(old.tree.digest());
    }

    @Test
    void a_session_with_very_many_ephemerals_ends_in_a_record_that_can_be_read_again() {
        TestClient client = server.connects();
        String name = "/" + "x".repeat(1_000);
        for (int i = 0; i < 1_500; i++) {
            client.asks(creation(name + i, EPHEMERAL));
        }
        client.asks(closeSession());

        assertThat(pathsOf(server.lastTxn().txn())).hasSizeBetween(900, 1_000);
        assertThat(server.tree.ephemeralCount()).isZero();
        assertThat(server.tree.znodeCount()).isEqualTo(4);
        assertThat(server.lastDigest()).isEqualTo(server.tree.digest());
    }

    @Test
    void ZK_2101_the_end_of_a_session_is_no_longer_than_other_servers_can_read() {
        TestServer narrow = new TestServer(o -> o.closeSessionBytesMax = 1_000);
        TestClient client = narrow.connects();
        String name = "/" + "x".repeat(100);
        for (int i = 10; i < 40; i++) {
            client.asks(creation(name + i, EPHEMERAL));
        }
        client.asks(closeSession());

        assertThat(pathsOf(narrow.lastTxn().txn())).hasSizeBetween(5, 10);
        assertThat(narrow.tree.ephemeralCount()).isZero();
        assertThat(narrow.lastDigest()).isEqualTo(narrow.tree.digest());
    }

    @Test
    void a_session_can_be_renewed_while_it_is_still_being_made() {
        server.holds();
        TestClient first = server.accepts();
        first.introduces(request(0, null));
        long id = server.lastTxn().header().clientId();

        TestClient second = server.accepts();
        second.introduces(request(id, SessionPassword.of(id)));
        second.hearsNothing();
        server.commitsAll();

        assertThat(first.isClosed()).isTrue();
        first.hearsNothing();
        assertThat(second.takesConnectResponse().sessionId()).isEqualTo(id);
        assertThat(second.err(exists("/"))).isZero();
    }

    @Test
    void a_client_that_goes_while_its_session_is_made_leaves_a_session_that_expires() {
        server.holds();
        TestClient client = server.accepts();
        client.introduces(request(0, null));
        client.vanishes();
        server.releases();
        assertThat(server.tree.sessions().count()).isEqualTo(1);

        server.passes(20_000);

        assertThat(server.tree.sessions().count()).isZero();
    }

    @Test
    void one_clients_broken_frame_is_nothing_to_another() {
        TestClient broken = server.connects();
        TestClient other = server.connects();
        broken.delivers(new byte[3]);

        assertThat(other.err(exists("/missing"))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(server.replica.connectionCount()).isEqualTo(1);
    }
}
