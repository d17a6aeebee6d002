package io.witan.zab.peer;

import static io.witan.zab.peer.LeaderWords.commit;
import static io.witan.zab.peer.LeaderWords.config;
import static io.witan.zab.peer.LeaderWords.diff;
import static io.witan.zab.peer.LeaderWords.leaderInfo;
import static io.witan.zab.peer.LeaderWords.newLeader;
import static io.witan.zab.peer.LeaderWords.proposal;
import static io.witan.zab.peer.LeaderWords.reconfig;
import static io.witan.zab.peer.LeaderWords.snap;
import static io.witan.zab.peer.LeaderWords.trunc;
import static io.witan.zab.peer.LeaderWords.upToDate;
import static io.witan.zab.peer.LeaderWords.zxid;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.OpCode;
import io.witan.wire.election.Notification;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnHeader;
import io.witan.zab.Effect;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Defects of the original in which a learner plays the main part (quorum, section 10.1), each as
/// the story that led to it. `ZK_n` is ZOOKEEPER-n.
class LearnerDefectsTest {

    @Test
    void ZK_2678_the_database_is_kept_when_nothing_is_wrong_with_it() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.disconnected();
        peer.aligningAgain(3);
        peer.receives(diff(zxid(1, 1)), proposal(zxid(2, 1)), commit(zxid(2, 1)), newLeader(3));
        peer.disk();
        peer.receives(upToDate());

        assertThat(peer.allOf(Effect.ReloadTree.class)).isEmpty();
        assertThat(peer.allOf(Effect.StoreSnapshot.class)).isEmpty();
    }

    @Test
    void ZK_2845_what_is_logged_and_not_committed_counts_when_a_leader_is_looked_for() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)), commit(zxid(2, 1)), proposal(zxid(2, 2)));
        peer.disconnected();
        peer.disk();

        Notification vote = peer.last(Effect.SendNotification.class).notification();
        assertThat(vote.leader()).isEqualTo(1);
        assertThat(vote.zxid()).isEqualTo(zxid(2, 2));
        assertThat(vote.peerEpoch()).isEqualTo(2);
        peer.discoveringAgain();
        peer.receives(leaderInfo(3));
        assertThat(peer.disk()).containsExactly("send ACKEPOCH 2_2 epoch 2");
    }

    @Test
    void ZK_2355_a_synchronisation_that_breaks_off_leaves_nothing_that_the_log_does_not_have() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(1, 2)), commit(zxid(1, 2)), proposal(zxid(2, 1)));
        peer.receives(commit(zxid(2, 1)));
        peer.disconnected();
        peer.disk();

        assertThat(peer.allOf(Effect.Deliver.class)).isEmpty();
        assertThat(peer.peer.lastLoggedZxid()).isEqualTo(zxid(1, 2));
        peer.discoveringAgain();
        assertThat(peer.receives(leaderInfo(2))).containsExactly("send ACKEPOCH 1_2 epoch -1");
    }

    @Test
    void ZK_2872_3642_a_snapshot_that_breaks_off_has_never_been() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).aligning(2);
        peer.receives(snap(zxid(1, 9)));
        assertThat(peer.disconnected()).containsExactly("reload tree");

        peer.discoveringAgain();
        assertThat(peer.receives(leaderInfo(2))).containsExactly("send ACKEPOCH 1_1 epoch -1");
    }

    @Test
    void ZK_5094_what_was_committed_behind_TRUNC_is_in_the_log_when_NEWLEADER_does_not_come() {
        var peer = ScriptedPeer.follower(zxid(1, 1), zxid(1, 2), zxid(1, 3)).aligning(3);
        peer.receives(trunc(zxid(1, 2)), proposal(zxid(2, 1)), commit(zxid(2, 1)));
        peer.disk();
        peer.disconnected();

        peer.discoveringAgain();
        assertThat(peer.receives(leaderInfo(3))).containsExactly("send ACKEPOCH 2_1 epoch -1");
        peer.receives(diff(zxid(2, 2)));
        assertThat(peer.receives(proposal(zxid(2, 2)))).containsExactly("append 2_2");
    }

    @Test
    void ZK_3104_NEWLEADER_is_acknowledged_after_everything_that_came_with_the_snapshot() {
        var peer = ScriptedPeer.follower().aligning(2);
        peer.receives(snap(zxid(1, 5)));
        peer.snapshotReceived();
        peer.receives(proposal(zxid(1, 6)), commit(zxid(1, 6)), newLeader(2));

        assertThat(peer.diskDoes(1)).as("snapshot").isEmpty();
        assertThat(peer.diskDoes(1)).as("1_6").containsExactly("store currentEpoch 2");
        assertThat(peer.diskDoes(1)).as("epoch").containsExactly("send ACK 2_0");
    }

    @Test
    void ZK_3023_3911_4646_4785_history_is_durable_before_NEWLEADER_is_acknowledged() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(1, 2)), commit(zxid(1, 2)), proposal(zxid(1, 3)));
        peer.receives(commit(zxid(1, 3)), newLeader(2));

        assertThat(peer.diskDoes(1)).isEmpty();
        assertThat(peer.diskDoes(1)).containsExactly("store currentEpoch 2");
        assertThat(peer.diskDoes(1)).containsExactly("send ACK 2_0");
    }

    @Test
    void ZK_4643_the_epoch_is_claimed_only_with_the_history_that_it_began_with() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(1, 2)), commit(zxid(1, 2)), newLeader(2));

        // The power fails with anything before the history on disk: the epoch is not claimed.
        assertThat(peer.allOf(Effect.StoreCurrentEpoch.class)).isEmpty();
        peer.diskDoes(1);
        assertThat(peer.last(Effect.StoreCurrentEpoch.class).epoch()).isEqualTo(2);
    }

    @Test
    void ZK_4685_no_proposal_is_acknowledged_before_NEWLEADER() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(2, 1)), newLeader(2), proposal(zxid(2, 2)));

        assertThat(peer.disk()).containsExactly("send ACK 2_0");
        assertThat(peer.receives(upToDate()))
                .containsExactly(
                        "follow 3 in epoch 2", "send ACK 2_0", "send ACK 2_1", "send ACK 2_2");
    }

    @Test
    void ZK_4394_a_commit_may_come_after_NEWLEADER_for_a_proposal_that_came_before_it() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(2, 1)), newLeader(2), commit(zxid(2, 1)));
        peer.disk();
        peer.receives(proposal(zxid(2, 2)), commit(zxid(2, 2)));

        assertThat(peer.receives(upToDate())).startsWith("deliver 2_1", "deliver 2_2");
    }

    @Test
    void ZK_4925_what_was_committed_while_it_synchronised_is_in_what_it_sends_as_leader() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(1, 2)), commit(zxid(1, 2)));
        peer.receives(proposal(zxid(2, 1)), commit(zxid(2, 1)), newLeader(2));
        peer.receives(proposal(zxid(2, 2)), commit(zxid(2, 2)));
        peer.disk();
        peer.receives(upToDate(), proposal(zxid(2, 3)), commit(zxid(2, 3)));
        peer.disconnected();
        peer.disk();

        assertThat(peer.history()).containsExactly(zxid(1, 2), zxid(2, 1), zxid(2, 2), zxid(2, 3));
    }

    @Test
    void ZK_2846_a_hole_in_what_the_leader_reads_from_its_disk_is_not_taken_over() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(1, 2)), commit(zxid(1, 2)));

        assertThat(peer.receives(proposal(zxid(1, 4))))
                .containsExactly(
                        "close: the leader sent 0x100000004, which does not follow 0x100000002; a"
                                + " snapshot is asked for next");
        assertThat(peer.peer.lastLoggedZxid()).isEqualTo(zxid(1, 2));
    }

    @Test
    void ZK_4352_an_empty_server_does_not_take_a_history_without_its_beginning() {
        var peer = ScriptedPeer.follower().catchingUp(2);

        assertThat(peer.receives(proposal(zxid(1, 5))))
                .containsExactly(
                        "close: the leader sent 0x100000005, which does not follow 0x0; a snapshot"
                                + " is asked for next");

        peer.discoveringAgain();
        assertThat(peer.receives(leaderInfo(2))).containsExactly("send ACKEPOCH 3_0 epoch -1");
    }

    @Test
    void ZK_4837_a_snapshot_that_brings_back_what_was_truncated_is_noticed() {
        var peer = ScriptedPeer.follower(zxid(1, 1), zxid(1, 2), zxid(1, 3)).aligning(2);
        peer.receives(trunc(zxid(1, 2)));
        peer.diskDoes(1);
        peer.logOnDiskIs(zxid(1, 1), zxid(1, 2), zxid(1, 3));
        peer.disk();

        // With that log it neither acknowledges NEWLEADER nor counts as one who knows.
        peer.discoveringAgain();
        assertThat(peer.receives(leaderInfo(2))).containsExactly("send ACKEPOCH 3_0 epoch -1");
    }

    @Test
    void a_truncation_is_durable_before_NEWLEADER_is_acknowledged() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)));
        peer.disk();
        peer.disconnected();
        peer.aligningAgain(3);

        assertThat(peer.receives(trunc(zxid(1, 1)), newLeader(3)))
                .containsExactly("truncate to 1_1");
        assertThat(peer.diskDoes(1)).containsExactly("store currentEpoch 3");
        assertThat(peer.diskDoes(1)).containsExactly("send ACK 3_0");
    }

    @Test
    void ZK_4502_4541_4712_the_log_is_written_to_the_end_before_the_server_looks_again() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)), proposal(zxid(2, 2)));
        peer.disconnected();
        int told = peer.allOf(Effect.SendNotification.class).size();

        peer.diskDoes(1);
        assertThat(peer.allOf(Effect.SendNotification.class)).hasSize(told);
        peer.diskDoes(1);
        assertThat(peer.allOf(Effect.SendNotification.class)).hasSizeGreaterThan(told);
    }

    @Test
    void ZK_4409_nothing_is_acknowledged_on_a_link_that_is_closed() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)));
        peer.disconnected();

        assertThat(peer.disk()).isEmpty();
    }

    @Test
    void ZK_2623_a_check_on_its_own_never_gets_into_the_log() {
        JuteWriter check = new JuteWriter();
        TxnCodec.write(
                check,
                new TxnHeader(1, 1, zxid(2, 1), 0, OpCode.CHECK),
                new Txn.CheckVersion(new byte[] {'/'}, 1),
                null);
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);

        assertThat(peer.receives(proposal(zxid(2, 1), check.toByteArray())).getFirst())
                .startsWith("close: the leader sent what cannot be read");
    }

    @Test
    void ZK_2172_2137_a_server_that_is_added_while_it_synchronises_knows_the_new_members() {
        var next = config(zxid(2, 1), "participant", "participant", "participant", "participant");
        var proposed = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        proposed.receives(proposal(zxid(2, 1), reconfig(zxid(2, 1), next)));
        assertThat(proposed.peer.lastSeenConfig()).isEqualTo(next);

        var told = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        told.receives(newLeader(2, next));
        assertThat(told.peer.lastSeenConfig()).isEqualTo(next);
    }

    @Test
    void an_older_configuration_is_never_seen_again() {
        var newer = config(zxid(2, 1), "participant", "participant", "participant");
        var peer = ScriptedPeer.withSid(1, 2, 2, newer, zxid(2, 1));
        peer.ensemble = newer;
        peer.catchingUp(3);

        assertThat(peer.receives(newLeader(3, LeaderWords.members(zxid(1, 1)))))
                .containsExactly("store currentEpoch 3");
        peer.disk();
        peer.receives(upToDate());
        assertThat(peer.peer.lastSeenConfig()).isEqualTo(newer);
        assertThat(peer.peer.committedConfig()).isEqualTo(newer);
    }

    /// The three traps of the formal models (quorum, section 10.4).
    @Test
    void what_is_proposed_between_NEWLEADER_and_its_acknowledgement_is_not_lost() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(newLeader(2), proposal(zxid(2, 1)));
        peer.disk();
        peer.receives(commit(zxid(2, 1)));

        assertThat(peer.receives(upToDate()))
                .isEqualTo(
                        List.of(
                                "deliver 2_1",
                                "follow 3 in epoch 2",
                                "send ACK 2_0",
                                "send ACK 2_1"));
    }
}
