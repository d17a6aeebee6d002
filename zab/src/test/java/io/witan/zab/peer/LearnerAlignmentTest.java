package io.witan.zab.peer;

import static io.witan.zab.peer.LeaderWords.commit;
import static io.witan.zab.peer.LeaderWords.diff;
import static io.witan.zab.peer.LeaderWords.inform;
import static io.witan.zab.peer.LeaderWords.leaderInfo;
import static io.witan.zab.peer.LeaderWords.newLeader;
import static io.witan.zab.peer.LeaderWords.ping;
import static io.witan.zab.peer.LeaderWords.proposal;
import static io.witan.zab.peer.LeaderWords.snap;
import static io.witan.zab.peer.LeaderWords.trunc;
import static io.witan.zab.peer.LeaderWords.upToDate;
import static io.witan.zab.peer.LeaderWords.zxid;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;

import org.junit.jupiter.api.Test;

import java.util.List;

/// DIFF, TRUNC and SNAP (quorum, sections 4.4 and 4.7).
class LearnerAlignmentTest {

    @Test
    void another_packet_drops_the_link() {
        for (QuorumPacket packet :
                List.of(
                        leaderInfo(2),
                        newLeader(2),
                        upToDate(),
                        proposal(zxid(1, 3)),
                        commit(zxid(1, 2)),
                        inform(zxid(1, 3)),
                        ping(0))) {
            var peer = ScriptedPeer.follower(zxid(1, 1), zxid(1, 2)).aligning(2);

            assertThat(peer.receives(packet))
                    .singleElement()
                    .asString()
                    .startsWith("close: the leader sent " + PacketType.name(packet.type()))
                    .endsWith("instead of DIFF, TRUNC or SNAP");
            assertThat(peer.peer.state()).isEqualTo(AgreementView.State.LOOKING);
        }
    }

    // ---- DIFF

    @Test
    void DIFF_leaves_the_log_as_it_is() {
        var peer = ScriptedPeer.follower(zxid(1, 1), zxid(1, 2)).aligning(2);

        assertThat(peer.receives(diff(zxid(1, 9)))).isEmpty();
        assertThat(peer.peer.lastLoggedZxid()).isEqualTo(zxid(1, 2));
    }

    // ---- TRUNC

    @Test
    void TRUNC_of_what_the_tree_holds_loads_the_tree_again() {
        // After a start the tree holds all of the log.
        var peer = ScriptedPeer.follower(zxid(1, 1), zxid(1, 2), zxid(1, 3)).aligning(2);

        assertThat(peer.receives(trunc(zxid(1, 2))))
                .containsExactly("truncate to 1_2", "reload tree");
        assertThat(peer.disk()).isEmpty();

        assertThat(peer.peer.lastLoggedZxid()).isEqualTo(zxid(1, 2));
        assertThat(peer.peer.lastCommittedZxid()).isEqualTo(zxid(1, 2));
    }

    @Test
    void TRUNC_of_what_was_never_delivered_cuts_the_log_alone() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)), proposal(zxid(2, 2)), commit(zxid(2, 1)));
        peer.disk();
        peer.disconnected();
        peer.aligningAgain(3);

        assertThat(peer.receives(trunc(zxid(2, 1)))).containsExactly("truncate to 2_1");
        assertThat(peer.peer.lastLoggedZxid()).isEqualTo(zxid(2, 1));
    }

    @Test
    void TRUNC_to_the_end_of_the_log_cuts_nothing() {
        var peer = ScriptedPeer.follower(zxid(1, 1), zxid(1, 2)).aligning(2);

        assertThat(peer.receives(trunc(zxid(1, 2)))).isEmpty();
        assertThat(peer.receives(proposal(zxid(1, 3)))).containsExactly("append 1_3");
    }

    @Test
    void TRUNC_followed_by_proposals_continues_from_the_cut() {
        var peer = ScriptedPeer.follower(zxid(1, 1), zxid(1, 2), zxid(1, 3)).aligning(3);
        peer.receives(trunc(zxid(1, 2)));

        // Everything that comes while the tree is loaded waits for it.
        assertThat(peer.receives(proposal(zxid(2, 1)), commit(zxid(2, 1)), newLeader(3))).isEmpty();
        assertThat(peer.disk())
                .containsExactly(
                        "store currentEpoch 2",
                        "append 2_1",
                        "store currentEpoch 3",
                        "send ACK 3_0");
    }

    @Test
    void TRUNC_to_a_point_that_is_not_in_the_log_asks_for_a_snapshot_instead() {
        var peer = ScriptedPeer.follower(zxid(1, 1), zxid(1, 2), zxid(2, 1)).aligning(3);

        assertThat(peer.receives(trunc(zxid(1, 7))))
                .containsExactly(
                        "close: the leader wants the log truncated to 0x100000007, which it does"
                                + " not lead to; a snapshot is asked for next");
        assertThat(peer.peer.lastLoggedZxid()).isEqualTo(zxid(2, 1));

        // The promise was given; no leader counts it, and none finds this point in its history.
        peer.discoveringAgain();
        assertThat(peer.receives(leaderInfo(3))).containsExactly("send ACKEPOCH 4_0 epoch -1");
        peer.receives(snap(zxid(1, 5)));
        peer.snapshotReceived();
        peer.receives(newLeader(3));
        peer.disk();
        peer.disconnected();

        peer.discoveringAgain();
        assertThat(peer.receives(leaderInfo(3))).containsExactly("send ACKEPOCH 1_5 epoch -1");
    }

    @Test
    void TRUNC_further_back_than_is_remembered_asks_for_a_snapshot_instead() {
        var peer = ScriptedPeer.follower(zxid(1, 8), zxid(1, 9)).aligning(2);

        assertThat(peer.receives(trunc(zxid(1, 3))))
                .singleElement()
                .asString()
                .endsWith("a snapshot is asked for next");
    }

    @Test
    void what_was_asked_for_as_a_snapshot_must_come_as_one() {
        var peer = ScriptedPeer.follower(zxid(1, 8), zxid(1, 9)).aligning(2);
        peer.receives(trunc(zxid(1, 3)));
        peer.aligningAgain(2);

        assertThat(peer.receives(diff(zxid(1, 9))))
                .containsExactly("close: the leader sent DIFF where a snapshot was asked for");
    }

    @Test
    void TRUNC_and_SNAP_never_take_back_what_was_seen_committed() {
        for (QuorumPacket packet : List.of(trunc(zxid(1, 1)), snap(zxid(1, 1)))) {
            var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
            peer.receives(proposal(zxid(2, 1)), commit(zxid(2, 1)));
            peer.disk();
            peer.disconnected();
            peer.aligningAgain(3);

            assertThat(peer.receives(packet))
                    .singleElement()
                    .asString()
                    .endsWith("would take back 0x200000001, which is committed");
        }
    }

    @Test
    void a_disk_that_gives_more_than_was_left_is_not_believed() {
        var peer = ScriptedPeer.follower(zxid(1, 1), zxid(1, 2), zxid(1, 3)).aligning(2);
        peer.receives(trunc(zxid(1, 2)));
        peer.diskDoes(1);
        peer.logOnDiskIs(zxid(1, 1), zxid(1, 2), zxid(1, 3));

        assertThat(peer.disk())
                .containsExactly(
                        "close: truncated to 0x100000002 the log gives 0x100000003; a snapshot is"
                                + " asked for next");
    }

    /// That of an observer which keeps nothing (docs/decisions/0015).
    @Test
    void a_disk_that_gives_nothing_leads_to_a_snapshot() {
        var peer = ScriptedPeer.follower(zxid(1, 1), zxid(1, 2), zxid(1, 3)).aligning(2);
        peer.receives(trunc(zxid(1, 2)));
        peer.diskDoes(1);
        peer.diskIsEmpty();

        assertThat(peer.disk())
                .containsExactly(
                        "close: truncated to 0x100000002 the log gives 0x0; a snapshot is asked"
                                + " for next");
        peer.discoveringAgain();
        assertThat(peer.receives(leaderInfo(2))).containsExactly("send ACKEPOCH 3_0 epoch -1");
    }

    /// Although it has seen more committed than it has.
    @Test
    void a_disk_that_gives_nothing_after_an_interrupted_snapshot_begins_anew() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)), commit(zxid(2, 1)));
        peer.disk();
        peer.disconnected();
        peer.aligningAgain(3);
        peer.receives(snap(zxid(2, 5)));
        peer.diskIsEmpty();
        peer.disconnected();
        peer.disk();

        peer.discoveringAgain();
        assertThat(peer.receives(leaderInfo(3))).containsExactly("send ACKEPOCH 0_0 epoch -1");
        peer.receives(snap(zxid(2, 5)));
        peer.snapshotReceived();
        peer.receives(newLeader(3));
        peer.disk();

        assertThat(peer.peer.lastLoggedZxid()).isEqualTo(zxid(2, 5));
    }

    // ---- SNAP

    @Test
    void SNAP_replaces_the_tree_and_is_stored_before_anything_that_follows() {
        var peer = ScriptedPeer.follower().aligning(1);

        assertThat(peer.receives(snap(zxid(1, 5)))).containsExactly("receive snapshot 1_5");
        assertThat(peer.snapshotReceived()).containsExactly("store snapshot 1_5");
        assertThat(peer.receives(proposal(zxid(1, 6)), commit(zxid(1, 6)), newLeader(1))).isEmpty();

        assertThat(peer.diskDoes(1)).containsExactly("append 1_6");
        assertThat(peer.disk()).containsExactly("send ACK 1_0");
    }

    /// In between a crash would leave it with less than it has acknowledged.
    @Test
    void a_snapshot_with_less_than_the_log_costs_the_vote_until_the_rest_is_there() {
        var peer = ScriptedPeer.follower(zxid(1, 1), zxid(1, 2)).aligning(2);
        peer.receives(snap(zxid(1, 1)));

        assertThat(peer.snapshotReceived())
                .containsExactly("store damage mark", "store snapshot 1_1");
        assertThat(peer.peer.context().mayVote()).isFalse();

        peer.receives(proposal(zxid(1, 2)), newLeader(2));
        assertThat(peer.disk()).contains("send ACK 2_0").doesNotContain("clear damage mark");
        assertThat(peer.receives(upToDate())).contains("clear damage mark");
        peer.disk();
        assertThat(peer.peer.context().mayVote()).isTrue();
    }

    @Test
    void with_the_snapshot_its_epoch_becomes_the_current_one() {
        var peer = ScriptedPeer.follower().aligning(3);
        peer.receives(snap(zxid(2, 5)));
        peer.snapshotReceived();

        assertThat(peer.receives(proposal(zxid(2, 6)))).containsExactly("append 2_6");
        peer.disk();
        assertThat(peer.peer.currentEpoch()).isEqualTo(2);
    }

    @Test
    void what_came_while_the_snapshot_was_taken_and_is_in_it_is_passed_over() {
        var peer = ScriptedPeer.follower().aligning(1);
        peer.receives(snap(zxid(1, 5)));
        peer.snapshotReceived();

        assertThat(
                        peer.receives(
                                proposal(zxid(1, 4)),
                                commit(zxid(1, 4)),
                                proposal(zxid(1, 5)),
                                commit(zxid(1, 5)),
                                proposal(zxid(1, 6)),
                                newLeader(1)))
                .isEmpty();
        assertThat(peer.disk()).containsExactly("append 1_6", "send ACK 1_0");
    }

    @Test
    void a_packet_within_a_snapshot_drops_the_link() {
        var peer = ScriptedPeer.follower().aligning(1);
        peer.receives(snap(zxid(1, 5)));

        assertThat(peer.receives(newLeader(1)))
                .contains("close: the leader sent NEWLEADER 0x100000000 within a snapshot");
    }

    @Test
    void a_snapshot_of_an_epoch_after_the_leaders_is_refused() {
        var peer = ScriptedPeer.follower().aligning(1);

        assertThat(peer.receives(snap(zxid(2, 1))))
                .containsExactly("close: the leader of epoch 1 sent a snapshot of 0x200000001");
    }

    @Test
    void an_interrupted_snapshot_leaves_nothing_the_tree_is_loaded_from_disk() {
        var peer = ScriptedPeer.follower(zxid(1, 1), zxid(1, 2)).aligning(2);
        peer.receives(snap(zxid(1, 9)));

        assertThat(peer.disconnected()).containsExactly("reload tree");
        // No vote before that: it would be for a state that does not exist.
        assertThat(peer.hearsOfLeader()).isEmpty();
        peer.disk();

        assertThat(peer.peer.lastLoggedZxid()).isEqualTo(zxid(1, 2));
        assertThat(peer.hearsOfLeader()).containsExactly("dial 3");
    }

    @Test
    void a_snapshot_that_is_on_its_way_to_the_disk_is_not_interrupted_any_more() {
        var peer = ScriptedPeer.follower(zxid(1, 1), zxid(1, 2)).aligning(2);
        peer.receives(snap(zxid(1, 9)));
        peer.snapshotReceived();

        assertThat(peer.disconnected()).isEmpty();
        assertThat(peer.hearsOfLeader()).isEmpty();
        assertThat(peer.disk()).isEmpty();

        assertThat(peer.peer.lastLoggedZxid()).isEqualTo(zxid(1, 9));
        assertThat(peer.hearsOfLeader()).containsExactly("dial 3");
    }
}
