package io.witan.zab.peer;

import static io.witan.zab.peer.ScriptedLeader.ack;
import static io.witan.zab.peer.ScriptedLeader.ackEpoch;
import static io.witan.zab.peer.ScriptedLeader.followerInfo;
import static io.witan.zab.peer.ScriptedLeader.pong;
import static io.witan.zab.peer.Txns.zxid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.wire.client.OpCode;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.Revalidation;
import io.witan.wire.quorum.SessionTouch;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;
import io.witan.zab.PeerSettings;

import org.junit.jupiter.api.Test;

import java.util.List;

/// What a leader does while it serves (quorum, sections 4.8 to 4.11).
class LeaderBroadcastTest {

    private static final PeerSettings STANDARD = PeerSettings.standard(ScriptedLeader.SID);

    private final ScriptedLeader leader = ScriptedLeader.fresh().active();

    // ---- proposals and commits

    @Test
    void a_transaction_is_logged_here_and_proposed_to_followers() {
        leader.joins(4, -1, 0);

        assertThat(leader.proposes(zxid(1, 1)))
                .containsExactly("append 1_1", "1 <- PROPOSAL 1_1", "2 <- PROPOSAL 1_1");
    }

    @Test
    void it_is_committed_when_a_quorum_has_it_on_disk() {
        leader.proposes(zxid(1, 1));
        leader.disk();

        assertThat(leader.says(1, ack(zxid(1, 1))))
                .containsExactly("1 <- COMMIT 1_1", "2 <- COMMIT 1_1", "deliver 1_1");
    }

    @Test
    void its_own_log_counts_only_when_it_is_durable() {
        leader.proposes(zxid(1, 1));

        assertThat(leader.says(1, ack(zxid(1, 1)))).isEmpty();
        assertThat(leader.disk()).contains("deliver 1_1");
    }

    @Test
    void a_quorum_without_its_own_log_is_a_quorum() {
        leader.proposes(zxid(1, 1));
        leader.says(1, ack(zxid(1, 1)));

        assertThat(leader.says(2, ack(zxid(1, 1)))).contains("deliver 1_1");
    }

    @Test
    void what_has_a_quorum_waits_for_what_was_proposed_before() {
        leader.proposes(zxid(1, 1));
        leader.proposes(zxid(1, 2));
        leader.says(1, ack(zxid(1, 2)));
        assertThat(leader.says(2, ack(zxid(1, 2)))).isEmpty();

        leader.says(1, ack(zxid(1, 1)));
        assertThat(leader.says(2, ack(zxid(1, 1))))
                .containsExactly(
                        "1 <- COMMIT 1_1",
                        "2 <- COMMIT 1_1",
                        "deliver 1_1",
                        "1 <- COMMIT 1_2",
                        "2 <- COMMIT 1_2",
                        "deliver 1_2");
    }

    @Test
    void acknowledgements_do_not_stand_for_those_before() {
        leader.proposes(zxid(1, 1));
        leader.proposes(zxid(1, 2));
        leader.says(1, ack(zxid(1, 2)));

        assertThat(leader.says(2, ack(zxid(1, 2)))).isEmpty();
        assertThat(leader.peer.outstandingProposals()).isEqualTo(2);
    }

    @Test
    void observers_and_strangers_do_not_count() {
        leader.joins(4, -1, 0);
        leader.says(4, ack(zxid(1, 0)));
        leader.connects(9);
        leader.says(9, followerInfo(9, 0));
        leader.says(9, ackEpoch(0, 0));
        leader.says(9, ack(zxid(1, 0)));

        assertThat(leader.proposes(zxid(1, 1))).contains("9 <- PROPOSAL 1_1");
        leader.says(4, ack(zxid(1, 1)));
        leader.says(9, ack(zxid(1, 1)));
        assertThat(leader.disk()).isEmpty();
        assertThat(leader.says(2, ack(zxid(1, 1))))
                .containsExactly(
                        "1 <- COMMIT 1_1",
                        "2 <- COMMIT 1_1",
                        "4 <- INFORM 1_1",
                        "9 <- COMMIT 1_1",
                        "deliver 1_1");
    }

    @Test
    void a_server_counts_once_however_often_it_acknowledges() {
        leader.proposes(zxid(1, 1));

        leader.says(1, ack(zxid(1, 1)));
        assertThat(leader.says(1, ack(zxid(1, 1)))).isEmpty();
    }

    @Test
    void a_late_acknowledgement_changes_nothing() {
        leader.proposes(zxid(1, 1));
        leader.disk();
        leader.says(1, ack(zxid(1, 1)));

        assertThat(leader.says(2, ack(zxid(1, 1)))).isEmpty();
        assertThat(leader.says(2, ack(zxid(1, 0)))).isEmpty();
    }

    @Test
    void an_acknowledgement_of_what_was_never_proposed_closes_the_link() {
        assertThat(leader.says(1, ack(zxid(1, 1))))
                .containsExactly(
                        "1 closed: server 1 on link 101 acknowledged 0x100000001, which was never"
                                + " proposed to it",
                        "1 gone");
    }

    /// ZOOKEEPER-4409.
    @Test
    void what_comes_over_a_link_that_is_gone_changes_nothing() {
        leader.proposes(zxid(1, 1));
        leader.disconnects(1);

        assertThat(leader.says(1, ack(zxid(1, 1)))).isEmpty();
    }

    /// X1 (quorum, section 10.1): a zxid is never proposed twice, and none is left out.
    @Test
    void only_the_next_zxid_can_be_proposed() {
        leader.proposes(zxid(1, 1));

        assertThatThrownBy(() -> leader.proposes(zxid(1, 1)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> leader.proposes(zxid(1, 3)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void where_the_counter_ends_it_looks_again() {
        ScriptedLeader last =
                ScriptedLeader.with(
                                Settings.counterMax(STANDARD, 1),
                                0,
                                List.of(),
                                LeaderWords.members(0))
                        .active();
        last.does(p -> assertThat(p.canPropose()).isTrue());
        last.proposes(zxid(1, 1));

        List<String> wanted = last.does(p -> assertThat(p.canPropose()).isFalse());

        assertThat(wanted).contains("refuse learners", "stop serving");
        assertThat(last.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    // ---- requests, sessions

    @Test
    void requests_of_learners_are_handed_on() {
        ForwardedRequest request =
                new ForwardedRequest(0x1_0000L, 5, OpCode.CREATE, new byte[] {1}, null);

        leader.says(1, request.toPacket());

        Effect.Forwarded forwarded = leader.last(Effect.Forwarded.class);
        assertThat(forwarded.link()).isEqualTo(leader.link(1));
        assertThat(forwarded.request()).usingRecursiveComparison().isEqualTo(request);
    }

    @Test
    void a_revalidation_is_asked_of_the_replica_and_answered() {
        assertThat(leader.says(1, new Revalidation.Question(0xabc, 4000).toPacket()))
                .containsExactly("asked whether abc lives");

        assertThat(leader.does(p -> p.revalidation(leader.link(1), 0xabc, true)))
                .containsExactly("1 <- REVALIDATE -1");
        leader.disconnects(1);
        assertThat(leader.does(p -> p.revalidation(leader.link(1), 0xabc, true))).isEmpty();
    }

    @Test
    void sessions_are_heard_of_through_pings() {
        leader.after(1000);
        byte[] touches = SessionTouch.encode(List.of(new SessionTouch(7, 3000)));

        leader.says(1, new QuorumPacket(PacketType.PING, zxid(1, 0), touches));

        assertThat(leader.last(Effect.SessionsHeard.class).touches())
                .containsExactly(new SessionTouch(7, 3000));
    }

    @Test
    void sessions_in_the_answer_to_a_ping_that_was_not_sent_are_not_heard_of() {
        byte[] touches = SessionTouch.encode(List.of(new SessionTouch(7, 3000)));

        leader.says(1, new QuorumPacket(PacketType.PING, zxid(1, 0), touches));

        assertThat(leader.allOf(Effect.SessionsHeard.class)).isEmpty();
    }

    @Test
    void a_learner_that_goes_is_reported() {
        assertThat(leader.disconnects(1)).containsExactly("1 gone");
    }

    @Test
    void a_packet_that_no_learner_sends_closes_the_link() {
        for (int type :
                new int[] {PacketType.PROPOSAL, PacketType.FOLLOWERINFO, PacketType.SNAP, 20}) {
            ScriptedLeader other = ScriptedLeader.fresh().active();
            assertThat(other.says(1, new QuorumPacket(type, 0)).getFirst())
                    .startsWith("1 closed: server 1 on link 101 sent ");
        }
    }

    @Test
    void what_cannot_be_read_closes_the_link_and_nothing_else() {
        for (int type : new int[] {PacketType.REQUEST, PacketType.REVALIDATE, PacketType.PING}) {
            ScriptedLeader other = ScriptedLeader.fresh().active();
            assertThat(other.says(1, new QuorumPacket(type, 0, new byte[5])).getFirst())
                    .startsWith("1 closed: server 1 on link 101 sent what cannot be read");
            assertThat(other.peer.isServing()).isTrue();
        }
    }

    // ---- slow learners

    @Test
    void a_learner_too_far_behind_loses_its_link_and_the_others_do_not_wait() {
        ScriptedLeader bounded =
                ScriptedLeader.with(
                                Settings.backlogBytesMax(STANDARD, 500),
                                0,
                                List.of(),
                                LeaderWords.members(0))
                        .active();
        int counter = 0;
        List<String> wanted = List.of();
        while (counter < 100 && !String.join(",", wanted).contains("closed")) {
            counter++;
            wanted = bounded.proposes(zxid(1, counter));
            bounded.says(1, ack(zxid(1, counter)));
        }

        assertThat(wanted.get(wanted.size() - 2))
                .startsWith("2 closed: server 2 on link 102 is behind by ");
        assertThat(counter).isLessThan(10);
        assertThat(bounded.disk()).contains("deliver " + EffectWords.zxid(zxid(1, counter)));
    }

    @Test
    void the_answer_to_a_ping_tells_how_far_a_learner_is() {
        ScriptedLeader bounded =
                ScriptedLeader.with(
                                Settings.backlogBytesMax(STANDARD, 500),
                                0,
                                List.of(),
                                LeaderWords.members(0))
                        .active();
        for (int counter = 1; counter <= 30; counter++) {
            bounded.proposes(zxid(1, counter));
            bounded.afterWith(1000, 1, 2);
            bounded.says(1, ack(zxid(1, counter)));
            bounded.says(2, ack(zxid(1, counter)));
        }

        assertThat(bounded.peer.syncedSids()).containsExactly(1L, 2L, 3L);
    }

    // ---- liveness

    @Test
    void learners_are_pinged_twice_a_tick_with_the_last_zxid_proposed() {
        leader.proposes(zxid(1, 1));

        assertThat(leader.after(1000)).containsExactly("1 <- PING 1_1", "2 <- PING 1_1");
    }

    @Test
    void a_learner_silent_for_syncLimit_loses_its_link() {
        leader.afterWith(9000, 1);
        assertThat(leader.peer.syncedSids()).contains(2L);

        assertThat(leader.afterWith(1000, 1))
                .contains("2 closed: server 2 is silent, SERVING", "2 gone");
        assertThat(leader.peer.isServing()).isTrue();
    }

    @Test
    void without_a_quorum_of_learners_it_gives_up() {
        leader.disconnects(1);
        assertThat(leader.afterWith(2000, 2)).doesNotContain("refuse learners");
        leader.disconnects(2);

        assertThat(leader.after(2000)).contains("refuse learners", "stop serving");
        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    @Test
    void observers_do_not_keep_it_in_office() {
        leader.joins(4, -1, 0);
        leader.says(4, ack(zxid(1, 0)));
        leader.disconnects(1);
        leader.disconnects(2);

        leader.afterWith(2000, 4);

        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    @Test
    void a_follower_that_is_being_synchronised_keeps_it_in_office() {
        leader.disconnects(1);
        leader.disconnects(2);
        leader.joins(1, -1, 0);

        leader.after(4000);

        assertThat(leader.peer.isServing()).isTrue();
    }

    @Test
    void a_follower_that_does_not_acknowledge_loses_its_link_though_it_answers() {
        leader.proposes(zxid(1, 1));

        assertThat(leader.afterWith(12_000, 1, 2))
                .contains("1 closed: server 1 on link 101 does not acknowledge proposals");
    }

    @Test
    void a_follower_that_never_acknowledges_newleader_loses_its_link() {
        leader.disconnects(1);
        leader.joins(1, -1, 0);

        leader.afterWith(19_000, 2);
        assertThat(leader.afterWith(2000, 2))
                .contains("1 closed: server 1 is silent, SYNCHRONISING");
    }

    @Test
    void a_leader_that_stood_still_does_not_blame_its_learners() {
        leader.now += 60_000;
        assertThat(leader.does(p -> p.tick())).isEmpty();
        assertThat(leader.after(1)).contains("1 <- PING 1_0", "2 <- PING 1_0");

        assertThat(leader.afterWith(5000, 1, 2)).doesNotContain("1 gone", "2 gone");
        assertThat(leader.peer.isServing()).isTrue();
    }

    /// It is heard of, so that it is not silent, and would have all pings kept that it was sent.
    @Test
    void a_learner_that_answers_no_pings_is_sent_no_more_of_them_until_it_does() {
        for (int second = 0; second < 100; second++) {
            leader.afterWith(1000, 2);
            leader.says(1, new Revalidation.Question(0xabc, 4000).toPacket());
        }
        assertThat(pingsTo(1)).isEqualTo(16);
        assertThat(pingsTo(2)).isEqualTo(100);
        assertThat(leader.peer.syncedSids()).containsExactly(1L, 2L, 3L);

        leader.says(1, pong(zxid(1, 0)));
        assertThat(leader.afterWith(3000, 2)).containsOnlyOnce("1 <- PING 1_0");
    }

    private long pingsTo(long sid) {
        return leader.packetsTo(sid).stream()
                .filter(packet -> packet.type() == PacketType.PING)
                .count();
    }

    // ---- sync

    /// ZOOKEEPER-1675.
    @Test
    void a_sync_is_answered_when_a_quorum_has_answered_a_ping_sent_after_it() {
        assertThat(leader.does(p -> p.sync(5))).containsExactly("1 <- PING 1_0", "2 <- PING 1_0");

        assertThat(leader.says(1, pong(zxid(1, 0)))).containsExactly("synced 5");
    }

    @Test
    void the_answer_to_an_earlier_ping_confirms_nothing() {
        leader.after(1000);
        leader.does(p -> p.sync(5));

        assertThat(leader.says(1, pong(zxid(1, 0)))).doesNotContain("synced 5");
        assertThat(leader.says(1, pong(zxid(1, 0)))).contains("synced 5");
    }

    @Test
    void syncs_that_come_while_a_round_is_under_way_share_the_next() {
        leader.does(p -> p.sync(1));
        assertThat(leader.does(p -> p.sync(2))).isEmpty();
        assertThat(leader.does(p -> p.sync(3))).isEmpty();

        assertThat(leader.says(1, pong(zxid(1, 0))))
                .containsExactly("synced 1", "1 <- PING 1_0", "2 <- PING 1_0");
        assertThat(leader.says(1, pong(zxid(1, 0)))).containsExactly("synced 2", "synced 3");
    }

    @Test
    void a_sync_waits_for_what_was_proposed_before_it() {
        leader.proposes(zxid(1, 1));
        leader.does(p -> p.sync(5));
        leader.says(1, pong(zxid(1, 1)));
        leader.disk();

        assertThat(leader.says(1, ack(zxid(1, 1))))
                .containsExactly("1 <- COMMIT 1_1", "2 <- COMMIT 1_1", "deliver 1_1", "synced 5");
    }

    @Test
    void a_learners_sync_is_answered_behind_its_commits() {
        leader.proposes(zxid(1, 1));
        leader.disk();
        ForwardedRequest sync = new ForwardedRequest(7, 3, OpCode.SYNC, new byte[] {0}, null);
        assertThat(leader.says(1, sync.toPacket()))
                .containsExactly("1 <- PING 1_1", "2 <- PING 1_1");
        leader.says(2, pong(zxid(1, 1)));

        assertThat(leader.says(2, ack(zxid(1, 1))))
                .containsExactly(
                        "1 <- COMMIT 1_1", "2 <- COMMIT 1_1", "deliver 1_1", "1 <- SYNC 0_0");
    }

    @Test
    void observers_confirm_nothing() {
        leader.joins(4, -1, 0);
        leader.says(4, ack(zxid(1, 0)));
        leader.does(p -> p.sync(5));
        leader.after(1000);

        assertThat(leader.says(4, pong(zxid(1, 0)))).isEmpty();
    }

    @Test
    void pings_before_uptodate_are_not_answered_and_not_expected_to_be() {
        leader.disconnects(1);
        leader.joins(1, -1, 0);
        leader.afterWith(1000, 2);
        leader.says(1, ack(zxid(1, 0)));
        leader.does(p -> p.sync(5));

        assertThat(leader.says(1, pong(zxid(1, 0)))).contains("synced 5");
    }

    @Test
    void the_answer_to_a_ping_that_was_not_sent_closes_the_link() {
        assertThat(leader.says(1, pong(zxid(1, 0))))
                .startsWith("1 closed: server 1 on link 101 answered a ping that it was not sent");
    }

    @Test
    void a_round_that_has_become_hopeless_is_begun_anew_at_once() {
        leader.disconnects(1);
        leader.does(p -> p.sync(5));
        leader.joins(1, -1, 0);
        leader.says(1, ack(zxid(1, 0)));
        assertThat(leader.disconnects(2)).containsExactly("2 gone");

        assertThat(leader.does(p -> p.sync(6))).containsExactly("1 <- PING 1_0");
        assertThat(leader.says(1, pong(zxid(1, 0)))).contains("synced 5", "synced 6");
    }

    @Test
    void a_round_whose_answers_were_lost_is_made_up_for_by_the_next_ping() {
        leader.does(p -> p.sync(5));
        leader.disconnects(1);
        leader.after(1000);

        assertThat(leader.says(2, pong(zxid(1, 0)))).contains("synced 5");
    }
}
