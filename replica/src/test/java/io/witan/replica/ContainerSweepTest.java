package io.witan.replica;

import static io.witan.replica.Requests.TTL;
import static io.witan.replica.Requests.createContainer;
import static io.witan.replica.Requests.createTtl;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.delete;
import static io.witan.replica.Requests.multi;
import static io.witan.replica.Requests.setData;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.txn.Txn;

import org.junit.jupiter.api.Test;

/// Section 3.7: containers that have lost their last child and TTL znodes whose time is over go.
class ContainerSweepTest {

    private final TestServer server =
            new TestServer(o -> o.sweep = new ContainerSweep.Settings(60_000, 600, 0));
    private final TestClient client = server.connects(40_000);

    private void aMinutePasses() {
        for (int i = 0; i < 6; i++) {
            client.asks(Requests.exists("/"));
            server.passes(10_000);
        }
    }

    @Test
    void a_container_that_has_had_a_child_goes_by_a_transaction_of_the_server() {
        client.asks(createContainer("/c"));
        client.asks(creation("/c/x"));
        client.asks(delete("/c/x"));

        aMinutePasses();

        assertThat(server.znode("/c")).isNull();
        assertThat(server.lastTxn().header().type()).isEqualTo(OpCode.DELETE_CONTAINER);
        assertThat(server.lastTxn().header().clientId()).isZero();
        assertThat(server.lastTxn().header().cxid()).isZero();
        assertThat(server.lastTxn().txn()).isInstanceOf(Txn.Delete.class);
        assertThat(server.lastDigest()).isEqualTo(server.tree.digest());
    }

    @Test
    void containers_with_children_or_that_never_had_one_stay() {
        client.asks(createContainer("/fresh"));
        client.asks(createContainer("/used"));
        client.asks(creation("/used/x"));

        aMinutePasses();
        aMinutePasses();

        assertThat(server.znode("/fresh")).isNotNull();
        assertThat(server.znode("/used")).isNotNull();
    }

    @Test
    void containers_never_used_go_where_that_is_set() {
        TestServer other =
                new TestServer(o -> o.sweep = new ContainerSweep.Settings(10_000, 600, 15_000));
        TestClient c = other.connects(40_000);
        c.asks(createContainer("/fresh"));

        other.passes(11_000);
        assertThat(other.znode("/fresh")).isNotNull();
        other.passes(20_000);
        assertThat(other.znode("/fresh")).isNull();
    }

    @Test
    void a_ttl_znode_goes_when_it_was_not_changed_for_its_time_to_live() {
        client.asks(createTtl("/short", TTL, 30_000));
        client.asks(createTtl("/long", TTL, 90_000));
        client.asks(createTtl("/parent", TTL, 30_000));
        client.asks(creation("/parent/x"));

        aMinutePasses();

        assertThat(server.znode("/short")).isNull();
        assertThat(server.znode("/long")).isNotNull();
        assertThat(server.znode("/parent")).isNotNull();
        client.asks(setData("/long", "x"));
        aMinutePasses();
        assertThat(server.znode("/long")).isNotNull();
        aMinutePasses();
        assertThat(server.znode("/long")).isNull();
    }

    @Test
    void deletions_are_paced() {
        for (int i = 0; i < 20; i++) {
            client.asks(createContainer("/c" + i));
            client.asks(creation("/c" + i + "/x"));
            client.asks(delete("/c" + i + "/x"));
        }
        int before = server.tree.znodeCount();

        server.passes(30_000);
        client.asks(Requests.exists("/"));
        server.passes(30_000);
        int first = before - server.tree.znodeCount();
        server.passes(1_000);

        assertThat(first).isBetween(1, 2);
        assertThat(before - server.tree.znodeCount()).isBetween(10, 12);
    }

    @Test
    void what_became_something_else_meanwhile_stays() {
        client.asks(createContainer("/c"));
        client.asks(creation("/c/x"));
        client.asks(delete("/c/x"));
        server.passes(30_000);
        server.holds();
        client.sends(multi(delete("/c"), creation("/c")));

        server.passes(31_000);
        server.commitsAll();

        assertThat(server.lastTxn().txn()).isEqualTo(new Txn.Failed(ErrorCode.BAD_VERSION));
        assertThat(server.existing("/c").storedOwner()).isZero();
    }

    @Test
    void a_ttl_znode_with_a_pending_change_stays() {
        client.asks(createTtl("/t", TTL, 20_000));
        server.passes(30_000);
        client.asks(Requests.exists("/"));
        server.passes(29_900);
        server.holds();
        client.sends(setData("/t", "x"));

        server.passes(200);
        server.commitsAll();

        assertThat(server.znode("/t")).isNotNull();
    }
}
