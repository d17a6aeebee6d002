package io.witan.replica;

import static io.witan.replica.Requests.CONTAINER;
import static io.witan.replica.Requests.EPHEMERAL;
import static io.witan.replica.Requests.EPHEMERAL_SEQUENTIAL;
import static io.witan.replica.Requests.PERSISTENT;
import static io.witan.replica.Requests.SEQUENTIAL;
import static io.witan.replica.Requests.SEQUENTIAL_TTL;
import static io.witan.replica.Requests.TTL;
import static io.witan.replica.Requests.create2;
import static io.witan.replica.Requests.createContainer;
import static io.witan.replica.Requests.createTtl;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.delete;
import static io.witan.replica.Requests.getData;
import static io.witan.replica.Requests.multi;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.tree.OwnerKind;
import io.witan.tree.TreeSettings;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Stat;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sections 3.5 to 3.7: which requests make which znodes, and what they are called.
class CreateTest {

    private final TestServer server = new TestServer();
    private final TestClient client = server.connects();

    private OwnerKind kindOf(String path) {
        return OwnerKind.of(server.existing(path).storedOwner(), server.tree.settings());
    }

    // ---- the table of types and flags

    @ParameterizedTest
    @CsvSource({
        OpCode.CREATE + ",0,PERSISTENT,false",
        OpCode.CREATE + ",1,EPHEMERAL,false",
        OpCode.CREATE + ",2,PERSISTENT,true",
        OpCode.CREATE + ",3,EPHEMERAL,true",
        OpCode.CREATE + ",4,PERSISTENT,false",
        OpCode.CREATE2 + ",0,PERSISTENT,false",
        OpCode.CREATE2 + ",1,EPHEMERAL,false",
        OpCode.CREATE2 + ",2,PERSISTENT,true",
        OpCode.CREATE2 + ",3,EPHEMERAL,true",
        OpCode.CREATE2 + ",4,PERSISTENT,false",
        OpCode.CREATE_CONTAINER + ",0,CONTAINER,false",
        OpCode.CREATE_CONTAINER + ",1,CONTAINER,false",
        OpCode.CREATE_CONTAINER + ",2,CONTAINER,true",
        OpCode.CREATE_CONTAINER + ",3,CONTAINER,true",
        OpCode.CREATE_CONTAINER + ",4,CONTAINER,false",
        OpCode.CREATE_TTL + ",5,TTL,false",
        OpCode.CREATE_TTL + ",6,TTL,true",
    })
    void type_and_flags_make_a_znode_of_a_kind(
            int type, int flags, OwnerKind kind, boolean sequential) {
        Frame.Answer answer = client.asks(creation(type, "/x", "", flags, 5, Acl.OPEN));

        String path = sequential ? "/x0000000000" : "/x";
        assertThat(answer.path()).isEqualTo(path);
        assertThat(kindOf(path)).isEqualTo(kind);
        assertThat(server.lastTxn().header().type()).isEqualTo(type);
        assertThat(client.asks(getData(path)).stat().ephemeralOwner())
                .isEqualTo(kind == OwnerKind.EPHEMERAL ? client.sessionId() : 0);
    }

    @ParameterizedTest
    @CsvSource({
        OpCode.CREATE + ",5",
        OpCode.CREATE + ",6",
        OpCode.CREATE2 + ",5",
        OpCode.CREATE2 + ",6",
        OpCode.CREATE_CONTAINER + ",5",
        OpCode.CREATE_CONTAINER + ",6",
        OpCode.CREATE_TTL + ",0",
        OpCode.CREATE_TTL + ",1",
        OpCode.CREATE_TTL + ",2",
        OpCode.CREATE_TTL + ",3",
        OpCode.CREATE_TTL + ",4",
    })
    void other_pairs_of_type_and_flags_are_bad_arguments(int type, int flags) {
        assertThat(client.err(creation(type, "/x", "", flags, 5, Acl.OPEN)))
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(client.err(creation(type, "/x", "", flags, -5, Acl.OPEN)))
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @ParameterizedTest
    @ValueSource(ints = {OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL})
    void without_extended_types_ttl_flags_are_unimplemented(int type) {
        TestClient plain = new TestServer(o -> o.extendedTypes = false).connects();

        assertThat(plain.err(creation(type, "/x", "", TTL, 5, Acl.OPEN)))
                .isEqualTo(ErrorCode.UNIMPLEMENTED);
        assertThat(plain.err(creation(type, "/x", "", SEQUENTIAL_TTL, 5, Acl.OPEN)))
                .isEqualTo(ErrorCode.UNIMPLEMENTED);
    }

    @Test
    void a_ttl_znode_stores_its_time_to_live_in_its_owner() {
        client.asks(createTtl("/t", TTL, 0x1234));

        assertThat(server.existing("/t").storedOwner()).isEqualTo(0xFF00_0000_0000_1234L);
        assertThat(server.lastTxn().txn()).isInstanceOf(Txn.CreateTtl.class);
    }

    @Test
    void data_may_be_null_and_stays_null() {
        client.asks(creation(OpCode.CREATE, "/null", null, PERSISTENT, 0, Acl.OPEN));
        client.asks(creation(OpCode.CREATE, "/empty", "", PERSISTENT, 0, Acl.OPEN));

        assertThat(client.asks(getData("/null")).data()).isEqualTo("null");
        assertThat(client.asks(getData("/empty")).data()).isEmpty();
    }

    @Test
    void create_answers_the_path_and_the_others_the_stat_too() {
        assertThat(client.asks(creation("/a")).path()).isEqualTo("/a");

        Stat stat = client.asks(create2("/a/b", PERSISTENT)).stat();
        long zxid = server.lastZxid();

        assertThat(stat)
                .isEqualTo(
                        new Stat(zxid, zxid, server.wall(), server.wall(), 0, 0, 0, 0, 0, 0, zxid));
    }

    @Test
    void the_stat_in_the_answer_is_that_right_after_the_create() {
        server.holds();
        client.sends(create2("/a", PERSISTENT));
        client.sends(creation("/a/b"));
        server.commitsAll();

        assertThat(client.takesAnswer().stat().numChildren()).isZero();
    }

    @Test
    void an_ephemeral_of_a_pending_create_has_no_children_either() {
        server.holds();
        client.sends(creation("/e", EPHEMERAL));
        client.sends(creation("/e/x"));
        server.commitsAll();

        client.takes();
        assertThat(client.takesAnswer().err()).isEqualTo(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS);
    }

    // ---- sequential names

    @Test
    void a_sequential_name_has_the_number_of_creates_below_its_parent() {
        client.asks(creation("/p"));

        assertThat(client.asks(creation("/p/x", SEQUENTIAL)).path()).isEqualTo("/p/x0000000000");
        assertThat(client.asks(creation("/p/y", SEQUENTIAL)).path()).isEqualTo("/p/y0000000001");
    }

    @Test
    void every_create_moves_the_number_and_deletes_do_not() {
        client.asks(creation("/p"));
        client.asks(creation("/p/a"));
        client.asks(createContainer("/p/c"));
        client.asks(createTtl("/p/t", TTL, 10));
        client.asks(creation("/p/e", EPHEMERAL));
        client.asks(delete("/p/a"));

        assertThat(client.asks(creation("/p/x", EPHEMERAL_SEQUENTIAL)).path())
                .isEqualTo("/p/x0000000004");
    }

    @Test
    void failed_creates_do_not_move_the_number() {
        client.asks(creation("/p"));
        client.asks(creation("/p/a"));
        client.asks(creation("/p/a"));
        client.asks(multi(creation("/p/b"), delete("/missing")));

        assertThat(client.asks(creation("/p/x", SEQUENTIAL)).path()).isEqualTo("/p/x0000000001");
    }

    @Test
    void pending_creates_are_counted() {
        client.asks(creation("/p"));
        server.holds();
        client.sends(creation("/p/a"));
        client.sends(creation("/p/x", SEQUENTIAL));
        client.sends(multi(creation("/p/b"), creation("/p/y", SEQUENTIAL)));
        client.sends(creation("/p/z", SEQUENTIAL));
        server.commitsAll();

        client.takes();
        assertThat(client.takesAnswer().path()).isEqualTo("/p/x0000000001");
        assertThat(client.takesAnswer().resultTexts())
                .containsExactly("1 /p/b", "1 /p/y0000000003");
        assertThat(client.takesAnswer().path()).isEqualTo("/p/z0000000004");
    }

    @Test
    void the_number_can_be_the_whole_name() {
        client.asks(creation("/p"));

        assertThat(client.asks(creation("/p/", SEQUENTIAL)).path()).isEqualTo("/p/0000000000");
        assertThat(client.asks(creation("/", SEQUENTIAL)).path()).startsWith("/00000000");
    }

    @Test
    void beyond_the_largest_number_names_are_refused_and_not_wrapped() {
        ZnodeTree tree = new ZnodeTree(new TreeSettings(true, false, true, 3));
        long zxid = 1;
        tree.apply(
                new TxnHeader(1, 1, zxid++, 1, OpCode.CREATE),
                new Txn.Create(Requests.bytes("/p"), null, Acl.OPEN, false, 1),
                TreeListenerFor.NOBODY);
        tree.apply(
                new TxnHeader(1, 1, zxid, 1, OpCode.CREATE),
                new Txn.Create(
                        Requests.bytes("/p/a"), null, Acl.OPEN, false, Integer.MAX_VALUE - 1),
                TreeListenerFor.NOBODY);
        TestServer old = new TestServer(o -> o.tree = tree);
        TestClient c = old.connects();

        assertThat(c.asks(creation("/p/x", SEQUENTIAL)).path()).isEqualTo("/p/x2147483646");
        assertThat(c.asks(creation("/p/x", SEQUENTIAL)).path()).isEqualTo("/p/x2147483647");
        assertThat(c.err(creation("/p/x", SEQUENTIAL))).isEqualTo(ErrorCode.NODE_EXISTS);
        assertThat(old.lastTxn().digest()).isNull();
        c.asks(creation("/p/other"));
        assertThat(old.lastDigest()).isEqualTo(tree.digest());
    }

    @Test
    void a_container_flag_in_a_create_of_a_multi_makes_a_container() {
        client.asks(multi(creation("/c", CONTAINER)));

        assertThat(kindOf("/c")).isEqualTo(OwnerKind.CONTAINER);
    }
}
