package io.witan.replica;

import static io.witan.replica.Requests.EPHEMERAL;
import static io.witan.replica.Requests.bytes;
import static io.witan.replica.Requests.check;
import static io.witan.replica.Requests.closeSession;
import static io.witan.replica.Requests.createContainer;
import static io.witan.replica.Requests.createTtl;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.delete;
import static io.witan.replica.Requests.exists;
import static io.witan.replica.Requests.getChildren;
import static io.witan.replica.Requests.multi;
import static io.witan.replica.Requests.ping;
import static io.witan.replica.Requests.reconfig;
import static io.witan.replica.Requests.setAcl;
import static io.witan.replica.Requests.setData;
import static io.witan.replica.Requests.sync;
import static io.witan.replica.Requests.watching;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.ConnectResponse;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Request;
import io.witan.wire.client.SessionPassword;
import io.witan.wire.data.Acl;
import io.witan.wire.txn.Txn;
import io.witan.zab.Effect;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Without a leader (client-and-disk, section 2.12; quorum, section 7).
class ReadOnlyServerTest {

    private static final long ZXID = (1L << 32) + 2;
    private static final long SESSION = 0x0200_0000_0000_0007L;

    private final TestMember server = new TestMember(o -> o.localSessions = true);

    @BeforeEach
    void has_lost_its_leader() {
        server.delivers(SESSION, 0, ZXID - 1, OpCode.CREATE_SESSION, new Txn.CreateSession(9_000));
        var node = new Txn.Create(bytes("/a"), bytes("data"), Acl.OPEN, false, 1);
        server.delivers(SESSION, 1, ZXID, OpCode.CREATE, node);
        server.does(new Effect.StartReadOnly());
    }

    @Test
    void a_client_that_can_live_with_it_gets_a_local_session() {
        TestClient client = server.introduces();

        ConnectResponse response = client.takesConnectResponse();
        assertThat(response.readOnly()).isTrue();
        assertThat(response.sessionId()).isNotZero();
        assertThat(server.agreement.forwarded).isEmpty();
    }

    @Test
    void another_is_closed_without_a_word() {
        TestClient client = server.accepts();
        client.introduces(new ConnectRequest(0, 0, 10_000, 0, new byte[16], false, true));

        client.hearsNothing();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void where_there_are_no_local_sessions_nobody_gets_one() {
        TestMember without = new TestMember();
        without.does(new Effect.StartReadOnly());

        TestClient client = without.introduces();

        client.hearsNothing();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void a_session_of_the_ensemble_is_closed_without_a_word() {
        TestClient client = server.renews(SESSION, SessionPassword.of(SESSION));

        client.hearsNothing();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void one_that_nobody_knows_is_refused() {
        long unknown = SESSION + 1;
        TestClient client = server.renews(unknown, SessionPassword.of(unknown));

        ConnectResponse response = client.takesConnectResponse();
        assertThat(response.sessionId()).isZero();
        assertThat(response.readOnly()).isTrue();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void a_client_that_has_seen_more_is_closed() {
        TestClient client = server.accepts();
        client.introduces(new ConnectRequest(0, ZXID + 1, 10_000, 0, new byte[16], true, true));

        client.hearsNothing();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void what_is_there_can_be_read() {
        TestClient client = connected();

        assertThat(client.asks(watching(exists("/a"))).zxid()).isEqualTo(ZXID);
        assertThat(client.asks(getChildren("/")).names()).contains("a");
        client.sends(ping());
        assertThat(client.takesAnswer().xid()).isEqualTo(-2);
    }

    @Test
    void nothing_can_be_changed_and_nothing_synchronised() {
        TestClient client = connected();

        assertRefused(client, creation("/b"));
        assertRefused(client, creation("/b", EPHEMERAL));
        assertRefused(client, createContainer("/b"));
        assertRefused(client, createTtl("/b", Requests.TTL, 5));
        assertRefused(client, delete("/a"));
        assertRefused(client, setData("/a", "x"));
        assertRefused(client, setAcl("/a", Acl.OPEN));
        assertRefused(client, multi(creation("/b")));
        assertRefused(client, check("/a", 0));
        assertRefused(client, sync("/a"));
        assertRefused(client, reconfig());
        assertRefused(client, new Request.Bare(OpCode.DELETE_CONTAINER));
        assertThat(client.isClosed()).isFalse();
        assertThat(server.agreement.log).isEmpty();
        assertThat(server.agreement.forwarded).isEmpty();
    }

    private static void assertRefused(TestClient client, Request request) {
        Frame.Answer answer = client.asks(request);
        assertThat(answer.err()).isEqualTo(ErrorCode.NOT_READ_ONLY);
        assertThat(answer.zxid()).isEqualTo(ZXID);
        assertThat(answer.raw()).hasSize(16);
    }

    private TestClient connected() {
        TestClient client = server.introduces();
        client.takesConnectResponse();
        return client;
    }

    @Test
    void a_local_session_can_end() {
        TestClient client = connected();

        assertThat(client.err(closeSession())).isZero();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void its_session_is_still_there_when_there_is_a_leader_again() {
        TestClient client = connected();
        server.does(new Effect.StopServing("a leader is elected"));
        assertThat(client.isClosed()).isTrue();
        server.follows(2);

        TestClient again = server.renews(client.sessionId(), client.password());

        ConnectResponse response = again.takesConnectResponse();
        assertThat(response.sessionId()).isEqualTo(client.sessionId());
        assertThat(response.readOnly()).isFalse();
    }
}
