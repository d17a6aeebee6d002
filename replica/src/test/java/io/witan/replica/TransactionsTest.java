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
import io.witan.wire.client.Request;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnDigest;
import io.witan.wire.txn.TxnHeader;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

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

    /// Logs and links between servers take more than twice the longest frame of a client.
    @Test
    void ZK_2101_3496_no_transaction_is_more_than_twice_as_long_as_its_request() {
        client.asks(creation("/a"));
        Request[] many = new Request[500];
        Arrays.fill(many, creation("/", SEQUENTIAL));
        List<Request> large =
                List.of(
                        multi(many),
                        setData("/a", "x".repeat(5_000)),
                        creation("/b", "x".repeat(5_000)),
                        multi(setData("/a", "x".repeat(5_000)), delete("/missing")));
        for (Request request : large) {
            client.asks(request);
            JuteWriter asked = new JuteWriter();
            request.write(asked);
            JuteWriter made = new JuteWriter();
            TxnCodec.write(
                    made,
                    server.lastTxn().header(),
                    server.lastTxn().txn(),
                    server.lastTxn().digest());

            assertThat(made.toByteArray().length)
                    .as("%s", request.type())
                    .isLessThan(2 * asked.toByteArray().length);
        }
    }

    @Test
    void without_digests_none_is_logged() {
        TestServer plain = new TestServer(o -> o.digest = false);
        plain.connects().asks(creation("/a"));

        assertThat(plain.lastTxn().digest()).isNull();
    }
}
