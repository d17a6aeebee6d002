package io.witan.replica;

import static io.witan.replica.Requests.acl;
import static io.witan.replica.Requests.anyone;
import static io.witan.replica.Requests.auth;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.delete;
import static io.witan.replica.Requests.digestAuth;
import static io.witan.replica.Requests.exists;
import static io.witan.replica.Requests.getAcl;
import static io.witan.replica.Requests.getData;
import static io.witan.replica.Requests.multi;
import static io.witan.replica.Requests.ping;
import static io.witan.replica.Requests.setData;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Perms;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.TxnCodec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/// Section 4, and authentication as in 2.10.
class AccessTest {

    /// Of `super:admin`.
    private static final String SUPER_DIGEST = "super:xQJmxLMiHGwaqBvst5y6rkB6HQs=";

    private final TestServer server = new TestServer(o -> o.superDigest = SUPER_DIGEST);
    private final TestClient client = server.connects();

    private List<Acl> stored(String path) {
        return server.tree.acls().list(server.existing(path).aclKey());
    }

    // ---- what is stored (4.3)

    @Test
    void equal_entries_are_kept_once_in_their_order() {
        Acl a = acl(1, "ip", "1.2.3.4");
        Acl b = acl(31, "world", "anyone");
        client.asks(creation("/x", List.of(a, b, a, b)));

        assertThat(stored("/x")).containsExactly(a, b);
    }

    @Test
    void auth_stands_for_the_authenticated_identities_of_the_connection() {
        client.asks(digestAuth("u:p"));
        client.asks(digestAuth("v:q"));
        client.asks(creation("/x", List.of(acl(7, "auth", "ignored"), acl(1, "world", "anyone"))));

        assertThat(stored("/x")).hasSize(3);
        assertThat(stored("/x").get(0).perms()).isEqualTo(7);
        assertThat(stored("/x").get(0).id().id()).startsWith("u:");
        assertThat(stored("/x").get(1).id().id()).startsWith("v:");
        assertThat(stored("/x").get(2)).isEqualTo(acl(1, "world", "anyone"));
    }

    @Test
    void duplicates_that_auth_makes_are_kept() {
        client.asks(digestAuth("u:p"));
        client.asks(creation("/x", List.of(acl(7, "auth", "1"), acl(7, "auth", "2"))));

        assertThat(stored("/x")).hasSize(2);
    }

    @Test
    void auth_without_an_authenticated_identity_is_an_invalid_acl() {
        assertThat(client.err(creation("/x", List.of(acl(31, "auth", "")))))
                .isEqualTo(ErrorCode.INVALID_ACL);
    }

    @ParameterizedTest
    @CsvSource({
        "world,someone",
        "unknown,x",
        "super,",
        "super,admin",
        "sasl,u",
        "x509,CN=a",
        "digest,u",
        "digest,u:",
        "digest,u:h:x",
        "ip,1.2.3",
        "ip,1.2.3.256",
        "ip,1.2.3.4/33",
        "ip,1.2.3.4/",
        "ip,1:2:3:4:5:6:7",
        "ip,1::2::3",
        "ip,::/129",
        "ip,::1.2.3.4",
        "ip,fe80::1%eth0",
        "ip,localhost",
    })
    void an_invalid_id_or_scheme_is_an_invalid_acl(String scheme, String id) {
        Acl entry = acl(31, scheme, id == null ? "" : id);
        assertThat(client.err(creation("/x", List.of(entry)))).isEqualTo(ErrorCode.INVALID_ACL);
    }

    @Test
    void a_null_scheme_is_an_invalid_acl() {
        assertThat(client.err(creation("/x", List.of(acl(31, null, null)))))
                .isEqualTo(ErrorCode.INVALID_ACL);
    }

    @ParameterizedTest
    @CsvSource({
        "digest,u:h",
        "digest,:h",
        "digest,u:h:",
        "ip,1.2.3.4",
        "ip,1.2.3.4/0",
        "ip,1.2.3.4/32",
        "ip,::",
        "ip,::1/128",
        "ip,1:2:3:4:5:6:7:8",
        "ip,FE80::1/10",
    })
    void a_valid_id_is_kept_as_it_is(String scheme, String id) {
        assertThat(client.err(creation("/x", List.of(acl(31, scheme, id))))).isZero();
        assertThat(stored("/x")).containsExactly(acl(31, scheme, id));
    }

    @Test
    void perms_are_stored_whatever_they_are() {
        client.asks(creation("/none", anyone(0)));
        client.asks(creation("/odd", anyone(0x7fff0001)));

        assertThat(client.err(getData("/none"))).isEqualTo(ErrorCode.NO_AUTH);
        assertThat(client.asks(getAcl("/odd")).acl()).isEqualTo(anyone(0x7fff0001));
    }

    @Test
    void what_auth_makes_of_one_request_is_bounded() {
        for (int i = 0; i < 200; i++) {
            client.asks(digestAuth("user" + i + ":p"));
        }
        Acl auth = acl(31, "auth", "");
        List<Acl> many = new ArrayList<>();
        for (int perms = 0; perms < 10_000; perms++) {
            many.add(acl(perms, "auth", ""));
        }

        assertThat(client.err(creation("/many", many))).isEqualTo(ErrorCode.INVALID_ACL);
        Request[] ops = new Request[2_000];
        for (int i = 0; i < ops.length; i++) {
            ops[i] = creation("/x" + i, List.of(auth));
        }
        assertThat(client.asks(multi(ops)).resultTexts()).contains("" + ErrorCode.INVALID_ACL);
        assertThat(client.err(creation("/one", List.of(auth)))).isZero();
        JuteWriter out = new JuteWriter();
        TxnCodec.write(out, server.lastTxn().header(), server.lastTxn().txn(), null);
        assertThat(out.length()).isLessThan(100_000);
    }

    @Test
    void the_identities_of_a_connection_are_bounded() {
        int count = 0;
        while (!client.isClosed() && count < 10_000) {
            client.sends(digestAuth("user" + count++ + ":p"));
        }

        assertThat(count).isBetween(100, 2_000);
        List<Frame> answers = client.takesAll();
        assertThat(((Frame.Answer) answers.getLast()).err()).isEqualTo(ErrorCode.AUTH_FAILED);
    }

    // ---- who may (4.2)

    @Test
    void a_digest_identity_has_what_its_entry_says() {
        client.asks(digestAuth("u:p"));
        client.asks(creation("/x", List.of(acl(Perms.READ | Perms.WRITE, "auth", ""))));
        TestClient other = server.connects();

        assertThat(client.err(setData("/x", "1"))).isZero();
        assertThat(other.err(getData("/x"))).isEqualTo(ErrorCode.NO_AUTH);
        other.asks(digestAuth("u:wrong"));
        assertThat(other.err(getData("/x"))).isEqualTo(ErrorCode.NO_AUTH);
        other.asks(digestAuth("u:p"));
        assertThat(other.err(getData("/x"))).isZero();
        assertThat(other.err(creation("/x/y"))).isEqualTo(ErrorCode.NO_AUTH);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3,10.1.2.3,true",
        "10.1.2.3,10.1.2.4,false",
        "10.1.2.3,10.1.0.0/16,true",
        "10.1.2.3,10.2.0.0/16,false",
        "10.1.2.3,10.1.2.0/31,false",
        "10.1.2.3,10.1.2.2/31,true",
        "10.1.2.3,9.9.9.9/0,true",
        "10.1.2.3,::/0,false",
        "0:0:0:0:0:0:0:1,::1,true",
        "0:0:0:0:0:0:0:1,::/0,true",
        "0:0:0:0:0:0:0:1,0.0.0.0/0,false",
        "fe80:0:0:0:0:0:0:1%eth0,fe80::/10,false",
    })
    void an_ip_entry_matches_by_its_leading_bits(String address, String entry, boolean matches) {
        client.asks(creation("/x", List.of(acl(Perms.READ, "ip", entry))));
        TestClient other = server.accepts(address);
        other.introduces(new ConnectRequest(0, 0, 9_000, 0, null, false, true));
        other.takesConnectResponse();

        assertThat(other.err(getData("/x"))).isEqualTo(matches ? 0 : ErrorCode.NO_AUTH);
    }

    @Test
    void the_super_user_may_do_everything() {
        client.asks(creation("/x", anyone(0)));
        TestClient admin = server.connects();
        admin.asks(digestAuth("super:admin"));

        assertThat(admin.err(getData("/x"))).isZero();
        assertThat(admin.err(setData("/x", "1"))).isZero();
        assertThat(admin.err(creation("/x/y"))).isZero();
        assertThat(admin.err(delete("/x/y"))).isZero();
        assertThat(admin.err(setData("/zookeeper/config", ""))).isZero();
    }

    @Test
    void with_skipAcl_everybody_may() {
        TestClient other = new TestServer(o -> o.skipAcl = true).connects();
        other.asks(creation("/x", anyone(0)));

        assertThat(other.err(setData("/x", "1"))).isZero();
        assertThat(other.err(getData("/x"))).isZero();
    }

    // ---- authentication (2.10)

    @Test
    void auth_is_answered_with_zxid_0_and_nothing_else() {
        client.sends(-4, digestAuth("u:p"));

        Frame.Answer answer = client.takesAnswer();
        assertThat(answer.xid()).isEqualTo(-4);
        assertThat(answer.zxid()).isZero();
        assertThat(answer.err()).isZero();
        assertThat(answer.raw()).hasSize(16);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "world", "auth", "super", "sasl", ""})
    void an_unknown_scheme_is_refused_and_closed(String scheme) {
        assertThat(client.err(auth(scheme, "x"))).isEqualTo(ErrorCode.AUTH_FAILED);
        assertThat(client.isClosed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "user", "user:", "a:b:c"})
    void digest_never_fails(String data) {
        assertThat(client.err(digestAuth(data))).isZero();
        assertThat(client.isClosed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {OpCode.AUTH, OpCode.SASL})
    void an_auth_or_sasl_request_that_cannot_be_decoded_closes_without_a_word(int type) {
        client.sends(type, new byte[] {0, 0, 0});

        assertThat(client.isClosed()).isTrue();
        client.hearsNothing();
    }

    @Test
    void without_a_sasl_login_a_token_is_answered_with_none() {
        assertThat(client.asks(new Request.Sasl(new byte[3])).body())
                .isEqualTo(new Reply.Token(null));
        assertThat(client.err(exists("/"))).isZero();
    }

    @Test
    void where_authentication_is_required_nothing_else_is_served_before() {
        TestServer strict = new TestServer(o -> o.requiredSchemes = List.of("digest"));
        for (Request request :
                List.of(exists("/"), ping(), creation("/a"), Requests.closeSession())) {
            TestClient stranger = strict.connects();
            stranger.sends(-2, request);
            Frame.Answer answer = stranger.takesAnswer();
            assertThat(answer.err()).isEqualTo(ErrorCode.SESSION_CLOSED_REQUIRE_SASL_AUTH);
            assertThat(answer.zxid()).isZero();
            assertThat(answer.raw()).hasSize(16);
            assertThat(stranger.isClosed()).isTrue();
        }

        TestClient known = strict.connects();
        known.asks(digestAuth("u:p"));
        assertThat(known.err(creation("/a"))).isZero();
    }
}
