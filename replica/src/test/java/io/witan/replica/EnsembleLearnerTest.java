package io.witan.replica;

import static io.witan.replica.Requests.EPHEMERAL;
import static io.witan.replica.Requests.TTL;
import static io.witan.replica.Requests.bytes;
import static io.witan.replica.Requests.closeSession;
import static io.witan.replica.Requests.createTtl;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.delete;
import static io.witan.replica.Requests.exists;
import static io.witan.replica.Requests.multi;
import static io.witan.replica.Requests.ping;
import static io.witan.replica.Requests.setData;
import static io.witan.replica.Requests.sync;
import static io.witan.replica.Requests.watching;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.SessionPassword;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.SessionTouch;
import io.witan.wire.txn.Txn;
import io.witan.zab.Effect;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// What a follower or observer does for its clients (quorum, sections 4.10, 4.11 and 8.1).
class EnsembleLearnerTest {

    private static final long SESSION = 0x0200_0000_0000_0007L;

    private final TestMember learner = new TestMember().follows(1);
    private final TestMember upgrading =
            new TestMember(
                            o -> {
                                o.localSessions = true;
                                o.upgrading = true;
                            })
                    .follows(1);

    private long zxid = 1L << 32;

    private static Txn.Create node(String path, boolean ephemeral) {
        return new Txn.Create(bytes(path), bytes("data"), Acl.OPEN, ephemeral, 1);
    }

    /// The leader has made this of the oldest request.
    private void becomes(TestMember server, Txn txn) {
        ForwardedRequest request = server.agreement.forwarded.removeFirst();
        int type = txn instanceof Txn.Failed ? OpCode.ERROR : request.type();
        server.delivers(request.sessionId(), request.cxid(), ++zxid, type, txn);
    }

    /// A connection with a session of the ensemble.
    private TestClient connected() {
        TestClient client = learner.introduces();
        becomes(learner, new Txn.CreateSession(10_000));
        client.takesConnectResponse();
        return client;
    }

    // ---- writes

    @Test
    void a_write_goes_to_the_leader_as_it_came() {
        TestClient client = connected();
        int xid = client.sends(OpCode.DELETE, new byte[] {0, 0, 0, 2, '/', 'a', -1, -1, -1, -1});

        ForwardedRequest request = learner.agreement.forwarded.getLast();
        assertThat(request.sessionId()).isEqualTo(client.sessionId());
        assertThat(request.cxid()).isEqualTo(xid);
        assertThat(request.type()).isEqualTo(OpCode.DELETE);
        assertThat(request.body()).isEqualTo(new byte[] {0, 0, 0, 2, '/', 'a', -1, -1, -1, -1});
        assertThat(request.ids()).containsExactly(new Id("ip", "10.0.0.1"));
    }

    @Test
    void it_is_answered_when_its_transaction_is_applied() {
        TestClient client = connected();
        int xid = client.sends(creation("/a"));
        client.hearsNothing();

        becomes(learner, node("/a", false));

        Frame.Answer answer = client.takesAnswer();
        assertThat(answer.xid()).isEqualTo(xid);
        assertThat(answer.zxid()).isEqualTo(zxid);
        assertThat(answer.path()).isEqualTo("/a");
    }

    @Test
    void or_with_the_error_that_its_transaction_is() {
        TestClient client = connected();
        client.sends(delete("/a"));

        becomes(learner, new Txn.Failed(ErrorCode.NO_NODE));

        assertThat(client.takesAnswer().err()).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void requests_behind_it_wait_for_it() {
        TestClient client = connected();
        int write = client.sends(creation("/a"));
        int read = client.sends(exists("/a"));
        client.hearsNothing();

        becomes(learner, node("/a", false));

        assertThat(client.takesAnswer().xid()).isEqualTo(write);
        Frame.Answer seen = client.takesAnswer();
        assertThat(seen.xid()).isEqualTo(read);
        assertThat(seen.err()).isZero();
    }

    @Test
    void other_clients_do_not_wait_for_it() {
        TestClient client = connected();
        TestClient other = connected();
        client.sends(creation("/a"));

        assertThat(other.err(exists("/a"))).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void transactions_of_others_answer_nothing() {
        TestClient client = connected();
        int xid = client.sends(creation("/a"));

        learner.delivers(SESSION, xid, ++zxid, OpCode.CREATE, node("/b", false));
        learner.delivers(client.sessionId(), xid + 1, ++zxid, OpCode.CREATE, node("/c", false));
        learner.delivers(
                client.sessionId(),
                xid,
                ++zxid,
                OpCode.SET_DATA,
                new Txn.SetData(bytes("/b"), null, 1));
        client.hearsNothing();

        becomes(learner, node("/a", false));
        assertThat(client.takesAnswer().xid()).isEqualTo(xid);
    }

    @Test
    void a_watch_fires_before_the_answer_that_shows_the_change() {
        TestClient client = connected();
        client.asks(watching(exists("/a")));
        int xid = client.sends(creation("/a"));

        becomes(learner, node("/a", false));

        assertThat(client.takesAllTexts()).containsExactly("created /a", "" + xid);
    }

    @Test
    void the_transaction_of_a_client_that_has_gone_is_not_taken_for_another_s() {
        TestClient client = connected();
        client.sends(1, creation("/a"));
        client.vanishes();
        TestClient again = learner.renews(client.sessionId(), client.password());
        learner.does(new Effect.Revalidated(client.sessionId(), true));
        again.hearsNothing();

        becomes(learner, node("/a", false));
        learner.confirmsSync();
        again.takesConnectResponse();
        again.sends(1, creation("/b"));
        again.hearsNothing();

        becomes(learner, node("/b", false));
        assertThat(again.takesAnswer().path()).isEqualTo("/b");
    }

    @Test
    void a_client_whose_session_has_moved_loses_its_connection_and_is_told_nothing() {
        TestClient client = connected();
        client.sends(creation("/a"));

        becomes(learner, new Txn.Failed(ErrorCode.SESSION_MOVED));

        client.hearsNothing();
        assertThat(client.isClosed()).isTrue();
    }

    /// Its client may still be there: an old connection of it was heard of late, elsewhere.
    @Test
    void a_client_whose_session_has_gone_to_an_observer_loses_its_connection() {
        TestClient client = connected();
        client.sends(creation("/a"));

        learner.does(new Effect.SessionLeft(client.sessionId()));

        client.hearsNothing();
        assertThat(client.isClosed()).isTrue();
    }

    // ---- what is in progress

    /// The leader has it, and it comes back.
    @Test
    void what_a_client_that_has_gone_asked_for_counts_until_it_comes_back() {
        TestClient client = connected();
        client.sends(creation("/a"));
        client.sends(exists("/a"));
        client.sends(sync("/a"));
        assertThat(inProgress()).isEqualTo(3);

        client.vanishes();
        assertThat(inProgress()).isEqualTo(2);

        learner.confirmsSync();
        assertThat(inProgress()).isEqualTo(1);
        becomes(learner, node("/a", false));
        assertThat(inProgress()).isZero();
    }

    @Test
    void a_sync_that_was_answered_before_its_client_went_is_not_counted_off_twice() {
        TestClient client = connected();
        client.sends(sync("/"));
        client.sends(creation("/a"));
        becomes(learner, node("/a", false));
        assertThat(client.takesAll()).hasSize(2);

        client.vanishes();
        learner.confirmsSync();

        assertThat(inProgress()).isZero();
    }

    @Test
    void when_the_session_ends_nothing_of_it_counts_any_more() {
        TestClient client = connected();
        client.sends(creation("/a"));
        client.vanishes();

        learner.delivers(
                client.sessionId(), 0, ++zxid, OpCode.CLOSE_SESSION, new Txn.CloseSession(null));

        assertThat(inProgress()).isZero();
    }

    @Test
    void nor_when_its_client_is_back_and_what_it_asked_for_before_never_comes() {
        TestClient client = connected();
        client.sends(creation("/a"));
        client.vanishes();
        TestClient again = learner.renews(client.sessionId(), client.password());
        learner.does(new Effect.Revalidated(client.sessionId(), true));
        learner.confirmsSync();
        again.takesConnectResponse();

        assertThat(inProgress()).isZero();
    }

    private int inProgress() {
        var replica = learner.member.replica();
        return replica == null ? -1 : replica.outstandingCount();
    }

    // ---- what is not handed on

    @Test
    void what_cannot_be_decoded_is_refused_here() {
        TestClient client = connected();
        client.sends(OpCode.SET_DATA, new byte[] {0, 0, 9});

        assertThat(client.takesAnswer().err()).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(learner.agreement.forwarded).isEmpty();
    }

    @Test
    void in_its_turn() {
        TestClient client = connected();
        int write = client.sends(creation("/a"));
        int bad = client.sends(OpCode.SET_DATA, new byte[] {0, 0, 9});
        client.hearsNothing();

        becomes(learner, node("/a", false));

        assertThat(client.takesAllTexts()).containsExactly("" + write, "" + bad);
    }

    @Test
    void nor_is_what_a_leader_of_the_original_stumbles_over() {
        TestClient client = connected();

        assertThat(client.err(creation((String) null, 0))).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(client.err(delete(null))).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(client.err(creation("/a", List.of(Requests.acl(31, "world", null)))))
                .isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(client.err(createTtl("/a", 0, -5))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(client.err(createTtl("/a", TTL, 0))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(client.err(multi(creation("/b"), delete(null))))
                .isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(client.err(multi(createTtl("/a", 0, -5))))
                .isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(learner.agreement.forwarded).isEmpty();
    }

    @Test
    void a_check_by_itself_costs_the_connection() {
        TestClient client = connected();

        client.sends(Requests.check("/", 0));

        assertThat(client.isClosed()).isTrue();
        assertThat(learner.agreement.forwarded).isEmpty();
    }

    // ---- sync

    @Test
    void a_sync_is_answered_when_it_is_confirmed_and_reads_wait_behind_it() {
        TestClient client = connected();
        int sync = client.sends(sync("/a"));
        int read = client.sends(exists("/a"));
        client.hearsNothing();

        learner.delivers(SESSION, 1, ++zxid, OpCode.CREATE, node("/a", false));
        client.hearsNothing();
        learner.confirmsSync();

        assertThat(client.takesAnswer().xid()).isEqualTo(sync);
        Frame.Answer seen = client.takesAnswer();
        assertThat(seen.xid()).isEqualTo(read);
        assertThat(seen.err()).isZero();
    }

    @Test
    void syncs_and_writes_are_answered_in_their_order() {
        TestClient client = connected();
        int first = client.sends(sync("/"));
        int write = client.sends(creation("/a"));
        int second = client.sends(sync("/"));

        learner.confirmsSync();
        becomes(learner, node("/a", false));
        learner.confirmsSync();

        assertThat(client.takesAllTexts()).containsExactly("" + first, "" + write, "" + second);
    }

    // ---- sessions

    @Test
    void a_new_session_is_made_by_the_leader() {
        TestClient client = learner.introduces();
        client.hearsNothing();

        ForwardedRequest request = learner.agreement.forwarded.getLast();
        assertThat(request.type()).isEqualTo(OpCode.CREATE_SESSION);
        assertThat(request.cxid()).isZero();
        assertThat(request.ids()).isNull();
        assertThat(request.body()).isEqualTo(new byte[] {0, 0, 0x27, 0x10});
        becomes(learner, new Txn.CreateSession(10_000));

        assertThat(client.takesConnectResponse().sessionId()).isEqualTo(request.sessionId());
        assertThat(client.sessionId() >>> 56).isEqualTo(1);
    }

    @Test
    void the_leader_hears_which_sessions_were_heard_of() {
        TestClient first = connected();
        TestClient second = connected();
        assertThat(touches())
                .containsExactly(
                        new SessionTouch(first.sessionId(), 10_000),
                        new SessionTouch(second.sessionId(), 10_000));
        assertThat(touches()).isEmpty();

        second.asks(exists("/"));
        second.asks(exists("/"));

        assertThat(touches()).containsExactly(new SessionTouch(second.sessionId(), 10_000));
    }

    private List<SessionTouch> touches() {
        learner.does(new Effect.AnswerPing(4, 1));
        var packet = ((Effect.SendPacket) learner.effects.getLast()).packet();
        return SessionTouch.decode(packet.data());
    }

    @Test
    void it_does_not_end_them_itself() {
        TestClient client = connected();

        learner.passes(100_000);

        assertThat(client.isClosed()).isFalse();
        assertThat(learner.agreement.forwarded).isEmpty();
    }

    @Test
    void when_the_leader_ends_one_its_connection_ends() {
        TestClient client = connected();

        learner.delivers(
                client.sessionId(),
                0,
                ++zxid,
                OpCode.CLOSE_SESSION,
                new Txn.CloseSession(List.of()));

        client.hearsNothing();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void a_client_ends_its_session_through_the_leader() {
        TestClient client = connected();
        int xid = client.sends(closeSession());

        assertThat(learner.agreement.forwarded.getLast().body()).isEmpty();
        becomes(learner, new Txn.CloseSession(List.of()));

        assertThat(client.takesAnswer().xid()).isEqualTo(xid);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void the_leader_is_asked_about_a_session_from_elsewhere() {
        learner.delivers(SESSION, 0, ++zxid, OpCode.CREATE_SESSION, new Txn.CreateSession(9_000));
        TestClient client = learner.renews(SESSION, SessionPassword.of(SESSION));
        assertThat(learner.agreement.revalidations)
                .containsExactly(Long.toHexString(SESSION) + " 10000");
        client.hearsNothing();

        learner.does(new Effect.Revalidated(SESSION, true));
        client.hearsNothing();
        learner.confirmsSync();

        assertThat(client.takesConnectResponse().sessionId()).isEqualTo(SESSION);
        client.sends(ping());
        assertThat(client.takesAnswer().xid()).isEqualTo(-2);
    }

    @Test
    void what_the_session_wrote_elsewhere_is_here_before_it_is() {
        learner.delivers(SESSION, 0, ++zxid, OpCode.CREATE_SESSION, new Txn.CreateSession(9_000));
        TestClient client = learner.renews(SESSION, SessionPassword.of(SESSION));
        learner.does(new Effect.Revalidated(SESSION, true));
        learner.delivers(SESSION, 1, ++zxid, OpCode.CREATE, node("/a", false));
        learner.confirmsSync();
        client.takesConnectResponse();

        assertThat(client.err(exists("/a"))).isZero();
    }

    @Test
    void sessions_that_come_all_at_once_are_brought_up_to_date_together() {
        List<TestClient> clients = new ArrayList<>();
        for (long id = SESSION; id < SESSION + 10; id++) {
            learner.delivers(id, 0, ++zxid, OpCode.CREATE_SESSION, new Txn.CreateSession(9_000));
            clients.add(learner.renews(id, SessionPassword.of(id)));
            learner.does(new Effect.Revalidated(id, true));
        }
        assertThat(learner.agreement.syncs).hasSize(1);

        learner.confirmsSync();
        assertThat(clients.getFirst().takesConnectResponse().sessionId()).isEqualTo(SESSION);
        clients.get(1).hearsNothing();
        learner.confirmsSync();

        for (TestClient client : clients.subList(1, 10)) {
            assertThat(client.takesConnectResponse().sessionId()).isNotZero();
        }
        assertThat(learner.agreement.syncs).isEmpty();
    }

    @Test
    void a_session_that_the_leader_does_not_know_is_over() {
        TestClient client = learner.renews(SESSION, SessionPassword.of(SESSION));

        learner.does(new Effect.Revalidated(SESSION, false));

        assertThat(client.takesConnectResponse().sessionId()).isZero();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void a_wrong_password_is_refused_without_asking() {
        TestClient client = learner.renews(SESSION, new byte[16]);

        assertThat(client.takesConnectResponse().sessionId()).isZero();
        assertThat(client.isClosed()).isTrue();
        assertThat(learner.agreement.revalidations).isEmpty();
    }

    @Test
    void a_session_that_comes_back_takes_its_old_connection_s_place() {
        TestClient before = connected();
        TestClient after = learner.renews(before.sessionId(), before.password());
        assertThat(before.isClosed()).isTrue();

        learner.does(new Effect.Revalidated(before.sessionId(), true));
        learner.confirmsSync();

        assertThat(after.takesConnectResponse().sessionId()).isEqualTo(before.sessionId());
    }

    @Test
    void what_it_asked_before_and_nobody_passed_on_holds_nothing_up() {
        TestClient before = connected();
        before.sends(creation("/lost"));
        learner.agreement.forwarded.clear();
        TestClient after = learner.renews(before.sessionId(), before.password());
        learner.does(new Effect.Revalidated(before.sessionId(), true));
        learner.confirmsSync();
        after.takesConnectResponse();

        int xid = after.sends(creation("/a"));
        becomes(learner, node("/a", false));

        assertThat(after.takesAnswer().xid()).isEqualTo(xid);
    }

    @Test
    void of_two_connections_that_come_with_a_session_the_later_one_gets_it() {
        learner.delivers(SESSION, 0, ++zxid, OpCode.CREATE_SESSION, new Txn.CreateSession(9_000));
        TestClient first = learner.renews(SESSION, SessionPassword.of(SESSION));
        TestClient second = learner.renews(SESSION, SessionPassword.of(SESSION));
        assertThat(first.isClosed()).isTrue();

        learner.does(new Effect.Revalidated(SESSION, true));
        learner.does(new Effect.Revalidated(SESSION, true));
        learner.confirmsSync();

        assertThat(second.takesConnectResponse().sessionId()).isEqualTo(SESSION);
    }

    @Test
    void a_session_that_ends_while_it_comes_back_is_over() {
        learner.delivers(SESSION, 0, ++zxid, OpCode.CREATE_SESSION, new Txn.CreateSession(9_000));
        TestClient client = learner.renews(SESSION, SessionPassword.of(SESSION));
        learner.does(new Effect.Revalidated(SESSION, true));

        learner.delivers(SESSION, 0, ++zxid, OpCode.CLOSE_SESSION, new Txn.CloseSession(List.of()));
        learner.confirmsSync();

        client.hearsNothing();
        assertThat(client.isClosed()).isTrue();
    }

    // ---- local sessions

    @Test
    void a_local_session_is_nobody_else_s_business() {
        TestClient client = upgrading.introduces();

        assertThat(client.takesConnectResponse().sessionId()).isNotZero();
        assertThat(client.err(exists("/"))).isZero();
        upgrading.does(new Effect.AnswerPing(4, 1));
        var packet = ((Effect.SendPacket) upgrading.effects.getLast()).packet();
        assertThat(packet.data()).isEmpty();
        assertThat(client.err(closeSession())).isZero();
        assertThat(upgrading.agreement.forwarded).isEmpty();
    }

    @Test
    void its_writes_go_to_the_leader() {
        TestClient client = upgrading.introduces();
        client.takesConnectResponse();
        client.sends(creation("/a"));

        assertThat(upgrading.agreement.forwarded).hasSize(1);
        becomes(upgrading, node("/a", false));
        assertThat(client.takesAnswer().path()).isEqualTo("/a");
    }

    @Test
    void it_expires_here() {
        TestClient client = upgrading.introduces();

        upgrading.passes(20_000);

        assertThat(client.isClosed()).isTrue();
        assertThat(upgrading.agreement.forwarded).isEmpty();
    }

    @Test
    void it_becomes_global_before_its_first_ephemeral() {
        TestClient client = upgrading.introduces();
        client.takesConnectResponse();
        int xid = client.sends(creation("/e", EPHEMERAL));

        ForwardedRequest upgrade = upgrading.agreement.forwarded.getFirst();
        assertThat(upgrade.type()).isEqualTo(OpCode.CREATE_SESSION);
        assertThat(upgrade.sessionId()).isEqualTo(client.sessionId());
        assertThat(upgrade.cxid()).isZero();
        assertThat(upgrade.ids()).isNull();
        assertThat(upgrade.body()).isEqualTo(new byte[] {0, 0, 0x27, 0x10});
        becomes(upgrading, new Txn.CreateSession(10_000));
        client.hearsNothing();
        becomes(upgrading, node("/e", true));

        assertThat(client.takesAnswer().xid()).isEqualTo(xid);
        upgrading.passes(60_000);
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void the_end_of_one_that_becomes_global_is_global() {
        TestClient client = upgrading.introduces();
        client.takesConnectResponse();
        client.sends(creation("/e", EPHEMERAL));
        client.sends(closeSession());

        assertThat(upgrading.agreement.forwarded)
                .extracting(ForwardedRequest::type)
                .containsExactly(OpCode.CREATE_SESSION, OpCode.CREATE, OpCode.CLOSE_SESSION);
    }

    @Test
    void without_upgrading_an_ephemeral_is_refused_by_its_own_name() {
        TestMember server = new TestMember(o -> o.localSessions = true).follows(1);
        TestClient client = server.introduces();
        client.takesConnectResponse();
        client.sends(creation("/e", EPHEMERAL));

        becomes(server, new Txn.Failed(ErrorCode.SESSION_EXPIRED));

        assertThat(client.takesAnswer().err()).isEqualTo(ErrorCode.EPHEMERAL_ON_LOCAL_SESSION);
    }

    @Test
    void it_lives_on_when_the_leader_changes() {
        TestClient client = upgrading.introduces();
        client.takesConnectResponse();
        upgrading.does(new Effect.StopServing("the leader is gone"));
        upgrading.follows(2);

        TestClient again = upgrading.renews(client.sessionId(), client.password());

        assertThat(again.takesConnectResponse().sessionId()).isEqualTo(client.sessionId());
        assertThat(upgrading.agreement.revalidations).isEmpty();
    }

    @Test
    void data_that_the_leader_set_is_what_is_read() {
        TestClient client = connected();
        client.sends(creation("/a"));
        becomes(learner, node("/a", false));
        client.takesAnswer();
        client.sends(setData("/a", "x"));
        becomes(learner, new Txn.SetData(bytes("/a"), bytes("x"), 1));

        assertThat(client.takesAnswer().stat().version()).isEqualTo(1);
        assertThat(learner.data("/a")).isEqualTo("x");
    }
}
