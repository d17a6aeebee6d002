package io.witan.replica;

import static io.witan.replica.Requests.EPHEMERAL;
import static io.witan.replica.Requests.SEQUENTIAL;
import static io.witan.replica.Requests.TTL;
import static io.witan.replica.Requests.bytes;
import static io.witan.replica.Requests.check;
import static io.witan.replica.Requests.createContainer;
import static io.witan.replica.Requests.createTtl;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.delete;
import static io.witan.replica.Requests.exists;
import static io.witan.replica.Requests.multi;
import static io.witan.replica.Requests.setAcl;
import static io.witan.replica.Requests.setData;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnDigest;
import io.witan.wire.txn.TxnHeader;

import org.junit.jupiter.api.Test;

/// Section 8.1: what is logged. That the bytes are those of the codec is checked with each
/// transaction, see [TestServer#propose].
class TransactionsTest {

    private final TestServer server = new TestServer();
    private final TestClient client = server.connects();

    private Txn logged() {
        return server.lastTxn().txn();
    }

    @Test
    void the_header_names_session_request_zxid_time_and_type() {
        Frame.Answer answer = client.asks(creation("/a"));

        assertThat(server.lastTxn().header())
                .isEqualTo(
                        new TxnHeader(
                                client.sessionId(),
                                answer.xid(),
                                answer.zxid(),
                                server.wall(),
                                OpCode.CREATE));
        assertThat(server.lastTxn().digest()).isEqualTo(new TxnDigest(2, server.tree.digest()));
    }

    @Test
    void a_create_has_its_final_path_and_its_parents_number_of_creates() {
        client.asks(creation("/p"));
        client.asks(creation("/p/x", SEQUENTIAL));
        client.asks(creation("/p/e", EPHEMERAL));

        Txn.Create create = (Txn.Create) logged();
        assertThat(create.ephemeral()).isTrue();
        assertThat(create.parentCversion()).isEqualTo(2);
        Txn.Create before = (Txn.Create) server.log.get(server.log.size() - 2).txn();
        assertThat(before.path()).isEqualTo(bytes("/p/x0000000000"));
        assertThat(before.parentCversion()).isEqualTo(1);
        assertThat(before.ephemeral()).isFalse();
    }

    @Test
    void containers_and_ttl_znodes_have_records_of_their_own() {
        client.asks(createContainer("/c"));
        assertThat(logged()).isInstanceOf(Txn.CreateContainer.class);
        client.asks(createTtl("/t", TTL, 77));
        assertThat(((Txn.CreateTtl) logged()).ttl()).isEqualTo(77);
    }

    @Test
    void versions_are_the_new_ones() {
        client.asks(creation("/a"));
        client.asks(setData("/a", "x"));
        assertThat(((Txn.SetData) logged()).version()).isEqualTo(1);
        client.asks(setAcl("/a", Acl.OPEN));
        assertThat(((Txn.SetAcl) logged()).version()).isEqualTo(1);
        client.asks(multi(check("/a", 1), delete("/a")));
        Txn.Multi multi = (Txn.Multi) logged();
        assertThat(multi.ops()).map(Txn.Op::type).containsExactly(OpCode.CHECK, OpCode.DELETE);
        assertThat(((Txn.CheckVersion) multi.ops().get(0).txn()).version()).isEqualTo(2);
    }

    @Test
    void zxids_have_no_gaps_whatever_fails() {
        client.asks(creation("/a"));
        client.asks(creation("/a"));
        client.asks(exists("/a"));
        client.asks(multi(delete("/missing")));
        client.sends(OpCode.SET_DATA, new byte[2]);
        client.takes();
        client.asks(setData("/a", "x"));

        for (int i = 0; i < server.log.size(); i++) {
            assertThat(server.log.get(i).header().zxid()).isEqualTo(i + 1);
        }
        assertThat(server.log).hasSize(5);
    }

    @Test
    void without_digests_none_is_logged() {
        TestServer plain = new TestServer(o -> o.digest = false);
        plain.connects().asks(creation("/a"));

        assertThat(plain.lastTxn().digest()).isNull();
    }
}
