package io.witan.zab.peer;

import static io.witan.zab.peer.ScriptedLeader.ack;
import static io.witan.zab.peer.ScriptedLeader.ackEpoch;
import static io.witan.zab.peer.ScriptedLeader.pong;
import static io.witan.zab.peer.Txns.zxid;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;
import io.witan.zab.PeerSettings;

import org.junit.jupiter.api.Test;

import java.util.List;

/// How learners are brought to the leader's history, and when the leader begins to serve (quorum,
/// sections 4.3 to 4.6).
class LeaderSynchronisationTest {

    private static final PeerSettings STANDARD = PeerSettings.standard(ScriptedLeader.SID);

    private final ScriptedLeader fresh = ScriptedLeader.fresh();
    private final ScriptedLeader leader = ScriptedLeader.with(1, Txns.entries(1, 1, 3));

    // ---- what is sent

    @Test
    void a_learner_with_the_same_log_is_sent_an_empty_diff() {
        leader.offering();

        assertThat(leader.says(1, ackEpoch(1, zxid(1, 3))))
                .endsWith("1 <- DIFF 1_3", "1 <- NEWLEADER 2_0");
    }

    /// A learner of the original logs before its acknowledgement only what it was told is
    /// committed.
    @Test
    void the_history_is_sent_as_committed_before_newleader() {
        leader.offering();

        assertThat(leader.says(1, ackEpoch(1, zxid(1, 1))))
                .endsWith(
                        "1 <- DIFF 1_3",
                        "1 <- PROPOSAL 1_2",
                        "1 <- COMMIT 1_2",
                        "1 <- PROPOSAL 1_3",
                        "1 <- COMMIT 1_3",
                        "1 <- NEWLEADER 2_0");
    }

    @Test
    void a_learner_that_is_ahead_is_told_to_truncate() {
        leader.established();

        assertThat(leader.joins(4, -1, zxid(1, 5)))
                .endsWith("4 <- TRUNC 1_3", "4 <- NEWLEADER 2_0");
    }

    /// ZOOKEEPER-3104: what is behind the snapshot comes before NEWLEADER.
    @Test
    void behind_a_snapshot_comes_what_the_tree_does_not_hold_yet() {
        leader.active();
        leader.proposes(zxid(2, 1));

        assertThat(leader.joins(4, -1, 0))
                .endsWith("4 <- SNAP 1_3", "4 <- snapshot 1_3", "4 <- NEWLEADER 2_0");
        leader.disconnects(1);
        assertThat(leader.joins(1, -1, 0))
                .endsWith(
                        "1 <- SNAP 1_3",
                        "1 <- snapshot 1_3",
                        "1 <- PROPOSAL 2_1",
                        "1 <- NEWLEADER 2_0");
    }

    @Test
    void newleader_carries_the_configuration_last_seen() {
        fresh.established();

        QuorumPacket newLeader = RecordedLink.first(fresh.packetsTo(1), PacketType.NEWLEADER);
        assertThat(new String(newLeader.dataNotNull(), UTF_8))
                .isEqualTo(LeaderWords.members(zxid(1, 0)).text());
    }

    /// ZOOKEEPER-3829: where reconfiguration is disabled versions stay what files say.
    @Test
    void without_reconfiguration_the_configuration_gets_no_version() {
        ScriptedLeader fixed =
                ScriptedLeader.with(
                        Settings.withoutReconfig(STANDARD), 0, List.of(), LeaderWords.members(0));
        fixed.active();

        QuorumPacket newLeader = RecordedLink.first(fixed.packetsTo(1), PacketType.NEWLEADER);
        assertThat(new String(newLeader.dataNotNull(), UTF_8)).endsWith("version=0");
        assertThat(fixed.peer.isServing()).isTrue();
        assertThat(fixed.peer.committedConfig().version()).isZero();
    }

    @Test
    void packets_of_a_broadcast_are_one_object_for_all_learners() {
        leader.active();
        leader.proposes(zxid(2, 1));

        assertThat(leader.packetsTo(1).getLast()).isSameAs(leader.packetsTo(2).getLast());
    }

    // ---- from the decision on

    @Test
    void from_the_decision_on_a_learner_is_sent_every_proposal() {
        leader.active();
        leader.disconnects(1);
        leader.proposes(zxid(2, 1));
        assertThat(leader.joins(1, -1, zxid(1, 3)))
                .endsWith("1 <- DIFF 1_3", "1 <- PROPOSAL 2_1", "1 <- NEWLEADER 2_0");

        assertThat(leader.proposes(zxid(2, 2))).contains("1 <- PROPOSAL 2_2");
        assertThat(leader.says(2, ack(zxid(2, 1)))).isEmpty();
        assertThat(leader.diskDoes(1))
                .containsExactly("2 <- COMMIT 2_1", "1 <- COMMIT 2_1", "deliver 2_1");
    }

    @Test
    void an_observer_is_informed_from_the_decision_on_and_sent_nothing_that_is_outstanding() {
        leader.active();
        leader.proposes(zxid(2, 1));
        assertThat(leader.joins(4, -1, zxid(1, 3))).endsWith("4 <- DIFF 1_3", "4 <- NEWLEADER 2_0");

        leader.says(2, ack(zxid(2, 1)));
        assertThat(leader.disk()).contains("4 <- INFORM 2_1");
    }

    /// The original lets it truncate what it has acknowledged (safety, P4).
    @Test
    void a_learner_keeps_what_is_outstanding_and_serves_when_it_is_committed() {
        leader.active();
        leader.proposes(zxid(2, 1));
        leader.disconnects(1);

        assertThat(leader.joins(1, -1, zxid(2, 1))).endsWith("1 <- DIFF 2_1", "1 <- NEWLEADER 2_0");
        assertThat(leader.says(1, ack(zxid(2, 0)))).isEmpty();
        assertThat(leader.disk())
                .containsExactly("2 <- COMMIT 2_1", "deliver 2_1", "1 <- UPTODATE -1");
    }

    @Test
    void a_learner_that_comes_back_with_less_has_not_acknowledged_the_rest_any_more() {
        leader.active();
        leader.proposes(zxid(2, 1));
        leader.says(1, ack(zxid(2, 1)));
        leader.disconnects(1);
        leader.joins(1, -1, zxid(1, 3));

        assertThat(leader.disk()).isEmpty();
        leader.says(1, ack(zxid(2, 0)));
        assertThat(leader.says(1, ack(zxid(2, 1)))).contains("deliver 2_1");
    }

    // ---- the log on disk

    private final ScriptedLeader short5 =
            ScriptedLeader.with(
                    Settings.withShortHistory(STANDARD),
                    1,
                    Txns.entries(1, 1, 9),
                    LeaderWords.members(0));

    @Test
    void what_follows_a_piece_of_the_log_on_disk_waits_for_it() {
        short5.active();

        assertThat(short5.joins(4, -1, zxid(1, 2))).endsWith("read log after 1_2 up to 1_4");
        assertThat(short5.reads(Txns.entries(1, 3, 4)))
                .containsExactly(
                        "4 <- DIFF 1_9",
                        "4 <- PROPOSAL 1_3",
                        "4 <- COMMIT 1_3",
                        "4 <- PROPOSAL 1_4",
                        "4 <- COMMIT 1_4",
                        "4 <- PROPOSAL 1_5",
                        "4 <- COMMIT 1_5",
                        "4 <- PROPOSAL 1_6",
                        "4 <- COMMIT 1_6",
                        "4 <- PROPOSAL 1_7",
                        "4 <- COMMIT 1_7",
                        "4 <- PROPOSAL 1_8",
                        "4 <- COMMIT 1_8",
                        "4 <- PROPOSAL 1_9",
                        "4 <- COMMIT 1_9",
                        "4 <- NEWLEADER 2_0");
    }

    @Test
    void a_learner_that_waits_for_the_disk_is_not_pinged_and_misses_nothing() {
        short5.active();
        short5.joins(4, -1, zxid(1, 2));

        assertThat(short5.after(1000)).containsExactly("1 <- PING 2_0", "2 <- PING 2_0");
        assertThat(short5.reads(Txns.entries(1, 3, 4))).endsWith("4 <- NEWLEADER 2_0");
        assertThat(short5.after(1000)).contains("4 <- PING 2_0");
    }

    @Test
    void where_the_disk_does_not_give_it_a_snapshot_is_sent() {
        short5.active();
        short5.joins(4, -1, zxid(1, 2));

        assertThat(short5.reads(null))
                .containsExactly("4 <- SNAP 1_9", "4 <- snapshot 1_9", "4 <- NEWLEADER 2_0");
    }

    /// ZOOKEEPER-2846.
    @Test
    void a_hole_in_the_log_on_disk_is_noticed() {
        short5.active();
        short5.joins(4, -1, zxid(1, 1));

        assertThat(short5.reads(List.of(Txns.entry(1, 2), Txns.entry(1, 4))))
                .startsWith("4 <- SNAP 1_9");
    }

    /// ZOOKEEPER-2418.
    @Test
    void a_log_on_disk_that_ends_too_early_is_noticed() {
        short5.active();
        short5.joins(4, -1, zxid(1, 1));

        assertThat(short5.reads(Txns.entries(1, 2, 3))).startsWith("4 <- SNAP 1_9");
    }

    @Test
    void a_log_that_comes_after_its_learner_has_gone_is_of_no_use() {
        short5.active();
        short5.joins(4, -1, zxid(1, 1));
        short5.disconnects(4);

        assertThat(short5.reads(Txns.entries(1, 2, 4))).isEmpty();
    }

    /// ZOOKEEPER-1697, 2678.
    @Test
    void a_snapshot_may_take_as_long_as_it_goes_on() {
        ScriptedLeader large =
                ScriptedLeader.with(
                        Settings.withSnapshotsOnly(STANDARD),
                        1,
                        Txns.entries(1, 1, 3),
                        LeaderWords.members(0));
        large.established();
        for (int seconds = 0; seconds < 100; seconds += 10) {
            large.after(10_000);
            large.does(p -> p.snapshotAdvanced(large.link(1)));
        }

        assertThat(large.says(1, ack(zxid(2, 0)))).contains("lead epoch 2", "1 <- UPTODATE -1");
    }

    // ---- limits

    /// Followers are counted, and do not wait.
    private final ScriptedLeader one =
            ScriptedLeader.with(
                    Settings.withSnapshotsOnly(STANDARD), 0, List.of(), LeaderWords.members(0));

    @Test
    void so_many_observers_are_sent_snapshots_at_a_time_and_others_wait_for_their_turn() {
        one.established();

        assertThat(one.joins(4, -1, 0)).containsExactly("4 <- LEADERINFO 1_0");
        one.after(15_000);
        one.says(1, ack(zxid(1, 0)));
        assertThat(one.packetsTo(4)).hasSize(1);

        assertThat(one.says(2, ack(zxid(1, 0)))).contains("4 <- SNAP 0_0");
    }

    @Test
    void the_turn_of_one_that_waits_comes_when_another_is_lost() {
        one.established();
        one.joins(4, -1, 0);
        one.disconnects(1);
        one.disconnects(2);

        assertThat(one.after(1000)).contains("4 <- SNAP 0_0");
    }

    // ---- until the leader serves

    @Test
    void it_serves_when_a_quorum_has_its_history_and_its_own_epoch_is_durable() {
        leader.offering();
        leader.says(1, ackEpoch(1, zxid(1, 3)));
        leader.says(2, ackEpoch(1, zxid(1, 3)));

        assertThat(leader.says(1, ack(zxid(2, 0)))).isEmpty();
        assertThat(leader.says(2, ack(zxid(2, 0)))).isEmpty();
        assertThat(leader.disk())
                .containsExactly(
                        "store committed config 2_0",
                        "config 2_0 in force",
                        "lead epoch 2",
                        "1 <- UPTODATE -1",
                        "2 <- UPTODATE -1");
    }

    @Test
    void its_own_history_is_half_of_a_quorum() {
        leader.established();
        assertThat(leader.peer.isServing()).isFalse();

        assertThat(leader.says(1, ack(zxid(2, 0)))).contains("lead epoch 2", "1 <- UPTODATE -1");
    }

    /// 2845: the history of a leader is committed with its epoch, and only then in the tree.
    @Test
    void its_whole_history_is_delivered_before_it_serves() {
        var three = new MemoryEnsemble(LeaderWords.members(0));
        for (long sid = 1; sid <= 3; sid++) {
            three.server(sid).with(1, 1, Txns.entries(1, 1, 2));
        }
        three.start().advance(3000);

        assertThat(three.leader().tree).hasSize(2);
        three.assertAllEqual();
    }

    @Test
    void the_history_of_an_observer_or_a_stranger_does_not_count() {
        leader.established();
        leader.joins(4, -1, zxid(1, 3));
        leader.connects(9);
        leader.says(9, ScriptedLeader.followerInfo(9, 1));
        leader.says(9, ackEpoch(-1, zxid(1, 3)));

        assertThat(leader.says(4, ack(zxid(2, 0)))).isEmpty();
        assertThat(leader.says(9, ack(zxid(2, 0)))).isEmpty();
        assertThat(leader.peer.isServing()).isFalse();
    }

    /// ZOOKEEPER-4685.
    @Test
    void the_first_acknowledgement_is_that_of_newleader() {
        leader.established();

        assertThat(leader.says(1, ack(zxid(2, 1))))
                .containsExactly(
                        "1 closed: server 1 on link 101 sent ACK 0x200000001, which has no place"
                                + " while it is SYNCHRONISING");
    }

    @Test
    void nothing_but_acknowledgements_comes_before_uptodate() {
        leader.established();
        leader.joins(4, -1, zxid(1, 3));
        leader.says(4, ack(zxid(2, 0)));

        assertThat(leader.says(4, pong(zxid(2, 0))).getFirst()).startsWith("4 closed: ");
    }

    @Test
    void it_gives_up_when_no_quorum_has_its_history_within_initLimit() {
        leader.established();
        leader.joins(4, -1, zxid(1, 3));

        leader.after(20_000);

        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    @Test
    void those_who_wait_for_the_quorum_are_pinged() {
        leader.established();

        assertThat(leader.after(1000)).containsExactly("1 <- PING 2_0", "2 <- PING 2_0");
    }

    @Test
    void its_vote_then_names_the_new_epoch() {
        leader.active();

        leader.does(p ->
                p.notified(
                        1,
                        new io.witan.wire.election.Notification(
                                io.witan.wire.election.Notification.LOOKING,
                                1,
                                0,
                                9,
                                0,
                                LeaderWords.members(0).text())));

        var answer = leader.last(io.witan.zab.Effect.SendNotification.class).notification();
        assertThat(answer.state()).isEqualTo(io.witan.wire.election.Notification.LEADING);
        assertThat(answer.leader()).isEqualTo(3);
        assertThat(answer.peerEpoch()).isEqualTo(2);
    }

    @Test
    void a_late_learner_is_told_to_serve_as_soon_as_it_has_the_history() {
        leader.active();
        leader.joins(4, -1, zxid(1, 3));

        assertThat(leader.says(4, ack(zxid(2, 0)))).containsExactly("4 <- UPTODATE -1");
        assertThat(leader.peer.syncedSids()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(leader.peer.syncedObserverSids()).containsExactly(4L);
    }
}
