package io.witan.zab.peer;

import static io.witan.zab.peer.LeaderWords.commit;
import static io.witan.zab.peer.LeaderWords.commitAndActivate;
import static io.witan.zab.peer.LeaderWords.config;
import static io.witan.zab.peer.LeaderWords.diff;
import static io.witan.zab.peer.LeaderWords.inform;
import static io.witan.zab.peer.LeaderWords.informAndActivate;
import static io.witan.zab.peer.LeaderWords.leaderInfo;
import static io.witan.zab.peer.LeaderWords.members;
import static io.witan.zab.peer.LeaderWords.newLeader;
import static io.witan.zab.peer.LeaderWords.ping;
import static io.witan.zab.peer.LeaderWords.proposal;
import static io.witan.zab.peer.LeaderWords.reconfig;
import static io.witan.zab.peer.LeaderWords.revalidated;
import static io.witan.zab.peer.LeaderWords.snap;
import static io.witan.zab.peer.LeaderWords.sync;
import static io.witan.zab.peer.LeaderWords.trunc;
import static io.witan.zab.peer.LeaderWords.upToDate;
import static io.witan.zab.peer.LeaderWords.zxid;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Id;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.Revalidation;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;

import org.junit.jupiter.api.Test;

import java.util.List;

/// A learner that serves (quorum, sections 4.8 to 4.11 and 5.5).
class LearnerBroadcastTest {

    // ---- follower: PROPOSAL and ACK

    @Test
    void a_proposal_is_logged_and_acknowledged_when_it_is_durable() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);

        assertThat(peer.receives(proposal(zxid(2, 1)))).containsExactly("append 2_1");
        assertThat(peer.disk()).containsExactly("send ACK 2_1");
    }

    @Test
    void each_proposal_has_an_acknowledgement_of_its_own_also_when_one_flush_made_all_durable() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)), proposal(zxid(2, 2)), proposal(zxid(2, 3)));

        assertThat(peer.does(() -> peer.peer.durable(zxid(2, 3))))
                .containsExactly("send ACK 2_1", "send ACK 2_2", "send ACK 2_3");
    }

    @Test
    void a_proposal_that_does_not_follow_the_last_one_is_never_logged() {
        for (long wrong : List.of(zxid(2, 3), zxid(2, 1), zxid(1, 2), zxid(3, 1), zxid(2, 0))) {
            var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
            peer.receives(proposal(zxid(2, 1)));

            assertThat(peer.receives(proposal(wrong)))
                    .satisfies(wanted ->
                            assertThat(wanted.getFirst())
                                    .startsWith("close: the leader of epoch 2 sent")
                                    .endsWith("does not follow 0x200000001"))
                    .endsWith("stop serving");
            assertThat(peer.peer.lastLoggedZxid()).isEqualTo(zxid(2, 1));
            assertThat(peer.peer.state()).isEqualTo(AgreementView.State.LOOKING);
        }
    }

    @Test
    void what_is_no_transaction_is_never_logged() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);

        assertThat(peer.receives(proposal(zxid(2, 1), new byte[31])).getFirst())
                .startsWith("close: the leader sent what cannot be read");
        assertThat(peer.receives(new QuorumPacket(PacketType.PROPOSAL, zxid(2, 1)))).isEmpty();
    }

    // ---- follower: COMMIT

    @Test
    void a_commit_delivers_also_what_is_not_durable_here_yet() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)));

        assertThat(peer.receives(commit(zxid(2, 1)))).containsExactly("deliver 2_1");
        // And is acknowledged all the same.
        assertThat(peer.disk()).containsExactly("send ACK 2_1");
    }

    @Test
    void a_commit_that_is_not_of_the_oldest_uncommitted_proposal_drops_the_link() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)), proposal(zxid(2, 2)));

        assertThat(peer.receives(commit(zxid(2, 2))))
                .containsExactly(
                        "close: the leader commits 0x200000002 where 0x200000001 is next",
                        "stop serving");
        assertThat(peer.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    @Test
    void a_commit_of_what_was_never_proposed_drops_the_link() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);

        assertThat(peer.receives(commit(zxid(2, 1))))
                .containsExactly(
                        "close: the leader commits 0x200000001 where nothing is uncommitted",
                        "stop serving");
    }

    @Test
    void a_commit_of_what_is_delivered_says_nothing_new() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)), commit(zxid(2, 1)));

        assertThat(peer.receives(commit(zxid(2, 1)))).isEmpty();
    }

    @Test
    void commits_after_a_reconnection_continue_with_what_was_logged_before_it() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)), proposal(zxid(2, 2)));
        peer.disk();
        peer.disconnected();
        peer.aligningAgain(3);
        peer.receives(diff(zxid(2, 2)), newLeader(3));
        peer.disk();

        assertThat(peer.receives(upToDate())).startsWith("deliver 2_1", "deliver 2_2");
        assertThat(peer.receives(proposal(zxid(3, 1)), commit(zxid(3, 1))))
                .containsExactly("append 3_1", "deliver 3_1");
    }

    // ---- observer

    @Test
    void an_observer_logs_and_delivers_what_it_is_informed_of_and_acknowledges_nothing() {
        var peer = ScriptedPeer.observer(zxid(1, 1)).serving(2);

        assertThat(peer.receives(inform(zxid(2, 1)))).containsExactly("append 2_1", "deliver 2_1");
        assertThat(peer.disk()).isEmpty();
    }

    @Test
    void an_observer_never_logs_what_does_not_follow() {
        for (long wrong : List.of(zxid(2, 3), zxid(2, 1), zxid(3, 1))) {
            var peer = ScriptedPeer.observer(zxid(1, 1)).serving(2);
            peer.receives(inform(zxid(2, 1)));

            assertThat(peer.receives(inform(wrong)).getFirst())
                    .endsWith("does not follow 0x200000001");
        }
    }

    @Test
    void an_observer_ignores_proposals_and_commits() {
        var peer = ScriptedPeer.observer(zxid(1, 1)).serving(2);

        assertThat(peer.receives(proposal(zxid(2, 1)), commit(zxid(2, 1)))).isEmpty();
    }

    @Test
    void a_follower_is_not_informed() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);

        assertThat(peer.receives(inform(zxid(2, 1))).getFirst())
                .isEqualTo("close: the leader sent INFORM 0x200000001 in broadcast");
    }

    // ---- packets of other phases

    @Test
    void packets_of_other_phases_drop_the_link() {
        for (QuorumPacket packet :
                List.of(
                        leaderInfo(2),
                        diff(0),
                        trunc(0),
                        snap(0),
                        newLeader(2),
                        new QuorumPacket(PacketType.ACK, 0),
                        new QuorumPacket(PacketType.REQUEST, 0),
                        new QuorumPacket(PacketType.ACKEPOCH, 0),
                        new QuorumPacket(PacketType.FOLLOWERINFO, 0),
                        new QuorumPacket(PacketType.OBSERVERINFO, 0))) {
            var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);

            assertThat(peer.receives(packet).getFirst())
                    .startsWith("close: the leader sent " + PacketType.name(packet.type()))
                    .endsWith("in broadcast");
        }
    }

    @Test
    void unknown_types_a_second_UPTODATE_and_an_unexpected_SYNC_are_ignored() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);

        assertThat(
                        peer.receives(
                                new QuorumPacket(20, 0),
                                new QuorumPacket(99, 0),
                                upToDate(),
                                sync()))
                .isEmpty();
        assertThat(peer.peer.isServing()).isTrue();
    }

    @Test
    void packets_of_a_link_that_is_not_the_leaders_are_ignored() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);

        assertThat(peer.does(() -> peer.peer.received(5, proposal(zxid(2, 1))))).isEmpty();
        assertThat(peer.does(() -> peer.peer.disconnected(5, "gone"))).isEmpty();
    }

    // ---- between clients and the leader

    @Test
    void a_ping_is_answered_with_its_zxid() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);

        assertThat(peer.receives(ping(zxid(2, 5)))).containsExactly("answer ping 2_5");
    }

    @Test
    void a_request_is_handed_on_as_the_client_sent_it() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        byte[] body = {1, 2, 3};
        var ids = List.of(new Id("ip", "10.0.0.1"));

        peer.does(() -> peer.peer.forward(0x55, 7, OpCode.CREATE, body, ids));

        var sent = peer.last(Effect.SendPacket.class).packet();
        assertThat(sent.type()).isEqualTo(PacketType.REQUEST);
        assertThat(sent.zxid()).isEqualTo(-1);
        var request = ForwardedRequest.of(sent);
        assertThat(request.sessionId()).isEqualTo(0x55);
        assertThat(request.cxid()).isEqualTo(7);
        assertThat(request.type()).isEqualTo(OpCode.CREATE);
        assertThat(request.body()).containsExactly(1, 2, 3);
        assertThat(request.ids()).isEqualTo(ids);
    }

    @Test
    void syncs_are_answered_first_in_first_out() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);

        assertThat(peer.does(() -> peer.peer.sync(41))).containsExactly("send REQUEST -1");
        assertThat(peer.does(() -> peer.peer.sync(40))).containsExactly("send REQUEST -1");

        assertThat(peer.receives(sync())).containsExactly("synced 41");
        assertThat(peer.receives(sync())).containsExactly("synced 40");
        assertThat(peer.receives(sync())).isEmpty();
    }

    @Test
    void a_sync_of_an_earlier_link_is_not_answered_on_a_later_one() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.does(() -> peer.peer.sync(41));
        peer.disconnected();
        peer.aligningAgain(2);
        peer.receives(diff(zxid(1, 1)), newLeader(2));
        peer.disk();
        peer.receives(upToDate());

        assertThat(peer.receives(sync())).isEmpty();
    }

    @Test
    void a_session_is_revalidated_by_the_leader() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);

        assertThat(peer.does(() -> peer.peer.revalidate(0x55, 4000)))
                .containsExactly("send REVALIDATE -1");
        assertThat(Revalidation.Question.decode(peer.last(Effect.SendPacket.class).packet().data()))
                .isEqualTo(new Revalidation.Question(0x55, 4000));

        assertThat(peer.receives(revalidated(0x55, true))).containsExactly("session 55 lives");
        assertThat(peer.receives(revalidated(0x56, false))).containsExactly("session 56 is gone");
    }

    @Test
    void nothing_is_handed_on_before_clients_are_served() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(
                        peer.does(() -> {
                            peer.peer.forward(1, 1, OpCode.CREATE, new byte[0], null);
                            peer.peer.sync(1);
                            peer.peer.revalidate(1, 1);
                        }))
                .isEmpty();
    }

    // ---- reconfiguration

    @Test
    void a_reconfiguration_is_the_configuration_last_seen_before_it_is_logged() {
        var next = config(zxid(2, 1), "participant", "participant", "participant");
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);

        assertThat(peer.receives(proposal(zxid(2, 1), reconfig(zxid(2, 1), next))))
                .containsExactly("store last seen config 2_1", "append 2_1");
        assertThat(peer.disk()).containsExactly("send ACK 2_1");
    }

    @Test
    void COMMITANDACTIVATE_installs_then_delivers_and_goes_on_when_nothing_changes_here() {
        var next = config(zxid(2, 1), "participant", "participant", "participant");
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1), reconfig(zxid(2, 1), next)));
        peer.disk();

        assertThat(peer.receives(commitAndActivate(zxid(2, 1), 3)))
                .containsExactly(
                        "store committed config 2_1",
                        "config 2_1 in force",
                        "restart election port",
                        "deliver 2_1");
        assertThat(peer.peer.isServing()).isTrue();
        assertThat(peer.receives(proposal(zxid(2, 2)))).containsExactly("append 2_2");
    }

    @Test
    void when_the_leader_leaves_the_designated_one_is_followed_without_an_election() {
        var next = config(zxid(2, 1), "participant", "participant");
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1), reconfig(zxid(2, 1), next)));
        peer.disk();

        assertThat(peer.receives(commitAndActivate(zxid(2, 1), 2)))
                .containsExactly(
                        "store committed config 2_1",
                        "config 2_1 in force",
                        "restart election port",
                        "deliver 2_1",
                        "close: this server goes on in another role",
                        "stop serving");
        // Once storage is drained.
        assertThat(peer.disk()).containsExactly("dial 2");
        assertThat(peer.isAskedBy(2).leader()).isEqualTo(2);
    }

    @Test
    void an_observer_that_becomes_a_participant_comes_back_as_one_without_an_election() {
        var next = config(zxid(2, 1), "participant", "participant", "participant", "participant");
        var peer = ScriptedPeer.observer(zxid(1, 1)).serving(2);

        assertThat(peer.receives(informAndActivate(zxid(2, 1), 3, reconfig(zxid(2, 1), next))))
                .containsExactly(
                        "store last seen config 2_1",
                        "append 2_1",
                        "store committed config 2_1",
                        "config 2_1 in force",
                        "restart election port",
                        "deliver 2_1",
                        "close: this server goes on in another role",
                        "stop serving");
        assertThat(peer.disk()).containsExactly("dial 3");
        assertThat(peer.connected()).containsExactly("send FOLLOWERINFO 2_0");
    }

    @Test
    void a_follower_that_becomes_an_observer_comes_back_as_one() {
        var next = config(zxid(2, 1), "observer", "participant", "participant", "participant");
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1), reconfig(zxid(2, 1), next)));
        peer.receives(commitAndActivate(zxid(2, 1), 3));
        assertThat(peer.disk()).containsExactly("dial 3");
        assertThat(peer.connected()).containsExactly("send OBSERVERINFO 2_0");

        // 2_1 is logged, durable and delivered; nothing is lost by that.
        peer.receives(leaderInfo(2), diff(zxid(2, 1)), newLeader(2, next));
        peer.disk();
        assertThat(peer.receives(upToDate())).contains("observe 3 in epoch 2");
        assertThat(peer.receives(inform(zxid(2, 2)))).containsExactly("append 2_2", "deliver 2_2");
    }

    @Test
    void what_an_observer_logged_when_it_followed_is_delivered_when_it_is_informed() {
        var next = config(zxid(2, 1), "observer", "participant", "participant", "participant");
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1), reconfig(zxid(2, 1), next)), proposal(zxid(2, 2)));
        peer.receives(commitAndActivate(zxid(2, 1), 3));
        peer.disk();
        peer.connected();
        peer.receives(leaderInfo(2), diff(zxid(2, 1)), newLeader(2, next));
        peer.disk();
        peer.receives(upToDate());

        assertThat(peer.receives(inform(zxid(2, 2)))).containsExactly("deliver 2_2");
        assertThat(peer.receives(inform(zxid(2, 3)))).containsExactly("append 2_3", "deliver 2_3");
    }

    @Test
    void activation_of_what_is_no_reconfiguration_drops_the_link() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)));

        assertThat(peer.receives(commitAndActivate(zxid(2, 1), 3)).getFirst())
                .startsWith("close: the leader sent what cannot be read");
    }

    @Test
    void with_reconfiguration_disabled_activation_is_a_commit() {
        var next = config(zxid(2, 1), "participant", "participant");
        var peer = ScriptedPeer.withoutReconfiguration(zxid(1, 1)).serving(2);

        assertThat(
                        peer.receives(
                                proposal(zxid(2, 1), reconfig(zxid(2, 1), next)),
                                commitAndActivate(zxid(2, 1), 2)))
                .containsExactly("append 2_1", "deliver 2_1");
        assertThat(peer.peer.committedConfig()).isEqualTo(members(0));
    }

    // ---- liveness

    @Test
    void a_leader_that_is_silent_for_syncLimit_is_lost() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.after(9_999);
        assertThat(peer.peer.isServing()).isTrue();
        peer.receives(ping(0));
        peer.after(9_999);
        assertThat(peer.peer.isServing()).isTrue();

        assertThat(peer.peer.wakeAtMillis()).isEqualTo(peer.now + 1);
        assertThat(peer.after(1))
                .containsExactly("close: the leader has been silent for 10000 ms", "stop serving");
    }

    @Test
    void until_NEWLEADER_is_acknowledged_it_may_be_silent_for_initLimit() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.after(19_999);
        assertThat(peer.peer.state()).isEqualTo(AgreementView.State.FOLLOWING);

        assertThat(peer.after(1)).containsExactly("close: the leader has been silent for 20000 ms");
    }

    @Test
    void a_snapshot_may_take_as_long_as_it_goes_on() {
        var peer = ScriptedPeer.follower().aligning(1);
        peer.receives(snap(zxid(1, 5)));
        for (int i = 0; i < 10; i++) {
            assertThat(peer.after(15_000)).isEmpty();
            peer.does(() -> peer.peer.snapshotAdvanced(ScriptedPeer.LINK));
        }

        assertThat(peer.after(20_000).getFirst())
                .isEqualTo("close: the leader has been silent for 20000 ms");
    }

    @Test
    void when_the_link_is_lost_clients_are_closed_and_another_leader_is_looked_for() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);

        assertThat(peer.disconnected()).containsExactly("stop serving");
        assertThat(peer.peer.state()).isEqualTo(AgreementView.State.LOOKING);
        assertThat(peer.hearsOfLeader(2)).containsExactly("dial 2");
    }

    @Test
    void nobody_votes_before_the_disk_has_done_what_the_role_asked_for() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)), proposal(zxid(2, 2)));
        peer.disconnected();
        assertThat(peer.hearsOfLeader(2)).isEmpty();

        // No acknowledgement of the role that is gone.
        assertThat(peer.disk()).isEmpty();

        assertThat(peer.hearsOfLeader(2)).containsExactly("dial 2");
        assertThat(peer.peer.lastLoggedZxid()).isEqualTo(zxid(2, 2));
    }

    @Test
    void an_observer_waits_a_moment_before_it_looks_again() {
        var peer = ScriptedPeer.observer(zxid(1, 1)).serving(2);
        assertThat(peer.disconnected()).containsExactly("stop serving");

        assertThat(peer.hearsOfLeader(2)).isEmpty();
        assertThat(peer.peer.wakeAtMillis() - peer.now).isBetween(1L, 200L);
        peer.after(peer.peer.wakeAtMillis() - peer.now);

        assertThat(peer.hearsOfLeader(2)).containsExactly("dial 2");
    }
}
