package io.witan.replica;

import static io.witan.replica.Requests.EPHEMERAL;
import static io.witan.replica.Requests.bytes;
import static io.witan.replica.Requests.check;
import static io.witan.replica.Requests.closeSession;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.exists;
import static io.witan.replica.Requests.multi;
import static io.witan.replica.Requests.setData;
import static io.witan.replica.Requests.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.tree.TreeListener;
import io.witan.tree.TreeSettings;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.data.Perms;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;
import io.witan.zab.Effect;

import org.junit.jupiter.api.Test;

import java.util.List;

/// What a leader does for its learners (quorum, sections 4.10, 4.11, 8 and 10.1).
class EnsembleLeaderTest {

    private static final long LINK = 11;
    private static final long OTHER_LINK = 12;
    private static final long SESSION = 0x0200_0000_0000_0007L;
    private static final Id IP = new Id("ip", "10.1.1.1");

    private final TestMember leader = new TestMember().leads(1);

    private static byte[] timeout(int millis) {
        return new JuteWriter().writeInt(millis).toByteArray();
    }

    /// A session made on the learner at `LINK`.
    private void opensSession(TestMember server) {
        server.forwards(LINK, SESSION, 0, OpCode.CREATE_SESSION, timeout(8_000));
        server.commitsAll();
    }

    private void assertFailed(TestMember server, int cxid, int err) {
        assertThat(server.lastTxn().header().clientId()).isEqualTo(SESSION);
        assertThat(server.lastTxn().header().cxid()).isEqualTo(cxid);
        assertThat(server.lastTxn().header().type()).isEqualTo(OpCode.ERROR);
        assertThat(server.lastTxn().txn()).isEqualTo(new Txn.Failed(err));
    }

    // ---- requests

    @Test
    void a_learner_s_request_becomes_a_transaction_with_its_session_and_xid() {
        opensSession(leader);

        leader.forwards(LINK, SESSION, 5, creation("/a"), IP);
        leader.commitsAll();

        assertThat(leader.lastTxn().header().clientId()).isEqualTo(SESSION);
        assertThat(leader.lastTxn().header().cxid()).isEqualTo(5);
        assertThat(leader.lastTxn().header().type()).isEqualTo(OpCode.CREATE);
        assertThat(leader.znode("/a")).isNotNull();
    }

    @Test
    void its_word_for_the_client_s_identities_is_taken() {
        opensSession(leader);
        var mine = List.of(new Acl(Perms.ALL, new Id("ip", "10.1.1.1")));

        leader.forwards(LINK, SESSION, 1, creation("/a", mine), IP);
        leader.forwards(LINK, SESSION, 2, creation("/a/b"), new Id("ip", "10.9.9.9"));
        assertFailed(leader, 2, ErrorCode.NO_AUTH);

        leader.forwards(LINK, SESSION, 3, creation("/a/b"), new Id("super", ""));
        assertThat(leader.lastTxn().header().type()).isEqualTo(OpCode.CREATE);
    }

    @Test
    void what_cannot_be_decoded_fails_under_a_zxid_of_its_own() {
        opensSession(leader);
        long before = leader.lastTxn().header().zxid();

        leader.forwards(LINK, SESSION, 5, OpCode.SET_DATA, new byte[] {0, 0, 9}, IP);

        assertFailed(leader, 5, ErrorCode.MARSHALLING_ERROR);
        assertThat(leader.lastTxn().header().zxid()).isEqualTo(before + 1);
    }

    @Test
    void a_check_by_itself_never_becomes_one() {
        opensSession(leader);

        leader.forwards(LINK, SESSION, 5, check("/", 0), IP);

        assertFailed(leader, 5, ErrorCode.UNIMPLEMENTED);
    }

    @Test
    void nor_does_a_type_that_clients_cannot_ask_for() {
        opensSession(leader);

        leader.forwards(LINK, SESSION, 5, OpCode.DELETE_CONTAINER, bytes("/zookeeper"), IP);
        assertFailed(leader, 5, ErrorCode.UNIMPLEMENTED);

        leader.forwards(LINK, SESSION, 6, 4711, new byte[0], IP);
        assertFailed(leader, 6, ErrorCode.UNIMPLEMENTED);
    }

    @Test
    void ZK_4743_no_znode_comes_to_have_the_version_that_means_any() {
        TestMember next = new TestMember();
        var node = new Txn.Create(bytes("/a"), bytes("data"), Acl.OPEN, false, 1);
        next.delivers(SESSION, 1, (1L << 32) + 1, OpCode.CREATE, node);
        var last = new Txn.SetData(bytes("/a"), bytes("x"), -2);
        next.delivers(SESSION, 2, (1L << 32) + 2, OpCode.SET_DATA, last);
        next.leads(2);
        TestClient client = next.connects();

        client.sends(setData("/a", "y", -2));

        assertThat(((Txn.SetData) next.lastTxn().txn()).version()).isZero();
    }

    @Test
    void nobody_is_the_server_itself_by_saying_session_0() {
        leader.forwards(LINK, 0, 5, creation("/a"), IP);

        assertThat(leader.lastTxn().txn()).isEqualTo(new Txn.Failed(ErrorCode.SESSION_EXPIRED));
    }

    @Test
    void a_session_that_nobody_knows_is_over() {
        leader.forwards(LINK, SESSION, 5, creation("/a"), IP);
        assertFailed(leader, 5, ErrorCode.SESSION_EXPIRED);

        leader.forwards(LINK, SESSION, 6, closeSession(), IP);
        assertFailed(leader, 6, ErrorCode.SESSION_EXPIRED);
    }

    @Test
    void where_sessions_are_local_an_unknown_one_may_do_all_but_make_ephemerals() {
        TestMember server = new TestMember(o -> o.localSessions = true).leads(1);

        server.forwards(LINK, SESSION, 5, creation("/a"), IP);
        assertThat(server.lastTxn().header().type()).isEqualTo(OpCode.CREATE);

        server.forwards(LINK, SESSION, 6, creation("/e", EPHEMERAL), IP);
        assertFailed(server, 6, ErrorCode.SESSION_EXPIRED);

        server.forwards(LINK, SESSION, 7, multi(creation("/e", EPHEMERAL)), IP);
        assertFailed(server, 7, ErrorCode.SESSION_EXPIRED);
    }

    @Test
    void but_not_one_that_this_server_itself_has_made() {
        TestMember server = new TestMember(o -> o.localSessions = true).leads(1);
        long mine = 0x0100_0000_0000_0007L;

        server.forwards(LINK, mine, 5, creation("/a"), IP);

        assertThat(server.lastTxn().txn()).isEqualTo(new Txn.Failed(ErrorCode.SESSION_EXPIRED));
    }

    @Test
    void nor_one_that_was_known_to_all_and_is_over() {
        TestMember server = new TestMember(o -> o.localSessions = true).leads(1);
        opensSession(server);
        server.forwards(LINK, SESSION, 5, closeSession(), IP);
        server.commitsAll();

        server.forwards(LINK, SESSION, 6, creation("/a"), IP);

        assertFailed(server, 6, ErrorCode.SESSION_EXPIRED);
    }

    @Test
    void when_the_epoch_has_no_zxid_left_a_request_gets_no_answer() {
        TestClient client = leader.connects();
        int proposals = leader.agreement.log.size();
        leader.agreement.canPropose = false;

        client.sends(creation("/a"));
        leader.forwards(LINK, SESSION, 5, creation("/a"), IP);

        assertThat(leader.agreement.log).hasSize(proposals);
        client.hearsNothing();
    }

    @Test
    void a_transaction_that_it_has_not_proposed_stops_it() {
        assertThatThrownBy(() ->
                        leader.delivers(
                                SESSION,
                                1,
                                (1L << 32) + 1,
                                OpCode.CREATE_SESSION,
                                new Txn.CreateSession(1)))
                .isInstanceOf(IllegalStateException.class);
    }

    // ---- whose session it is

    @Test
    void a_session_is_spoken_for_by_the_server_it_was_made_on() {
        opensSession(leader);

        leader.forwards(OTHER_LINK, SESSION, 5, creation("/a"), IP);

        assertFailed(leader, 5, ErrorCode.SESSION_MOVED);
    }

    @Test
    void after_a_move_by_the_new_one() {
        opensSession(leader);

        assertThat(leader.asksAbout(OTHER_LINK, SESSION, 6_000)).endsWith(" true");

        leader.forwards(LINK, SESSION, 5, creation("/a"), IP);
        assertFailed(leader, 5, ErrorCode.SESSION_MOVED);
        leader.forwards(LINK, SESSION, 6, closeSession(), IP);
        assertFailed(leader, 6, ErrorCode.SESSION_MOVED);
        leader.forwards(LINK, SESSION, 7, multi(creation("/a")), IP);
        assertFailed(leader, 7, ErrorCode.SESSION_MOVED);
        leader.forwards(OTHER_LINK, SESSION, 1, creation("/a"), IP);
        assertThat(leader.lastTxn().header().type()).isEqualTo(OpCode.CREATE);
    }

    @Test
    void a_session_that_is_not_claimed_yet_belongs_to_the_first_that_asks() {
        ZnodeTree tree = treeWithSession();
        TestMember server = new TestMember(o -> o.tree = tree).leads(2);

        server.forwards(LINK, SESSION, 5, creation("/a"), IP);
        assertThat(server.lastTxn().header().type()).isEqualTo(OpCode.CREATE);

        server.forwards(OTHER_LINK, SESSION, 6, creation("/b"), IP);
        assertFailed(server, 6, ErrorCode.SESSION_MOVED);
    }

    @Test
    void agreement_hears_at_which_learners_sessions_live() {
        opensSession(leader);
        assertThat(leader.agreement.learnersWithClients).containsExactly(LINK + " true");

        leader.forwards(LINK, SESSION + 1, 0, OpCode.CREATE_SESSION, timeout(8_000));
        leader.forwards(LINK, SESSION + 1, 1, OpCode.CLOSE_SESSION, new byte[0]);
        leader.commitsAll();
        assertThat(leader.agreement.learnersWithClients).hasSize(1);

        leader.asksAbout(OTHER_LINK, SESSION, 8_000);
        assertThat(leader.agreement.learnersWithClients)
                .containsExactly(LINK + " true", LINK + " false", OTHER_LINK + " true");

        leader.forwards(OTHER_LINK, SESSION, 2, OpCode.CLOSE_SESSION, new byte[0]);
        leader.commitsAll();
        assertThat(leader.agreement.learnersWithClients).endsWith(OTHER_LINK + " false");
    }

    @Test
    void a_client_that_moves_away_from_the_leader_loses_its_connection_there() {
        TestClient client = leader.connects();

        assertThat(leader.asksAbout(LINK, client.sessionId(), 6_000)).endsWith(" true");

        assertThat(client.isClosed()).isTrue();
        leader.forwards(LINK, client.sessionId(), 1, creation("/a"), IP);
        assertThat(leader.lastTxn().header().type()).isEqualTo(OpCode.CREATE);
    }

    @Test
    void and_one_that_moves_to_the_leader_has_no_say_elsewhere() {
        opensSession(leader);
        TestClient client = leader.renews(SESSION, password(SESSION));
        leader.confirmsSync();
        client.takesConnectResponse();

        leader.forwards(LINK, SESSION, 5, creation("/a"), IP);

        assertFailed(leader, 5, ErrorCode.SESSION_MOVED);
    }

    @Test
    void it_comes_to_the_leader_once_a_quorum_says_that_this_is_the_leader_still() {
        opensSession(leader);

        TestClient client = leader.renews(SESSION, password(SESSION));
        client.hearsNothing();
        leader.confirmsSync();

        assertThat(client.takesConnectResponse().sessionId()).isEqualTo(SESSION);
    }

    @Test
    void a_leader_that_has_been_deposed_and_has_not_heard_of_it_brings_no_session_back() {
        opensSession(leader);

        TestClient client = leader.renews(SESSION, password(SESSION));
        leader.does(new Effect.StopServing("another server leads"));

        assertThat(client.isClosed()).isTrue();
        assertThat(client.takesAllTexts()).isEmpty();
    }

    @Test
    void it_comes_to_the_leader_after_what_it_wrote_elsewhere() {
        opensSession(leader);
        leader.forwards(LINK, SESSION, 5, creation("/a"), IP);
        TestClient client = leader.renews(SESSION, password(SESSION));
        client.hearsNothing();

        leader.commitsAll();
        leader.confirmsSync();

        client.takesConnectResponse();
        assertThat(client.err(exists("/a"))).isZero();
    }

    private static byte[] password(long session) {
        return io.witan.wire.client.SessionPassword.of(session);
    }

    // ---- the life of sessions

    @Test
    void a_learner_s_session_expires_unless_it_is_heard_of() {
        opensSession(leader);

        for (int i = 0; i < 10; i++) {
            leader.passes(4_000);
            leader.hears(LINK, SESSION, 8_000);
        }
        assertThat(leader.lastTxn().header().type()).isEqualTo(OpCode.CREATE_SESSION);

        leader.passes(12_000);
        assertThat(leader.lastTxn().header().type()).isEqualTo(OpCode.CLOSE_SESSION);
        assertThat(leader.lastTxn().header().clientId()).isEqualTo(SESSION);
        assertThat(leader.lastTxn().header().cxid()).isZero();
    }

    @Test
    void it_expires_once() {
        opensSession(leader);
        leader.passes(60_000);
        leader.hears(LINK, SESSION, 8_000);
        leader.passes(60_000);

        leader.commitsAll();

        assertThat(leader.agreement.log).hasSize(2);
        assertThat(leader.member.tree().sessions().count()).isZero();
    }

    @Test
    void from_then_on_it_is_not_valid_anywhere() {
        opensSession(leader);
        leader.passes(60_000);

        assertThat(leader.asksAbout(LINK, SESSION, 8_000)).endsWith(" false");
        leader.forwards(LINK, SESSION, 5, creation("/a"), IP);
        assertFailed(leader, 5, ErrorCode.SESSION_EXPIRED);
    }

    @Test
    void a_session_that_expires_before_it_is_committed_ends_after_its_begin() {
        leader.forwards(LINK, SESSION, 0, OpCode.CREATE_SESSION, timeout(4_000));
        leader.forwards(LINK, SESSION, 1, creation("/e", EPHEMERAL), IP);
        leader.passes(20_000);

        leader.commitsAll();

        assertThat(leader.agreement.log).hasSize(3);
        assertThat(leader.znode("/e")).isNull();
        assertThat(leader.member.tree().ephemeralCount()).isZero();
    }

    @Test
    void revalidation_is_as_good_as_hearing_of_it_and_sets_the_timeout() {
        opensSession(leader);
        leader.passes(6_000);

        leader.asksAbout(LINK, SESSION, 20_000);
        leader.passes(18_000);

        assertThat(leader.asksAbout(LINK, SESSION, 20_000)).endsWith(" true");
    }

    @Test
    void an_unknown_session_is_not_valid() {
        assertThat(leader.asksAbout(LINK, SESSION, 8_000))
                .isEqualTo(LINK + " " + Long.toHexString(SESSION) + " false");
    }

    @Test
    void a_new_leader_gives_each_session_its_full_time() {
        TestMember server = new TestMember(o -> o.tree = treeWithSession());
        server.passes(100_000);
        server.leads(2);

        server.passes(3_900);
        assertThat(server.agreement.log).isEmpty();

        server.passes(2_200);
        assertThat(server.lastTxn().header().type()).isEqualTo(OpCode.CLOSE_SESSION);
    }

    private static ZnodeTree treeWithSession() {
        var tree = new ZnodeTree(new TreeSettings(true, false, true, 99));
        long zxid = (1L << 32) + 1;
        tree.apply(
                new TxnHeader(SESSION, 0, zxid, 0, OpCode.CREATE_SESSION),
                new Txn.CreateSession(4_000),
                TreeListener.NONE);
        return tree;
    }

    @Test
    void ephemerals_of_sessions_that_nobody_knows_go_with_a_transaction() {
        var tree = new ZnodeTree(new TreeSettings(true, false, true, 99));
        tree.apply(
                new TxnHeader(SESSION, 1, (1L << 32) + 1, 0, OpCode.CREATE),
                new Txn.Create(bytes("/e"), bytes(""), Acl.OPEN, true, 1),
                TreeListener.NONE);
        TestMember server = new TestMember(o -> o.tree = tree).leads(2);

        assertThat(server.lastTxn().header().type()).isEqualTo(OpCode.CLOSE_SESSION);
        assertThat(server.lastTxn().header().clientId()).isEqualTo(SESSION);
        server.commitsAll();
        assertThat(server.znode("/e")).isNull();
    }

    @Test
    void the_closing_transaction_takes_away_what_the_session_owns() {
        opensSession(leader);
        leader.forwards(LINK, SESSION, 1, creation("/e", EPHEMERAL), IP);
        leader.forwards(LINK, SESSION, 2, closeSession(), IP);

        assertThat(((Txn.CloseSession) leader.lastTxn().txn()).paths())
                .containsExactly(bytes("/e"));
        leader.forwards(LINK, SESSION, 3, creation("/f"), IP);
        assertFailed(leader, 3, ErrorCode.SESSION_EXPIRED);
    }

    // ---- sync

    @Test
    void a_sync_is_answered_when_it_is_confirmed() {
        TestClient client = leader.connects();
        int sync = client.sends(sync("/a"));
        int read = client.sends(exists("/"));
        client.hearsNothing();

        leader.confirmsSync();

        assertThat(client.takesAllTexts()).containsExactly("" + sync, "" + read);
    }

    @Test
    void a_sync_waits_for_the_writes_before_it() {
        TestClient client = leader.connects();
        int write = client.sends(creation("/a"));
        int sync = client.sends(sync("/a"));

        leader.commitsAll();
        leader.confirmsSync();

        assertThat(client.takesAllTexts()).containsExactly("" + write, "" + sync);
    }

    @Test
    void a_later_write_of_the_same_client_confirms_it() {
        TestClient client = leader.connects();
        int sync = client.sends(sync("/a"));
        int read = client.sends(exists("/a"));
        int write = client.sends(creation("/a"));

        leader.commitsAll();

        assertThat(client.takesAnswer().xid()).isEqualTo(sync);
        Frame.Answer unseen = client.takesAnswer();
        assertThat(unseen.xid()).isEqualTo(read);
        assertThat(unseen.err()).isEqualTo(ErrorCode.NO_NODE);
        assertThat(client.takesAnswer().xid()).isEqualTo(write);
        leader.confirmsSync();
        client.hearsNothing();
    }

    @Test
    void a_client_that_has_gone_is_not_told_of_its_sync() {
        TestClient client = leader.connects();
        client.sends(sync("/a"));
        client.vanishes();

        leader.confirmsSync();

        client.hearsNothing();
    }

    @Test
    void a_confirmation_of_an_earlier_period_is_for_nobody() {
        TestClient client = leader.connects();
        client.sends(sync("/a"));
        long stale = leader.agreement.syncs.removeFirst();
        leader.does(new Effect.StopServing("no quorum"));
        leader.leads(2);
        TestClient later = leader.connects();
        later.sends(sync("/a"));

        leader.does(new Effect.Synced(stale));

        later.hearsNothing();
    }
}
