package io.witan.interop.poison;

import static io.witan.interop.poison.Requests.BAD_ARGUMENTS;
import static io.witan.interop.poison.Requests.CREATE;
import static io.witan.interop.poison.Requests.CREATE2;
import static io.witan.interop.poison.Requests.CREATE_CONTAINER;
import static io.witan.interop.poison.Requests.CREATE_SESSION;
import static io.witan.interop.poison.Requests.CREATE_TTL;
import static io.witan.interop.poison.Requests.DELETE;
import static io.witan.interop.poison.Requests.DELETE_CONTAINER;
import static io.witan.interop.poison.Requests.GET_DATA;
import static io.witan.interop.poison.Requests.MARSHALLING_ERROR;
import static io.witan.interop.poison.Requests.OK;
import static io.witan.interop.poison.Requests.PING;
import static io.witan.interop.poison.Requests.SET_ACL;
import static io.witan.interop.poison.Requests.SET_DATA;
import static io.witan.interop.poison.Requests.SET_WATCHES;
import static io.witan.interop.poison.Requests.UNIMPLEMENTED;
import static io.witan.interop.poison.Requests.createTtl;
import static io.witan.interop.poison.Requests.createZnode;
import static io.witan.interop.poison.Requests.delete;
import static io.witan.interop.poison.Requests.getData;
import static io.witan.interop.poison.Requests.setData;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.interop.AgainstWitan;
import io.witan.interop.ServerProcess;
import io.witan.interop.wire.Jute;
import io.witan.interop.wire.Reply;
import io.witan.interop.wire.WireConnection;
import io.witan.interop.wire.WireConnection.Session;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

@AgainstWitan(config = "enforceQuota=true")
class PoisonIT {

    private static final String QUOTA = "/zookeeper/quota";

    private final List<WireConnection> connections = new ArrayList<>();
    private ServerProcess server;
    private WireConnection client;
    private Session session;
    private int xid;

    @BeforeEach
    void a_client_is_connected(ServerProcess server) throws IOException {
        this.server = server;
        client = connection();
        session = client.connect(30_000);
    }

    @AfterEach
    void the_server_serves_and_starts_again_on_its_data() throws IOException {
        try (var other = new WireConnection(server.address())) {
            assertThat(other.connect(30_000).id()).as("goes on serving").isNotZero();
            assertThat(other.call(1, GET_DATA, getData("/zookeeper")).err()).isEqualTo(OK);
        }
        server.kill();
        assertThat(server.tryStart()).as("starts again:%n%s", server.log()).isTrue();
        for (WireConnection connection : connections) {
            connection.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void a_negative_ttl_is_a_bad_argument_whatever_the_flags(int flags) throws IOException {
        assertThat(call(CREATE_TTL, createTtl("/ttl" + flags, flags, -1)).err())
                .isEqualTo(BAD_ARGUMENTS);
        assertThat(call(CREATE_TTL, createTtl("/ttl" + flags, flags, Long.MIN_VALUE)).err())
                .isEqualTo(BAD_ARGUMENTS);
    }

    @Test
    void a_negative_ttl_inside_a_transaction_changes_nothing() throws IOException {
        var ops =
                new Jute()
                        .bytes(op(CREATE, createZnode("/in-multi", "x")))
                        .bytes(op(CREATE_TTL, createTtl("/in-multi-ttl", 5, -1)))
                        .bytes(endOfOps());

        call(Requests.MULTI, ops);

        assertThat(call(GET_DATA, getData("/in-multi")).err()).isEqualTo(-101);
    }

    @Test
    void a_quota_on_the_root_is_an_ordinary_znode() throws IOException {
        assertThat(call(CREATE, createZnode(QUOTA + "/zookeeper_limits", "count=1,bytes=1")).err())
                .isEqualTo(OK);
        assertThat(call(CREATE, createZnode(QUOTA + "/zookeeper_stats", "count=1,bytes=1")).err())
                .isEqualTo(OK);
        assertThat(call(CREATE, createZnode("/under-root-quota", "many more bytes")).err())
                .isEqualTo(OK);
        assertThat(text(QUOTA + "/zookeeper_stats")).isEqualTo("count=1,bytes=1");
        assertThat(call(DELETE, delete(QUOTA + "/zookeeper_limits")).err()).isEqualTo(OK);
        assertThat(call(DELETE, delete(QUOTA + "/zookeeper_stats")).err()).isEqualTo(OK);
    }

    @Test
    void limits_outside_the_quota_tree_are_an_ordinary_znode() throws IOException {
        assertThat(call(CREATE, createZnode("/zookeeper/zookeeper_limits", "x")).err())
                .isEqualTo(OK);
        assertThat(call(DELETE, delete("/zookeeper/zookeeper_limits")).err()).isEqualTo(OK);
        assertThat(call(CREATE, createZnode("/zookeeper_limits", "x")).err()).isEqualTo(OK);
        assertThat(call(DELETE, delete("/zookeeper_limits")).err()).isEqualTo(OK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "junk",
                "count=,bytes=",
                "count=x,bytes=1",
                "=",
                ",,,;;;",
                "count=99999999999999999999,bytes=1"
            })
    void junk_in_the_statistics_of_a_quota_stops_nothing(String junk) throws IOException {
        String root = "/junk-stats-" + Integer.toHexString(junk.hashCode());
        quota(root, "count=1000,bytes=1000");
        assertThat(call(SET_DATA, setData(QUOTA + root + "/zookeeper_stats", junk)).err())
                .isEqualTo(OK);

        assertThat(call(CREATE, createZnode(root + "/a", "12345")).err()).isEqualTo(OK);
        assertThat(call(SET_DATA, setData(root + "/a", "1")).err()).isEqualTo(OK);
        assertThat(call(DELETE, delete(root + "/a")).err()).isEqualTo(OK);

        assertThat(text(QUOTA + root + "/zookeeper_stats")).matches("count=-?\\d+,bytes=-?\\d+.*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"junk", "count=x,bytes=y", "byteHardLimit", "count=1,bytes=1=;=;="})
    void junk_in_the_limits_of_a_quota_is_no_limit(String junk) throws IOException {
        String root = "/junk-limits-" + Integer.toHexString(junk.hashCode());
        quota(root, junk);

        assertThat(call(CREATE, createZnode(root + "/a", "12345")).err()).isEqualTo(OK);
        assertThat(call(SET_DATA, setData(root + "/a", "123456789")).err()).isEqualTo(OK);
    }

    @Test
    void quota_znodes_without_data_stop_nothing() throws IOException {
        String root = "/null-quota";
        call(CREATE, createZnode(root, "x"));
        call(CREATE, createZnode(QUOTA + root, ""));
        var nothing = new Jute();
        for (String name : List.of("zookeeper_limits", "zookeeper_stats")) {
            nothing = new Jute().string(QUOTA + root + "/" + name).integer(-1).openAcl().integer(0);
            assertThat(call(CREATE, nothing).err()).isEqualTo(OK);
            var reset = new Jute().string(QUOTA + root + "/" + name).integer(-1).integer(-1);
            assertThat(call(SET_DATA, reset).err()).isEqualTo(OK);
        }

        assertThat(call(CREATE, createZnode(root + "/a", "12345")).err()).isEqualTo(OK);
    }

    @Test
    void a_client_cannot_delete_as_the_server_does() throws IOException {
        call(CREATE_CONTAINER, createZnode("/container", "x", 4));

        Reply refusal = call(DELETE_CONTAINER, new Jute().string("/container"));

        assertThat(refusal.err()).isEqualTo(UNIMPLEMENTED);
        assertThat(refusal.zxid()).isEqualTo(-1);
        assertThat(client.read()).as("closed afterwards").isNull();
        assertThat(anotherCall(GET_DATA, getData("/container")).err()).isEqualTo(OK);
    }

    @Test
    void a_client_cannot_create_a_session_inside_its_session() throws IOException {
        Reply refusal = call(CREATE_SESSION, new Jute().integer(10_000));

        assertThat(refusal.err()).isEqualTo(UNIMPLEMENTED);
        assertThat(refusal.bodyLength()).isZero();
        assertThat(client.read()).as("closed afterwards").isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {CREATE, DELETE, SET_DATA, SET_ACL, CREATE2, CREATE_CONTAINER, CREATE_TTL})
    void an_undecodable_write_uses_no_zxid(int type) throws IOException {
        long before = call(PING, new Jute()).zxid();

        for (Jute body :
                List.of(
                        new Jute(),
                        new Jute().integer(5),
                        new Jute().integer(Integer.MAX_VALUE),
                        new Jute().integer(-2),
                        new Jute().string("/x").bool(true))) {
            Reply reply = call(type, body);
            assertThat(reply.err()).isEqualTo(MARSHALLING_ERROR);
            assertThat(reply.bodyLength()).isZero();
        }

        assertThat(call(PING, new Jute()).zxid()).isEqualTo(before);
        assertThat(call(CREATE, createZnode("/next" + type, "x")).zxid()).isEqualTo(before + 1);
    }

    @Test
    void a_list_said_to_be_huge_costs_nothing() throws IOException {
        var hugeAcl =
                new Jute()
                        .string("/huge")
                        .buffer(new byte[0])
                        .integer(Integer.MAX_VALUE)
                        .integer(31);
        assertThat(call(CREATE, hugeAcl).err()).isEqualTo(MARSHALLING_ERROR);

        var hugeWatches = new Jute().longInteger(0).integer(Integer.MAX_VALUE);
        assertThat(call(SET_WATCHES, hugeWatches).err()).isEqualTo(MARSHALLING_ERROR);
    }

    @Test
    void junk_instead_of_operations_of_a_transaction_is_refused() throws IOException {
        for (Jute body :
                List.of(
                        new Jute(),
                        op(Integer.MIN_VALUE, new Jute()),
                        op(CREATE, new Jute().integer(Integer.MAX_VALUE)),
                        op(DELETE_CONTAINER, new Jute().string("/zookeeper")).bytes(endOfOps()),
                        op(CREATE_SESSION, new Jute().integer(1)).bytes(endOfOps()),
                        op(-11, new Jute()).bytes(endOfOps()),
                        op(Requests.MULTI, endOfOps()).bytes(endOfOps()))) {
            assertThat(call(Requests.MULTI, body).err()).isEqualTo(MARSHALLING_ERROR);
        }
    }

    @Test
    void a_wrong_password_leaves_the_healthy_connection_alone() throws IOException {
        byte[] wrong = session.password().clone();
        wrong[0] ^= 1;

        Session refused = connection().renew(new Session(30_000, session.id(), wrong));

        assertThat(refused.id()).isZero();
        assertThat(call(CREATE, createZnode("/still-here", "x")).err()).isEqualTo(OK);
    }

    @Test
    void an_unreadable_connect_request_closes_only_its_connection() throws IOException {
        for (Jute frame :
                List.of(
                        new Jute(),
                        new Jute().integer(0),
                        connectRequest().integer(Integer.MAX_VALUE),
                        connectRequest().integer(-2),
                        connectRequest().integer(16))) {
            var connection = connection();
            connection.send(frame.bytes());
            assertThat(connection.read()).isNull();
        }
        assertThat(call(PING, new Jute()).err()).isEqualTo(OK);
    }

    @Test
    void frames_beyond_the_limit_close_only_their_connection() throws IOException {
        for (int length : List.of(1_048_576, Integer.MAX_VALUE, -1, Integer.MIN_VALUE)) {
            var connection = connection();
            connection.connect(30_000);
            connection.sendRaw(new Jute().integer(length).bytes());
            assertThat(connection.read()).isNull();
        }
        assertThat(call(PING, new Jute()).err()).isEqualTo(OK);
    }

    @Test
    void reconfiguration_of_a_standalone_server_is_refused() throws IOException {
        var body = new Jute().string("server.2=a:1:2;3").integer(-1).integer(-1).longInteger(-1);

        assertThat(call(Requests.RECONFIG, body).err()).isEqualTo(-123);
    }

    private void quota(String root, String limits) throws IOException {
        assertThat(call(CREATE, createZnode(root, "x")).err()).isEqualTo(OK);
        assertThat(call(CREATE, createZnode(QUOTA + root, "")).err()).isEqualTo(OK);
        assertThat(call(CREATE, createZnode(QUOTA + root + "/zookeeper_limits", limits)).err())
                .isEqualTo(OK);
        assertThat(
                        call(
                                        CREATE,
                                        createZnode(
                                                QUOTA + root + "/zookeeper_stats",
                                                "count=0,bytes=0"))
                                .err())
                .isEqualTo(OK);
    }

    private Reply call(int type, Jute body) throws IOException {
        return client.call(++xid, type, body);
    }

    private Reply anotherCall(int type, Jute body) throws IOException {
        var connection = connection();
        connection.connect(30_000);
        return connection.call(1, type, body);
    }

    private String text(String path) throws IOException {
        return new String(call(GET_DATA, getData(path)).body().buffer(), UTF_8);
    }

    private WireConnection connection() throws IOException {
        var connection = new WireConnection(server.address());
        connections.add(connection);
        return connection;
    }

    private static Jute connectRequest() {
        return new Jute().integer(0).longInteger(0).integer(30_000).longInteger(0);
    }

    private static Jute op(int type, Jute body) {
        return new Jute().integer(type).bool(false).integer(-1).bytes(body);
    }

    private static Jute endOfOps() {
        return new Jute().integer(-1).bool(true).integer(-1);
    }
}
