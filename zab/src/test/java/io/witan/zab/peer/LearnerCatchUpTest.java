package io.witan.zab.peer;

import static io.witan.zab.peer.LeaderWords.commit;
import static io.witan.zab.peer.LeaderWords.commitAndActivate;
import static io.witan.zab.peer.LeaderWords.diff;
import static io.witan.zab.peer.LeaderWords.inform;
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

import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;

import org.junit.jupiter.api.Test;

import java.util.List;

/// From DIFF, TRUNC or SNAP to UPTODATE (quorum, sections 4.6 and 4.7, and the stricter rules of
/// `docs/agreement.md`).
class LearnerCatchUpTest {

    // ---- PROPOSAL

    @Test
    void a_transaction_of_an_earlier_epoch_is_logged_when_it_comes() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(proposal(zxid(1, 2)), commit(zxid(1, 2))))
                .containsExactly("append 1_2");
    }

    @Test
    void before_the_first_one_of_an_epoch_that_epoch_becomes_the_current_one() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(4);

        assertThat(
                        peer.receives(
                                proposal(zxid(2, 1)),
                                commit(zxid(2, 1)),
                                proposal(zxid(2, 2)),
                                commit(zxid(2, 2)),
                                proposal(zxid(3, 1)),
                                commit(zxid(3, 1))))
                .containsExactly(
                        "store currentEpoch 2",
                        "append 2_1",
                        "append 2_2",
                        "store currentEpoch 3",
                        "append 3_1");
    }

    @Test
    void transactions_of_the_leaders_own_epoch_wait_for_NEWLEADER() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(proposal(zxid(2, 1)), commit(zxid(2, 1)), proposal(zxid(2, 2))))
                .isEmpty();
    }

    @Test
    void the_first_proposal_must_follow_the_log() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(proposal(zxid(1, 3))))
                .containsExactly(
                        "close: the leader sent 0x100000003, which does not follow 0x100000001; a"
                                + " snapshot is asked for next");
        assertThat(peer.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    @Test
    void every_other_one_must_follow_the_one_before() {
        for (long next : List.of(zxid(1, 4), zxid(1, 2), zxid(1, 1), zxid(2, 2), zxid(0, 9))) {
            var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(3);
            peer.receives(proposal(zxid(1, 2)), commit(zxid(1, 2)));

            assertThat(peer.receives(proposal(next)))
                    .singleElement()
                    .asString()
                    .contains("which does not follow 0x100000002");
        }
    }

    @Test
    void one_that_waits_must_be_followed_by_its_successor_too() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(2, 1)));

        assertThat(peer.receives(proposal(zxid(2, 3))))
                .containsExactly(
                        "close: the leader sent 0x200000003, which does not follow 0x200000001; a"
                                + " snapshot is asked for next");
    }

    @Test
    void a_leader_sends_no_transactions_of_epochs_after_its_own() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(proposal(zxid(3, 1))))
                .containsExactly("close: the leader of epoch 2 sent 0x300000001 before NEWLEADER");
    }

    @Test
    void after_NEWLEADER_no_transaction_of_an_earlier_epoch_can_come() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(newLeader(2));

        assertThat(peer.receives(proposal(zxid(1, 2))))
                .containsExactly("close: the leader of epoch 2 sent 0x100000002 after NEWLEADER");
    }

    @Test
    void what_is_no_transaction_is_never_logged() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(proposal(zxid(1, 2), new byte[10])))
                .singleElement()
                .asString()
                .startsWith("close: the leader sent what cannot be read");
    }

    @Test
    void a_transaction_in_the_packet_of_another_one_is_never_logged() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(proposal(zxid(1, 2), LeaderWords.txn(zxid(1, 3)))))
                .containsExactly(
                        "close: the leader sent what cannot be read: transaction 0x100000003 in"
                                + " the packet of 0x100000002");
    }

    // ---- COMMIT

    @Test
    void a_commit_names_the_oldest_uncommitted_proposal() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(2, 1)), proposal(zxid(2, 2)));

        assertThat(peer.receives(commit(zxid(2, 2))))
                .containsExactly("close: the leader commits 0x200000002 where 0x200000001 is next");
    }

    @Test
    void a_commit_without_any_proposal_drops_the_link() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(commit(zxid(1, 1))))
                .containsExactly(
                        "close: the leader commits 0x100000001 where nothing is uncommitted");
    }

    @Test
    void nothing_is_delivered_before_UPTODATE() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(
                        peer.receives(
                                proposal(zxid(1, 2)),
                                commit(zxid(1, 2)),
                                proposal(zxid(2, 1)),
                                commit(zxid(2, 1)),
                                newLeader(2)))
                .doesNotContain("deliver 1_2", "deliver 2_1");
        assertThat(peer.disk()).doesNotContain("deliver 1_2", "deliver 2_1");

        assertThat(peer.receives(upToDate())).startsWith("deliver 1_2", "deliver 2_1");
    }

    // ---- INFORM

    @Test
    void to_an_observer_INFORM_is_a_proposal_and_its_commit() {
        var peer = ScriptedPeer.observer(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(1, 2)), commit(zxid(1, 2)), inform(zxid(2, 1)), newLeader(2));
        peer.disk();

        assertThat(peer.receives(upToDate())).startsWith("deliver 1_2", "deliver 2_1");
    }

    @Test
    void to_a_follower_INFORM_is_out_of_place() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(inform(zxid(1, 2))))
                .singleElement()
                .asString()
                .startsWith("close: the leader sent INFORM 0x100000002");
    }

    // ---- PING and others

    @Test
    void pings_are_not_answered_before_UPTODATE() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(ping(zxid(1, 1)))).isEmpty();
        peer.receives(newLeader(2));
        assertThat(peer.receives(ping(zxid(1, 1)))).isEmpty();
        peer.disk();
        assertThat(peer.receives(ping(zxid(1, 1)))).isEmpty();
    }

    @Test
    void answers_to_questions_of_nobody_and_unknown_types_are_ignored() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(sync(), revalidated(5, true), new QuorumPacket(20, 0))).isEmpty();
    }

    @Test
    void packets_of_other_phases_drop_the_link() {
        for (QuorumPacket packet :
                List.of(
                        leaderInfo(2),
                        diff(0),
                        trunc(0),
                        snap(0),
                        upToDate(),
                        new QuorumPacket(PacketType.ACK, 0),
                        new QuorumPacket(PacketType.REQUEST, 0),
                        new QuorumPacket(PacketType.ACKEPOCH, 0),
                        new QuorumPacket(PacketType.FOLLOWERINFO, 0),
                        new QuorumPacket(PacketType.OBSERVERINFO, 0))) {
            var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

            assertThat(peer.receives(packet))
                    .singleElement()
                    .asString()
                    .startsWith("close: the leader sent " + PacketType.name(packet.type()));
        }
    }

    // ---- NEWLEADER

    @Test
    void history_then_epoch_then_acknowledgement_each_durable_before_the_next() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(1, 2)), commit(zxid(1, 2)));

        assertThat(peer.receives(newLeader(2))).isEmpty();
        assertThat(peer.diskDoes(1)).containsExactly("store currentEpoch 2");
        assertThat(peer.diskDoes(1)).containsExactly("send ACK 2_0");
    }

    @Test
    void without_anything_to_log_the_epoch_comes_first() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(newLeader(2))).containsExactly("store currentEpoch 2");
        assertThat(peer.disk()).containsExactly("send ACK 2_0");
    }

    @Test
    void the_epoch_it_is_in_already_is_not_stored_again() {
        var peer = ScriptedPeer.followerInEpochs(2, 2, zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(newLeader(2))).containsExactly("send ACK 2_0");
    }

    @Test
    void what_came_before_NEWLEADER_is_durable_when_it_is_acknowledged() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(2, 1)), commit(zxid(2, 1)), proposal(zxid(2, 2)));

        assertThat(peer.receives(newLeader(2)))
                .containsExactly("store currentEpoch 2", "append 2_1", "append 2_2");
        assertThat(peer.diskDoes(2)).isEmpty();
        assertThat(peer.diskDoes(1)).containsExactly("send ACK 2_0");
    }

    @Test
    void what_comes_after_NEWLEADER_is_logged_once_the_epoch_is_on_its_way() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(1, 2)), commit(zxid(1, 2)), newLeader(2));

        assertThat(peer.receives(proposal(zxid(2, 1)))).isEmpty();
        assertThat(peer.diskDoes(1)).containsExactly("store currentEpoch 2", "append 2_1");
        assertThat(peer.receives(proposal(zxid(2, 2)))).containsExactly("append 2_2");
    }

    @Test
    void NEWLEADER_of_another_epoch_drops_the_link() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(newLeader(3)))
                .containsExactly(
                        "close: the leader sent NEWLEADER 0x300000000 before NEWLEADER of epoch 2");
    }

    @Test
    void a_second_NEWLEADER_drops_the_link() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(newLeader(2));

        assertThat(peer.receives(newLeader(2)))
                .containsExactly(
                        "close: the leader sent NEWLEADER 0x200000000 before NEWLEADER was"
                                + " acknowledged");
    }

    @Test
    void nothing_is_stored_for_a_leader_that_is_lost_before_the_history_was() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(1, 2)), commit(zxid(1, 2)), newLeader(2));
        peer.disconnected();

        assertThat(peer.disk()).isEmpty();
        assertThat(peer.peer.currentEpoch()).isEqualTo(1);
    }

    // ---- UPTODATE

    @Test
    void UPTODATE_delivers_serves_and_acknowledges_once_more() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(1, 2)), commit(zxid(1, 2)), newLeader(2));
        peer.disk();

        assertThat(peer.receives(upToDate()))
                .containsExactly("deliver 1_2", "follow 3 in epoch 2", "send ACK 2_0");
        assertThat(peer.peer.isServing()).isTrue();
    }

    @Test
    void acknowledgements_of_proposals_come_after_that_of_UPTODATE() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(2, 1)), commit(zxid(2, 1)), proposal(zxid(2, 2)));
        peer.receives(newLeader(2));
        peer.disk();
        peer.receives(proposal(zxid(2, 3)), commit(zxid(2, 2)));
        assertThat(peer.disk()).isEmpty();

        assertThat(peer.receives(upToDate()))
                .containsExactly(
                        "deliver 2_1",
                        "deliver 2_2",
                        "follow 3 in epoch 2",
                        "send ACK 2_0",
                        "send ACK 2_2",
                        "send ACK 2_3");
    }

    /// The leader waits with UPTODATE until the configuration of NEWLEADER is in force, and it is
    /// in force when enough have acknowledged it.
    @Test
    void while_a_reconfiguration_is_pending_proposals_are_acknowledged_before_UPTODATE() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(
                proposal(zxid(2, 1), reconfig(zxid(2, 1), members(zxid(2, 1)))),
                newLeader(2, members(zxid(2, 1))));
        assertThat(peer.disk()).endsWith("send ACK 2_0", "send ACK 2_1");
        peer.receives(proposal(zxid(2, 2)));
        assertThat(peer.disk()).containsExactly("send ACK 2_2");

        peer.receives(commitAndActivate(zxid(2, 1), ScriptedPeer.LEADER));
        peer.receives(proposal(zxid(2, 3)));
        assertThat(peer.disk()).isEmpty();
        assertThat(peer.receives(upToDate()))
                .containsExactly(
                        "deliver 2_1", "follow 3 in epoch 2", "send ACK 2_0", "send ACK 2_3");
    }

    @Test
    void what_is_not_durable_at_UPTODATE_is_acknowledged_when_it_is() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(newLeader(2));
        peer.disk();
        peer.receives(proposal(zxid(2, 1)));

        assertThat(peer.receives(upToDate()))
                .containsExactly("follow 3 in epoch 2", "send ACK 2_0");
        assertThat(peer.disk()).containsExactly("send ACK 2_1");
    }

    @Test
    void UPTODATE_before_NEWLEADER_was_acknowledged_drops_the_link() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(newLeader(2));

        assertThat(peer.receives(upToDate()))
                .singleElement()
                .asString()
                .startsWith("close: the leader sent UPTODATE")
                .endsWith("before NEWLEADER was acknowledged");
    }

    @Test
    void from_UPTODATE_on_it_answers_electors_with_the_new_epoch() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);

        var told = peer.isAskedBy(2);

        assertThat(told.leader()).isEqualTo(3);
        assertThat(told.peerEpoch()).isEqualTo(2);
    }

    @Test
    void an_observer_acknowledges_NEWLEADER_and_UPTODATE_and_nothing_else() {
        var peer = ScriptedPeer.observer(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(2, 1)), commit(zxid(2, 1)), newLeader(2));

        assertThat(peer.disk()).containsExactly("send ACK 2_0");
        assertThat(peer.receives(upToDate()))
                .containsExactly("deliver 2_1", "observe 3 in epoch 2", "send ACK 2_0");
    }

    // ---- what the leader let it keep

    @Test
    void what_it_kept_of_the_leaders_own_epoch_is_committed_when_the_leader_says_so() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)), proposal(zxid(2, 2)), commit(zxid(2, 1)));
        peer.disk();
        peer.disconnected();
        peer.aligningAgain(2);

        // The leader has proposed 2_2 and goes on with it.
        peer.receives(diff(zxid(2, 1)), newLeader(2));
        peer.disk();
        assertThat(peer.receives(upToDate()))
                .containsExactly("follow 3 in epoch 2", "send ACK 2_0", "send ACK 2_2");
        assertThat(peer.receives(commit(zxid(2, 2)))).containsExactly("deliver 2_2");
    }

    @Test
    void uncommitted_transactions_in_a_tree_just_loaded_are_never_served() {
        var peer = ScriptedPeer.follower(zxid(2, 1), zxid(2, 2)).aligning(2);

        assertThat(peer.receives(diff(zxid(2, 1))))
                .singleElement()
                .asString()
                .endsWith("a snapshot is asked for next");
    }
}
