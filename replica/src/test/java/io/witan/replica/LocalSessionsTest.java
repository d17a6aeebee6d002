package io.witan.replica;

import static io.witan.replica.Requests.EPHEMERAL;
import static io.witan.replica.Requests.closeSession;
import static io.witan.replica.Requests.create2;
import static io.witan.replica.Requests.createContainer;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.exists;
import static io.witan.replica.Requests.multi;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.txn.Txn;

import org.junit.jupiter.api.Test;

/// Section 10.4: sessions that only this server knows.
class LocalSessionsTest {

    private final TestServer server = new TestServer(o -> o.localSessions = true);
    private final TestServer upgrading =
            new TestServer(o -> {
                o.localSessions = true;
                o.upgrading = true;
            });

    @Test
    void a_local_session_is_no_transaction() {
        TestClient client = server.connects();

        assertThat(client.sessionId()).isNotZero();
        assertThat(server.log).isEmpty();
        assertThat(server.tree.sessions().count()).isZero();
        assertThat(server.replica.sessions().localCount()).isEqualTo(1);
    }

    @Test
    void its_end_is_no_transaction_either() {
        TestClient client = server.connects();

        assertThat(client.err(closeSession())).isZero();

        assertThat(client.isClosed()).isTrue();
        assertThat(server.log).isEmpty();
        assertThat(server.replica.sessions().count()).isZero();
    }

    @Test
    void its_end_comes_after_the_requests_before_it() {
        server.holds();
        TestClient client = server.connects();
        int create = client.sends(creation("/a"));
        int read = client.sends(exists("/a"));
        int close = client.sends(closeSession());

        server.commitsAll();

        assertThat(client.takesAllTexts()).containsExactly("" + create, "" + read, "" + close);
        assertThat(client.isClosed()).isTrue();
        assertThat(server.replica.sessions().count()).isZero();
    }

    @Test
    void a_client_that_goes_before_the_end_it_asked_for_leaves_nothing() {
        server.holds();
        TestClient client = server.connects();
        client.sends(creation("/a"));
        client.sends(closeSession());
        client.vanishes();

        server.commitsAll();
        server.passes(40_000);

        assertThat(server.replica.sessions().count()).isZero();
        assertThat(server.replica.sessions().localCount()).isZero();
    }

    @Test
    void it_expires_without_a_transaction() {
        TestClient client = server.connects(4_000);

        server.passes(8_000);

        assertThat(client.isClosed()).isTrue();
        assertThat(server.log).isEmpty();
        assertThat(server.replica.sessions().count()).isZero();
    }

    @Test
    void it_can_be_renewed_here() {
        TestClient before = server.connects();

        TestClient after = server.renews(before);

        assertThat(after.takesConnectResponse().sessionId()).isEqualTo(before.sessionId());
    }

    @Test
    void it_can_do_everything_but_make_ephemerals() {
        TestClient client = server.connects();

        assertThat(client.err(creation("/a"))).isZero();
        assertThat(client.err(createContainer("/c", EPHEMERAL))).isZero();
        assertThat(client.err(creation("/e", EPHEMERAL)))
                .isEqualTo(ErrorCode.EPHEMERAL_ON_LOCAL_SESSION);
        assertThat(client.err(create2("/e", EPHEMERAL)))
                .isEqualTo(ErrorCode.EPHEMERAL_ON_LOCAL_SESSION);
        assertThat(client.err(multi(creation("/b"), creation("/e", EPHEMERAL))))
                .isEqualTo(ErrorCode.EPHEMERAL_ON_LOCAL_SESSION);
        assertThat(server.lastTxn().txn()).isEqualTo(new Txn.Failed(ErrorCode.SESSION_EXPIRED));
        assertThat(server.znode("/b")).isNull();
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void with_upgrading_it_becomes_global_first() {
        TestClient client = upgrading.connects(8_000);

        assertThat(client.err(creation("/e", EPHEMERAL))).isZero();

        var upgrade = upgrading.log.get(0);
        assertThat(upgrade.header().type()).isEqualTo(OpCode.CREATE_SESSION);
        assertThat(upgrade.header().clientId()).isEqualTo(client.sessionId());
        assertThat(upgrade.header().cxid()).isZero();
        assertThat(upgrade.txn()).isEqualTo(new Txn.CreateSession(8_000));
        assertThat(upgrading.tree.sessions().contains(client.sessionId())).isTrue();
        assertThat(upgrading.replica.sessions().localCount()).isZero();
    }

    @Test
    void it_is_upgraded_once_and_ends_as_a_global_session() {
        TestClient client = upgrading.connects();
        client.asks(multi(creation("/a"), creation("/e1", EPHEMERAL)));
        client.asks(creation("/e2", EPHEMERAL));
        assertThat(upgrading.log).hasSize(3);

        client.asks(closeSession());

        assertThat(upgrading.lastTxn().header().type()).isEqualTo(OpCode.CLOSE_SESSION);
        assertThat(upgrading.tree.ephemeralCount()).isZero();
        assertThat(upgrading.tree.sessions().count()).isZero();
    }

    @Test
    void nothing_else_upgrades_it() {
        TestClient client = upgrading.connects();
        client.asks(creation("/a"));
        client.asks(multi(creation("/b")));

        assertThat(upgrading.tree.sessions().count()).isZero();
    }
}
