package io.witan.replica;

import static io.witan.replica.Requests.EPHEMERAL;
import static io.witan.replica.Requests.acl;
import static io.witan.replica.Requests.anyone;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.delete;
import static io.witan.replica.Requests.digestAuth;
import static io.witan.replica.Requests.exists;
import static io.witan.replica.Requests.getAcl;
import static io.witan.replica.Requests.getAllChildrenNumber;
import static io.witan.replica.Requests.getChildren;
import static io.witan.replica.Requests.getChildren2;
import static io.witan.replica.Requests.getData;
import static io.witan.replica.Requests.getEphemerals;
import static io.witan.replica.Requests.multiRead;
import static io.witan.replica.Requests.ping;
import static io.witan.replica.Requests.setData;
import static io.witan.replica.Requests.sync;
import static io.witan.replica.Requests.watching;
import static io.witan.replica.Requests.whoAmI;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ClientInfo;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.MultiHeader;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Perms;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Objects;

/// Sections 3.10 and 3.13, and what 2.9 and 2.10 say about replies.
class ReadsTest {

    private final TestServer server = new TestServer();
    private final TestClient client = server.connects();

    // ---- missing and malformed paths

    @Test
    void reads_of_missing_znodes_say_so() {
        for (Request read :
                List.of(
                        exists("/x"),
                        getData("/x"),
                        getChildren("/x"),
                        getChildren2("/x"),
                        getAcl("/x"),
                        getAllChildrenNumber("/x"))) {
            assertThat(client.err(read)).isEqualTo(ErrorCode.NO_NODE);
        }
    }

    @Test
    void reads_do_not_validate_paths() {
        client.asks(creation("/a"));

        for (String path : List.of("x", "/a/", "//a", "/./a", "/a\0", "/a//")) {
            assertThat(client.err(getData(path))).as(path).isEqualTo(ErrorCode.NO_NODE);
        }
    }

    @Test
    void exists_refuses_NUL() {
        assertThat(client.err(exists("/a\0"))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    void a_null_path_is_a_marshalling_error_except_for_sync_and_getEphemerals() {
        for (Request read :
                List.of(exists(null), getData(null), getChildren(null), getEphemerals(null))) {
            boolean isFine = read.type() == OpCode.GET_EPHEMERALS;
            assertThat(client.err(read)).isEqualTo(isFine ? 0 : ErrorCode.MARSHALLING_ERROR);
        }
        Frame.Answer synced = client.asks(sync(null));
        assertThat(synced.body()).isEqualTo(new Reply.OfPath(null));
    }

    @Test
    void the_empty_path_is_the_root() {
        assertThat(client.asks(getChildren("")).names()).containsExactly("zookeeper");
        assertThat(client.asks(exists("")).stat()).isEqualTo(client.asks(exists("/")).stat());
    }

    @Test
    void sync_returns_any_path() {
        assertThat(client.asks(sync("/no//such")).path()).isEqualTo("/no//such");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                OpCode.EXISTS,
                OpCode.GET_DATA,
                OpCode.GET_ACL,
                OpCode.GET_CHILDREN,
                OpCode.GET_CHILDREN2,
                OpCode.SYNC,
                OpCode.SET_WATCHES,
                OpCode.SET_WATCHES2,
                OpCode.ADD_WATCH,
                OpCode.CHECK_WATCHES,
                OpCode.REMOVE_WATCHES,
                OpCode.GET_EPHEMERALS,
                OpCode.GET_ALL_CHILDREN_NUMBER,
                OpCode.MULTI_READ
            })
    void a_read_that_cannot_be_decoded_is_answered_so_and_nothing_else_happens(int type) {
        client.sends(type, new byte[] {0, 0, 0, 9, '/'});

        Frame.Answer answer = client.takesAnswer();
        assertThat(answer.err()).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(answer.raw()).hasSize(16);
        assertThat(answer.zxid()).isEqualTo(server.lastZxid());
        client.hearsNothing();
        assertThat(client.isClosed()).isFalse();
    }

    // ---- stat, children, counts

    @Test
    void a_fresh_database_is_as_the_original_has_it() {
        assertThat(client.asks(exists("/")).stat().cversion()).isEqualTo(-1);
        assertThat(client.asks(exists("/zookeeper")).stat().cversion()).isEqualTo(-2);
        assertThat(client.asks(getChildren("/zookeeper")).names())
                .containsExactlyInAnyOrder("config", "quota");
        assertThat(client.asks(exists("/zookeeper/config")).stat().aversion()).isEqualTo(-1);
        assertThat(client.asks(getAcl("/zookeeper/config")).acl()).isEqualTo(anyone(Perms.READ));
    }

    @Test
    void the_stats_cversion_counts_creates_and_deletes() {
        client.asks(creation("/p"));
        client.asks(creation("/p/a"));
        client.asks(creation("/p/b"));
        client.asks(delete("/p/a"));

        assertThat(client.asks(exists("/p")).stat().cversion()).isEqualTo(3);
    }

    @Test
    void getChildren2_has_the_stat_too() {
        client.asks(creation("/p"));
        client.asks(creation("/p/a"));

        Frame.Answer answer = client.asks(getChildren2("/p"));

        assertThat(answer.names()).containsExactly("a");
        assertThat(answer.stat().numChildren()).isEqualTo(1);
    }

    @Test
    void getAllChildrenNumber_counts_all_below() {
        client.asks(creation("/p"));
        client.asks(creation("/p/a"));
        client.asks(creation("/p/a/b"));

        assertThat(client.asks(getAllChildrenNumber("/p")).body()).isEqualTo(new Reply.Count(2));
        assertThat(client.asks(getAllChildrenNumber("/")).body()).isEqualTo(new Reply.Count(6));
        assertThat(client.asks(getAllChildrenNumber("/p/a/b")).body())
                .isEqualTo(new Reply.Count(0));
    }

    @Test
    void getEphemerals_lists_those_of_the_session_by_text_prefix() {
        TestClient other = server.connects();
        client.asks(creation("/ab", EPHEMERAL));
        client.asks(creation("/ac", EPHEMERAL));
        other.asks(creation("/ad", EPHEMERAL));

        for (String all : new String[] {null, "", "  ", "/"}) {
            assertThat(client.asks(getEphemerals(all)).names())
                    .containsExactlyInAnyOrder("/ab", "/ac");
        }
        assertThat(client.asks(getEphemerals("/a")).names()).hasSize(2);
        assertThat(client.asks(getEphemerals("/ac")).names()).containsExactly("/ac");
        assertThat(client.asks(getEphemerals("/missing")).names()).isEmpty();
    }

    // ---- permissions

    @Test
    void reads_need_READ() {
        client.asks(creation("/x", anyone(Perms.ALL & ~Perms.READ & ~Perms.ADMIN)));

        for (Request read :
                List.of(
                        exists("/x"),
                        getData("/x"),
                        getChildren("/x"),
                        getChildren2("/x"),
                        getAcl("/x"),
                        getAllChildrenNumber("/x"))) {
            assertThat(client.err(read)).isEqualTo(ErrorCode.NO_AUTH);
        }
    }

    @Test
    void getAcl_needs_READ_or_ADMIN() {
        client.asks(creation("/r", anyone(Perms.READ)));
        client.asks(creation("/a", anyone(Perms.ADMIN)));

        assertThat(client.asks(getAcl("/r")).acl()).isEqualTo(anyone(Perms.READ));
        assertThat(client.asks(getAcl("/a")).acl()).isEqualTo(anyone(Perms.ADMIN));
    }

    @Test
    void getAcl_masks_digests_for_those_who_are_not_administrators() {
        Acl reader = acl(Perms.READ, "world", "anyone");
        Acl owner = acl(Perms.ALL, "digest", "u:hash:more");
        Acl host = acl(Perms.ALL, "ip", "1.2.3.4");
        client.asks(creation("/x", List.of(reader, acl(Perms.ALL, "digest", "u:hash"), host)));

        assertThat(client.asks(getAcl("/x")).acl())
                .containsExactly(reader, acl(Perms.ALL, "digest", "u:x"), host);
        assertThat(owner.id().id()).isNotEmpty();

        client.asks(
                creation(
                        "/y",
                        List.of(
                                acl(Perms.ADMIN | Perms.READ, "world", "anyone"),
                                acl(Perms.ALL, "digest", "u:hash"))));
        assertThat(client.asks(getAcl("/y")).acl()).contains(acl(Perms.ALL, "digest", "u:hash"));
    }

    // ---- multiRead

    @Test
    void multiRead_answers_each_op_by_itself_and_sets_no_watches() {
        client.asks(creation("/p", "data"));
        client.asks(creation("/p/c"));
        client.asks(creation("/hidden", anyone(0)));

        Frame.Answer answer =
                client.asks(
                        multiRead(
                                watching(getData("/p")),
                                getData("/missing"),
                                watching(getChildren("/p")),
                                getChildren("/hidden")));

        assertThat(answer.err()).isZero();
        assertThat(answer.resultTexts().get(0)).isEqualTo("4 data");
        assertThat(answer.resultTexts().get(1)).isEqualTo("-101");
        assertThat(answer.results().get(2).type()).isEqualTo(OpCode.GET_CHILDREN);
        assertThat(answer.resultTexts().get(3)).isEqualTo("-102");
        assertThat(server.replica.watches().isEmpty()).isTrue();
    }

    @Test
    void a_write_in_a_multiRead_spoils_it_and_the_results_before_it_are_still_sent() {
        client.asks(creation("/p", "data"));
        JuteWriter out = new JuteWriter();
        MultiHeader.request(OpCode.GET_DATA).write(out);
        getData("/p").write(out);
        MultiHeader.request(OpCode.DELETE).write(out);
        delete("/p").write(out);
        MultiHeader.END.write(out);

        client.sends(OpCode.MULTI_READ, out.toByteArray());

        Frame.Answer answer = client.takesAnswer();
        assertThat(answer.err()).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(answer.resultTexts()).containsExactly("4 data");
        assertThat(server.znode("/p")).isNotNull();
    }

    @Test
    void an_empty_multiRead_has_an_empty_answer() {
        assertThat(client.asks(multiRead()).results()).isEmpty();
    }

    // ---- whoAmI

    @Test
    void whoAmI_has_an_entry_for_each_identity() {
        client.asks(digestAuth("alice:secret"));

        assertThat(client.asks(whoAmI()).body())
                .isEqualTo(
                        new Reply.Identities(
                                List.of(
                                        new ClientInfo("ip", "10.0.0.1"),
                                        new ClientInfo("digest", "alice"))));
    }

    @Test
    void the_super_user_has_an_empty_name() {
        TestServer own = new TestServer(o -> o.superDigest = "super:xQJmxLMiHGwaqBvst5y6rkB6HQs=");
        TestClient admin = own.connects();
        admin.asks(digestAuth("super:admin"));

        Reply.Identities identities =
                (Reply.Identities) Objects.requireNonNull(admin.asks(whoAmI()).body());
        assertThat(identities.clientInfo())
                .containsExactlyInAnyOrder(
                        new ClientInfo("ip", "10.0.0.1"),
                        new ClientInfo("super", ""),
                        new ClientInfo("digest", "super"));
    }

    // ---- xids, ping, unknown types

    @Test
    void a_ping_is_answered_with_its_own_xid_whatever_it_had() {
        client.sends(77, ping());

        Frame.Answer answer = client.takesAnswer();
        assertThat(answer.xid()).isEqualTo(-2);
        assertThat(answer.err()).isZero();
        assertThat(answer.raw()).hasSize(16);
        assertThat(answer.zxid()).isEqualTo(server.lastZxid());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -4, -8, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void any_other_xid_is_echoed(int xid) {
        client.sends(xid, exists("/"));

        assertThat(client.takesAnswer().xid()).isEqualTo(xid);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                10,
                OpCode.CHECK,
                OpCode.DELETE_CONTAINER,
                23,
                99,
                108,
                OpCode.CREATE_SESSION,
                -1,
                -12,
                Integer.MAX_VALUE
            })
    void types_that_clients_cannot_ask_for_are_unimplemented_and_close(int type) {
        int logged = server.log.size();

        client.sends(type, new byte[40]);

        Frame.Answer answer = client.takesAnswer();
        assertThat(answer.err()).isEqualTo(ErrorCode.UNIMPLEMENTED);
        assertThat(answer.zxid()).isEqualTo(-1);
        assertThat(answer.raw()).hasSize(16);
        assertThat(client.isClosed()).isTrue();
        assertThat(server.log).hasSize(logged);
    }

    @Test
    void a_reply_is_exactly_its_record() {
        client.asks(creation("/a", "data"));
        client.asks(setData("/a", "other"));
        Frame.Answer answer = client.asks(getData("/a"));
        JuteWriter expected = new JuteWriter();
        expected.writeInt(answer.xid()).writeLong(server.lastZxid()).writeInt(0);
        expected.writeBuffer(Requests.bytes("other"));
        answer.stat().write(expected);

        assertThat(answer.raw()).isEqualTo(expected.toByteArray());
        assertThat(JuteReader.over(answer.raw()).remaining()).isEqualTo(16 + 4 + 5 + 68);
    }
}
