package io.witan.replica;

import static io.witan.replica.Requests.CONTAINER;
import static io.witan.replica.Requests.EPHEMERAL;
import static io.witan.replica.Requests.SEQUENTIAL;
import static io.witan.replica.Requests.TTL;
import static io.witan.replica.Requests.acl;
import static io.witan.replica.Requests.anyone;
import static io.witan.replica.Requests.check;
import static io.witan.replica.Requests.createTtl;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.delete;
import static io.witan.replica.Requests.exists;
import static io.witan.replica.Requests.multi;
import static io.witan.replica.Requests.reconfig;
import static io.witan.replica.Requests.setAcl;
import static io.witan.replica.Requests.setData;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Request;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Perms;
import io.witan.wire.txn.Txn;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/// Section 3.16: the first failing line of the table decides. Each test breaks one line and all
/// that come after it.
class ChecksOfWritesTest {

    private static final List<Acl> BAD_ACL = List.of();

    private final TestServer server = new TestServer(o -> o.enforceQuota = true);
    private final TestClient client = server.connects();

    @BeforeEach
    void znodes() {
        client.asks(creation("/a"));
        client.asks(creation("/a/b"));
        client.asks(creation("/ephemeral", EPHEMERAL));
        client.asks(creation("/closed", anyone(Perms.READ | Perms.ADMIN)));
        client.asks(creation("/hidden", anyone(Perms.ADMIN)));
        client.asks(creation("/full"));
        client.asks(creation("/zookeeper/quota/full"));
        client.asks(
                creation(
                        "/zookeeper/quota/full/zookeeper_limits",
                        "count=-1,bytes=-1=;byteHardLimit=5;countHardLimit=1"));
        client.asks(creation("/zookeeper/quota/full/zookeeper_stats"));
    }

    private static Request creating(int type, String path, int flags, long ttl, List<Acl> acl) {
        return creation(type, path, "", flags, ttl, acl);
    }

    // ---- create family

    @ParameterizedTest
    @ValueSource(ints = {-1, 7, Integer.MAX_VALUE})
    void create_1_flags_are_known(int flags) {
        assertThat(client.err(creating(OpCode.CREATE, "bad", flags, 0, BAD_ACL)))
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(client.err(creating(OpCode.CREATE_TTL, "bad", flags, -1, BAD_ACL)))
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    void create_2_extended_types_are_on() {
        TestClient plain = new TestServer(o -> o.extendedTypes = false).connects();

        assertThat(plain.err(creating(OpCode.CREATE_TTL, "bad", TTL, -1, BAD_ACL)))
                .isEqualTo(ErrorCode.UNIMPLEMENTED);
        assertThat(plain.err(creating(OpCode.CREATE, "bad", TTL, -1, BAD_ACL)))
                .isEqualTo(ErrorCode.UNIMPLEMENTED);
        assertThat(plain.isClosed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1L << 40, Long.MIN_VALUE, Long.MAX_VALUE})
    void create_3_the_ttl_is_in_range(long ttl) {
        assertThat(client.err(creating(OpCode.CREATE_TTL, "bad", TTL, ttl, BAD_ACL)))
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, (1L << 40) - 1})
    void create_3_the_ends_of_the_range_are_in_it(long ttl) {
        assertThat(client.err(createTtl("/ttl", TTL, ttl))).isZero();
    }

    @Test
    void create_5_the_path_has_a_slash_and_no_NUL() {
        assertThat(client.err(creation("x", BAD_ACL))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(client.err(creation("", BAD_ACL))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(client.err(creation("/x\0", BAD_ACL))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    void create_6_the_acl_is_valid() {
        assertThat(client.err(creation("/missing/x", BAD_ACL))).isEqualTo(ErrorCode.INVALID_ACL);
        assertThat(client.err(creation("/missing/x", (List<Acl>) null)))
                .isEqualTo(ErrorCode.INVALID_ACL);
    }

    @Test
    void create_7_the_parent_exists() {
        assertThat(client.err(creation("/missing/x"))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(client.err(creation("/a//b"))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(client.err(creation("/a/./b"))).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void create_8_the_parent_allows_it() {
        assertThat(client.err(creation("/closed/."))).isEqualTo(ErrorCode.NO_AUTH);
    }

    @Test
    void create_9_the_final_path_is_valid() {
        assertThat(client.err(creation("/ephemeral/."))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(client.err(creation("/a/"))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(client.err(creation("/"))).isEqualTo(ErrorCode.NODE_EXISTS);
        assertThat(client.err(creation("//a"))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(client.err(creation("/a/\u0001"))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(client.err(creation("/a/.", SEQUENTIAL))).isZero();
    }

    @Test
    void create_10_it_does_not_exist() {
        assertThat(client.err(creation("/ephemeral"))).isEqualTo(ErrorCode.NODE_EXISTS);
    }

    @Test
    void create_11_the_parent_is_no_ephemeral() {
        assertThat(client.err(creation("/ephemeral/x")))
                .isEqualTo(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS);
    }

    @Test
    void create_12_the_quota_allows_it() {
        assertThat(client.err(creation("/full/x"))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }

    @Test
    void create_fails_with_marshalling_error_for_a_null_path() {
        long zxid = client.asks(creation(null, 0)).zxid();

        assertThat(server.lastTxn().txn()).isEqualTo(new Txn.Failed(ErrorCode.MARSHALLING_ERROR));
        assertThat(server.lastTxn().header().zxid()).isEqualTo(zxid);
    }

    // ---- delete

    @Test
    void delete_2_the_path_has_a_slash_no_NUL_and_is_no_system_znode() {
        for (String path :
                List.of(
                        "x",
                        "",
                        "/missing/\0",
                        "/",
                        "/zookeeper",
                        "/zookeeper/quota",
                        "/zookeeper/config")) {
            assertThat(client.err(delete(path, 99))).as(path).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        }
    }

    @Test
    void delete_3_the_parent_exists() {
        assertThat(client.err(delete("/missing/x", 99))).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void delete_4_the_parent_allows_it() {
        assertThat(client.err(delete("/closed/missing", 99))).isEqualTo(ErrorCode.NO_AUTH);
    }

    @Test
    void delete_5_the_znode_exists() {
        assertThat(client.err(delete("/missing", 99))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(client.err(delete("/a/b/", 99))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(client.err(delete("//a", 99))).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void delete_6_the_version_is_right() {
        assertThat(client.err(delete("/a", 99))).isEqualTo(ErrorCode.BAD_VERSION);
        assertThat(client.err(delete("/a", -2))).isEqualTo(ErrorCode.BAD_VERSION);
    }

    @Test
    void delete_7_it_has_no_children() {
        assertThat(client.err(delete("/a", 0))).isEqualTo(ErrorCode.NOT_EMPTY);
    }

    @Test
    void delete_fails_with_marshalling_error_for_a_null_path() {
        assertThat(client.err(delete(null))).isEqualTo(ErrorCode.MARSHALLING_ERROR);
    }

    @Test
    void delete_needs_nothing_from_the_znode_itself() {
        assertThat(client.err(delete("/hidden"))).isZero();
    }

    // ---- setData

    @Test
    void setData_2_the_path_is_valid() {
        for (String path : new String[] {null, "", "x", "/missing/", "/missing//x", "/./x"}) {
            assertThat(client.err(setData(path, "", 99))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        }
    }

    @Test
    void setData_3_the_znode_exists() {
        assertThat(client.err(setData("/missing", "", 99))).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void setData_4_the_znode_allows_it() {
        assertThat(client.err(setData("/closed", "", 99))).isEqualTo(ErrorCode.NO_AUTH);
        assertThat(client.err(setData("/zookeeper/config", ""))).isEqualTo(ErrorCode.NO_AUTH);
    }

    @Test
    void setData_5_the_quota_allows_it() {
        assertThat(client.err(setData("/full", "123456", 99))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }

    @Test
    void setData_6_the_version_is_right() {
        assertThat(client.err(setData("/a", "", 1))).isEqualTo(ErrorCode.BAD_VERSION);
        assertThat(client.err(setData("/a", "", 0))).isZero();
        assertThat(client.err(setData("/a", "", 0))).isEqualTo(ErrorCode.BAD_VERSION);
        assertThat(client.err(setData("/a", "", 1))).isZero();
        assertThat(client.err(setData("/a", "", -1))).isZero();
    }

    // ---- setACL

    @Test
    void setAcl_2_the_path_is_valid() {
        for (String path : new String[] {null, "", "x", "/missing/", "/missing//x", "/./x"}) {
            assertThat(client.err(setAcl(path, BAD_ACL, 99))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        }
    }

    @Test
    void setAcl_3_the_acl_is_valid() {
        assertThat(client.err(setAcl("/missing", BAD_ACL, 99))).isEqualTo(ErrorCode.INVALID_ACL);
        assertThat(client.err(setAcl("/missing", null, 99))).isEqualTo(ErrorCode.INVALID_ACL);
    }

    @Test
    void setAcl_4_the_znode_exists() {
        assertThat(client.err(setAcl("/missing", Acl.OPEN, 99))).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void setAcl_5_the_znode_allows_it() {
        client.asks(creation("/fixed", anyone(Perms.ALL & ~Perms.ADMIN)));

        assertThat(client.err(setAcl("/fixed", Acl.OPEN, 99))).isEqualTo(ErrorCode.NO_AUTH);
    }

    @Test
    void setAcl_6_the_aversion_is_right() {
        assertThat(client.err(setData("/a", ""))).isZero();
        assertThat(client.err(setAcl("/a", Acl.OPEN, 1))).isEqualTo(ErrorCode.BAD_VERSION);
        assertThat(client.err(setAcl("/a", Acl.OPEN, 0))).isZero();
        assertThat(client.err(setAcl("/a", Acl.OPEN, 0))).isEqualTo(ErrorCode.BAD_VERSION);
    }

    // ---- check

    private int errOfCheck(@Nullable String path, int version) {
        Frame.Answer answer = client.asks(multi(check(path, version)));
        assertThat(answer.err()).isZero();
        String result = answer.resultTexts().get(0);
        return result.equals("" + OpCode.CHECK) ? 0 : Integer.parseInt(result);
    }

    @Test
    void check_2_the_path_is_valid() {
        assertThat(errOfCheck(null, 99)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(errOfCheck("/missing/", 99)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    void check_3_the_znode_exists() {
        assertThat(errOfCheck("/missing", 99)).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void check_4_the_znode_allows_reading() {
        assertThat(errOfCheck("/hidden", 99)).isEqualTo(ErrorCode.NO_AUTH);
    }

    @Test
    void check_5_the_version_is_right() {
        assertThat(errOfCheck("/a", 99)).isEqualTo(ErrorCode.BAD_VERSION);
        assertThat(errOfCheck("/a", 0)).isZero();
        assertThat(errOfCheck("/a", -1)).isZero();
    }

    // ---- reconfig

    @Test
    void reconfig_is_disabled_first_and_not_for_a_server_alone_second() {
        assertThat(client.err(reconfig())).isEqualTo(ErrorCode.RECONFIG_DISABLED);

        TestClient other = new TestServer(o -> o.reconfigEnabled = true).connects();
        assertThat(other.err(reconfig())).isEqualTo(ErrorCode.UNIMPLEMENTED);
        assertThat(other.isClosed()).isFalse();
    }

    // ---- zxids (section 3.3)

    @Test
    void a_write_that_fails_its_checks_takes_a_zxid_and_is_logged_without_a_digest() {
        long before = server.lastZxid();

        Frame.Answer answer = client.asks(creation("/a"));

        assertThat(answer.zxid()).isEqualTo(before + 1);
        assertThat(server.lastZxid()).isEqualTo(before + 1);
        assertThat(server.lastTxn().header().type()).isEqualTo(OpCode.ERROR);
        assertThat(server.lastTxn().header().clientId()).isEqualTo(client.sessionId());
        assertThat(server.lastTxn().header().cxid()).isEqualTo(answer.xid());
        assertThat(server.lastTxn().txn()).isEqualTo(new Txn.Failed(ErrorCode.NODE_EXISTS));
        assertThat(server.lastTxn().digest()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                OpCode.CREATE,
                OpCode.CREATE2,
                OpCode.CREATE_CONTAINER,
                OpCode.CREATE_TTL,
                OpCode.DELETE,
                OpCode.SET_DATA,
                OpCode.SET_ACL,
                OpCode.RECONFIG
            })
    void a_write_that_cannot_be_decoded_takes_no_zxid_and_is_not_logged(int type) {
        int logged = server.log.size();
        long before = server.lastZxid();

        client.sends(type, (byte) 0, (byte) 0, (byte) 0, (byte) 9, (byte) '/');

        Frame.Answer answer = client.takesAnswer();
        assertThat(answer.err()).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(answer.zxid()).isEqualTo(before);
        assertThat(server.log).hasSize(logged);
        assertThat(client.err(exists("/a"))).isZero();
    }

    @Test
    void a_multi_with_a_malformed_list_takes_a_zxid() {
        long before = server.lastZxid();

        client.sends(OpCode.MULTI, (byte) 0, (byte) 0, (byte) 0, (byte) 9);

        Frame.Answer answer = client.takesAnswer();
        assertThat(answer.err()).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(answer.raw()).hasSize(16);
        assertThat(answer.zxid()).isEqualTo(before + 1);
        assertThat(server.lastTxn().header().type()).isEqualTo(OpCode.ERROR);
    }

    @Test
    void bytes_after_a_request_are_ignored() {
        var out = new io.witan.wire.jute.JuteWriter();
        setData("/a", "x").write(out);
        out.writeLong(42);

        client.sends(OpCode.SET_DATA, out.toByteArray());

        assertThat(client.takesAnswer().stat().version()).isEqualTo(1);
    }

    @Test
    void a_null_id_of_scheme_world_is_stumbled_over_unless_an_earlier_entry_is_wrong() {
        assertThat(client.err(creation("/x", List.of(acl(31, "world", null)))))
                .isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(
                        client.err(
                                creation(
                                        "/x",
                                        List.of(
                                                acl(31, "world", "everyone"),
                                                acl(31, "world", null)))))
                .isEqualTo(ErrorCode.INVALID_ACL);
        assertThat(client.err(setAcl("/a", List.of(acl(31, "world", null)))))
                .isEqualTo(ErrorCode.MARSHALLING_ERROR);
    }

    @Test
    void containers_and_ttl_znodes_can_be_parents() {
        client.asks(creation(OpCode.CREATE_CONTAINER, "/c", "", CONTAINER, 0, Acl.OPEN));
        client.asks(createTtl("/t", TTL, 1_000));

        assertThat(client.err(creation("/c/x"))).isZero();
        assertThat(client.err(creation("/t/x"))).isZero();
    }
}
