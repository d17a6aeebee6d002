package io.witan.replica;

import static io.witan.replica.Requests.CONTAINER;
import static io.witan.replica.Requests.EPHEMERAL;
import static io.witan.replica.Requests.SEQUENTIAL;
import static io.witan.replica.Requests.TTL;
import static io.witan.replica.Requests.anyone;
import static io.witan.replica.Requests.check;
import static io.witan.replica.Requests.closeSession;
import static io.witan.replica.Requests.create2;
import static io.witan.replica.Requests.createContainer;
import static io.witan.replica.Requests.createTtl;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.delete;
import static io.witan.replica.Requests.exists;
import static io.witan.replica.Requests.getChildren;
import static io.witan.replica.Requests.multi;
import static io.witan.replica.Requests.setData;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.MultiHeader;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Perms;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/// Section 3.12: several operations, all or nothing.
class MultiTest {

    private final TestServer server = new TestServer();
    private final TestClient client = server.connects();

    // ---- results

    @Test
    void each_op_has_its_result() {
        client.asks(creation("/old"));

        Frame.Answer answer =
                client.asks(
                        multi(
                                creation("/a"),
                                create2("/b", 0),
                                createContainer("/c"),
                                createTtl("/t", TTL, 5),
                                creation("/d", CONTAINER),
                                setData("/a", "x"),
                                check("/a", 1),
                                delete("/old")));

        assertThat(answer.err()).isZero();
        assertThat(answer.resultTexts())
                .containsExactly("1 /a", "15 /b", "15 /c", "15 /t", "15 /d", "5", "13", "2");
    }

    @Test
    void all_ops_share_zxid_and_time_and_have_the_stat_right_after_them() {
        List<Reply.Result> results =
                client.asks(multi(create2("/a", 0), creation("/a/b"), setData("/a", "xy")))
                        .results();

        long zxid = server.lastZxid();
        var created = ((Reply.PathAndStat) results.get(0).body()).stat();
        var set = ((Reply.OfStat) results.get(2).body()).stat();
        assertThat(created.czxid()).isEqualTo(zxid);
        assertThat(created.numChildren()).isZero();
        assertThat(created.version()).isZero();
        assertThat(set.mzxid()).isEqualTo(zxid);
        assertThat(set.numChildren()).isEqualTo(1);
        assertThat(set.version()).isEqualTo(1);
        assertThat(set.dataLength()).isEqualTo(2);
    }

    @Test
    void an_empty_list_succeeds_and_takes_a_zxid() {
        long before = server.lastZxid();

        Frame.Answer answer = client.asks(multi());

        assertThat(answer.err()).isZero();
        assertThat(answer.results()).isEmpty();
        assertThat(answer.zxid()).isEqualTo(before + 1);
        assertThat(server.lastTxn().txn()).isEqualTo(new Txn.Multi(List.of()));
    }

    // ---- failure

    @Test
    void the_first_failing_op_decides_and_nothing_happens() {
        Frame.Answer answer =
                client.asks(
                        multi(
                                creation("/a"),
                                creation("/b"),
                                check("/missing", -1),
                                creation("/a"),
                                creation("/c")));

        assertThat(answer.err()).isZero();
        assertThat(answer.resultTexts()).containsExactly("0", "0", "-101", "-2", "-2");
        assertThat(client.asks(getChildren("/")).names()).containsExactly("zookeeper");
    }

    @Test
    void a_failed_multi_is_logged_as_a_multi_with_the_digest_of_the_unchanged_tree() {
        long digest = server.tree.digest();

        client.asks(multi(creation("/a"), delete("/missing"), creation("/b")));

        assertThat(server.lastTxn().header().type()).isEqualTo(OpCode.MULTI);
        assertThat(server.lastDigest()).isEqualTo(digest).isEqualTo(server.tree.digest());
        Txn.Multi txn = (Txn.Multi) server.lastTxn().txn();
        assertThat(txn.ops().get(0).type()).isEqualTo(OpCode.CREATE);
        assertThat(txn.ops().get(1))
                .isEqualTo(new Txn.Op(OpCode.ERROR, new Txn.Failed(ErrorCode.NO_NODE)));
        assertThat(txn.ops().get(2))
                .isEqualTo(
                        new Txn.Op(OpCode.ERROR, new Txn.Failed(ErrorCode.RUNTIME_INCONSISTENCY)));
    }

    @Test
    void the_state_behind_a_pending_failed_multi_is_as_if_it_had_not_been() {
        server.holds();
        client.sends(creation("/p"));
        client.sends(creation("/p/a", EPHEMERAL));
        client.sends(setData("/p", "1"));
        client.sends(
                multi(
                        setData("/p", "2"),
                        delete("/p/a"),
                        creation("/p/a"),
                        creation("/p/b", EPHEMERAL),
                        delete("/missing")));
        client.sends(setData("/p", "3", 1));
        client.sends(creation("/p/x", SEQUENTIAL));
        client.sends(creation("/p/b"));
        client.sends(closeSession());
        server.commitsAll();

        assertThat(client.takesAll())
                .map(frame -> ((Frame.Answer) frame).err())
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(server.lastDigest()).isEqualTo(server.tree.digest());
        assertThat(server.existing("/p").data()).isEqualTo(Requests.bytes("3"));
        assertThat(server.znode("/p/x0000000001")).isNotNull();
        assertThat(server.znode("/p/a")).isNull();
        assertThat(server.znode("/p/b")).isNotNull();
        assertThat(server.tree.ephemeralCount()).isZero();
    }

    // ---- ops see those before them

    @Test
    void each_op_sees_the_effect_of_those_before_it() {
        Frame.Answer answer =
                client.asks(
                        multi(
                                creation("/a"),
                                creation("/a/x", SEQUENTIAL),
                                creation("/a/x", SEQUENTIAL),
                                delete("/a/x0000000000"),
                                setData("/a", "1", 0),
                                setData("/a", "2", 1),
                                check("/a", 2),
                                delete("/a/x0000000001"),
                                delete("/a", 2)));

        assertThat(answer.resultTexts())
                .containsExactly(
                        "1 /a",
                        "1 /a/x0000000000",
                        "1 /a/x0000000001",
                        "2",
                        "5",
                        "5",
                        "13",
                        "2",
                        "2");
        assertThat(client.err(exists("/a"))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(server.lastDigest()).isEqualTo(server.tree.digest());
    }

    @Test
    void children_made_before_in_the_list_keep_a_parent_from_being_deleted() {
        assertThat(client.asks(multi(creation("/a"), creation("/a/b"), delete("/a"))).resultTexts())
                .containsExactly("0", "0", "-111");
    }

    @Test
    void a_znode_can_be_deleted_and_made_anew() {
        client.asks(creation("/a", "old"));

        client.asks(multi(delete("/a"), creation("/a", EPHEMERAL)));

        assertThat(server.existing("/a").storedOwner()).isEqualTo(client.sessionId());
        assertThat(server.lastDigest()).isEqualTo(server.tree.digest());
    }

    @Test
    void permissions_are_checked_op_by_op() {
        client.asks(creation("/readable", anyone(Perms.READ)));

        assertThat(
                        client.asks(
                                        multi(
                                                check("/readable", 0),
                                                setData("/readable", ""),
                                                creation("/x")))
                                .resultTexts())
                .containsExactly("0", "-102", "-2");
    }

    // ---- malformed lists

    private Frame.Answer asksRaw(int opType, byte[] opBody) {
        JuteWriter out = new JuteWriter();
        MultiHeader.request(OpCode.CREATE).write(out);
        creation("/before").write(out);
        MultiHeader.request(opType).write(out);
        out.writeRaw(opBody, 0, opBody.length);
        MultiHeader.END.write(out);
        client.sends(OpCode.MULTI, out.toByteArray());
        return client.takesAnswer();
    }

    private static byte[] body(Request request) {
        JuteWriter out = new JuteWriter();
        request.write(out);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                OpCode.GET_DATA,
                OpCode.GET_CHILDREN,
                OpCode.SET_ACL,
                OpCode.MULTI,
                OpCode.DELETE_CONTAINER,
                OpCode.CREATE_SESSION,
                OpCode.CLOSE_SESSION,
                OpCode.RECONFIG,
                OpCode.ERROR,
                0,
                77
            })
    void a_list_with_an_op_of_another_type_is_malformed(int type) {
        Frame.Answer answer = asksRaw(type, new byte[40]);

        assertThat(answer.err()).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(answer.raw()).hasSize(16);
        assertThat(server.znode("/before")).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER})
    void a_list_with_flags_that_do_not_go_with_the_type_is_malformed(int type) {
        for (int flags : new int[] {-1, 5, 6, 7}) {
            byte[] op = body(creation(type, "/x", "", flags, 0, Acl.OPEN));
            assertThat(asksRaw(type, op).err()).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        }
    }

    @Test
    void a_list_with_a_null_acl_is_malformed() {
        byte[] op = body(creation("/x", (List<Acl>) null));
        assertThat(asksRaw(OpCode.CREATE, op).err()).isEqualTo(ErrorCode.MARSHALLING_ERROR);
    }

    @Test
    void a_list_that_ends_too_early_is_malformed() {
        assertThat(asksRaw(OpCode.DELETE, new byte[] {0, 0}).err())
                .isEqualTo(ErrorCode.MARSHALLING_ERROR);
    }

    @Test
    void an_empty_acl_fails_the_op_and_not_the_list() {
        assertThat(client.asks(multi(creation("/x", List.of()))).resultTexts())
                .containsExactly("-114");
    }

    @Test
    void createTtl_without_ttl_flags_is_a_plain_create() {
        Frame.Answer answer =
                client.asks(multi(createTtl("/a", 0, -5), createTtl("/e", EPHEMERAL, 7)));

        assertThat(answer.resultTexts()).containsExactly("1 /a", "1 /e");
        assertThat(server.existing("/a").storedOwner()).isZero();
        assertThat(server.existing("/e").storedOwner()).isEqualTo(client.sessionId());
    }

    @Test
    void createTtl_with_container_flags_is_a_container() {
        assertThat(client.asks(multi(createTtl("/c", CONTAINER, -5))).resultTexts())
                .containsExactly("15 /c");
        assertThat(server.existing("/c").storedOwner()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void createTtl_with_unknown_flags_fails_as_an_op() {
        assertThat(
                        client.asks(multi(creation("/a"), createTtl("/x", 9, 5), creation("/b")))
                                .resultTexts())
                .containsExactly("0", "-8", "-2");
    }

    @Test
    void createTtl_with_a_bad_ttl_fails_as_an_op() {
        assertThat(client.asks(multi(createTtl("/x", TTL, 0))).resultTexts()).containsExactly("-8");
    }
}
