package io.witan.zab.peer;

import static io.witan.zab.peer.ScriptedLeader.ack;
import static io.witan.zab.peer.ScriptedLeader.ackEpoch;
import static io.witan.zab.peer.ScriptedLeader.followerInfo;
import static io.witan.zab.peer.ScriptedLeader.observerInfo;
import static io.witan.zab.peer.Txns.zxid;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.zab.AgreementView;
import io.witan.zab.PeerSettings;

import org.junit.jupiter.api.Test;

import java.util.List;

/// A leader changes the configuration (quorum, sections 5.3 to 5.6).
class LeaderReconfigurationTest {

    private static final EnsembleConfig WITH_FIVE =
            LeaderWords.config(
                    0, "participant", "participant", "participant", "observer", "participant");

    /// The leader, server 3, is in no longer.
    private static final EnsembleConfig WITHOUT_THREE =
            LeaderWords.config(0, "participant", "participant", null, "observer");

    private final ScriptedLeader leader = ScriptedLeader.fresh().active();

    /// Server 5 follows without a vote.
    private void fiveJoins() {
        leader.connects(5);
        leader.says(5, followerInfo(5, 0));
        leader.says(5, ackEpoch(0, 0));
        leader.says(5, ack(zxid(1, 0)));
    }

    @Test
    void its_proposal_makes_the_configuration_the_one_last_seen() {
        assertThat(leader.proposesReconfig(zxid(1, 1), WITH_FIVE))
                .containsExactly(
                        "store last seen config 1_1",
                        "append 1_1",
                        "1 <- PROPOSAL 1_1",
                        "2 <- PROPOSAL 1_1");
        assertThat(leader.peer.lastSeenConfig().version()).isEqualTo(zxid(1, 1));
        assertThat(leader.peer.committedConfig().version()).isEqualTo(zxid(1, 0));
    }

    @Test
    void it_and_what_follows_need_a_quorum_of_both_configurations() {
        fiveJoins();
        leader.proposesReconfig(zxid(1, 1), WITH_FIVE);
        leader.proposes(zxid(1, 2));
        leader.disk();

        assertThat(leader.says(1, ack(zxid(1, 1)))).isEmpty();
        assertThat(leader.says(5, ack(zxid(1, 1)))).contains("deliver 1_1");
        // The second was proposed while both were asked.
        leader.says(5, ack(zxid(1, 2)));
        assertThat(leader.says(2, ack(zxid(1, 2)))).contains("deliver 1_2");
    }

    @Test
    void what_was_proposed_before_needs_the_old_quorum_alone() {
        fiveJoins();
        leader.proposes(zxid(1, 1));
        leader.proposesReconfig(zxid(1, 2), WITH_FIVE);
        leader.disk();

        assertThat(leader.says(1, ack(zxid(1, 1)))).contains("deliver 1_1");
    }

    @Test
    void its_commit_names_the_leader_to_be_and_puts_it_in_force() {
        leader.joins(4, -1, 0);
        leader.says(4, ack(zxid(1, 0)));
        leader.proposesReconfig(zxid(1, 1), WITH_FIVE);
        leader.disk();
        leader.says(1, ack(zxid(1, 1)));

        assertThat(leader.says(2, ack(zxid(1, 1))))
                .containsExactly(
                        "store committed config 1_1",
                        "config 1_1 in force",
                        "restart election port",
                        "1 <- COMMITANDACTIVATE 1_1",
                        "2 <- COMMITANDACTIVATE 1_1",
                        "4 <- INFORMANDACTIVATE 1_1",
                        "deliver 1_1");
        assertThat(leader.peer.isServing()).isTrue();
        assertThat(
                        Payloads.designatedLeader(
                                RecordedLink.first(
                                                leader.packetsTo(1), PacketType.COMMITANDACTIVATE)
                                        .data()))
                .isEqualTo(ScriptedLeader.SID);
    }

    @Test
    void afterwards_the_new_configuration_alone_is_asked() {
        fiveJoins();
        leader.proposesReconfig(zxid(1, 1), WITH_FIVE);
        leader.disk();
        leader.says(1, ack(zxid(1, 1)));
        leader.says(2, ack(zxid(1, 1)));

        leader.proposes(zxid(1, 2));
        leader.disk();
        leader.says(5, ack(zxid(1, 2)));
        assertThat(leader.says(1, ack(zxid(1, 2)))).contains("deliver 1_2");
    }

    @Test
    void who_ceases_to_vote_still_acknowledges_what_was_proposed_before_that() {
        followersBecomeObservers();
        assertThat(leader.peer.lastCommittedZxid()).isEqualTo(zxid(1, 1));
        leader.connects(1);
        leader.says(1, observerInfo(1, 1));
        leader.says(1, ackEpoch(1, zxid(1, 2)));

        assertThat(leader.says(1, ack(zxid(1, 0)))).contains("deliver 1_2");
    }

    @Test
    void a_leader_gives_up_if_none_of_them_comes_back_with_it() {
        followersBecomeObservers();
        int initMillis = (int) PeerSettings.standard(ScriptedLeader.SID).ticks().initMillis();

        leader.afterWith(initMillis, 5);
        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LEADING);
        leader.afterWith(4_000, 5);

        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LOOKING);
        assertThat(leader.peer.lastLoggedZxid()).isEqualTo(zxid(1, 2));
    }

    /// Servers 1 and 2 do not vote any more, and leave before they have acknowledged what was
    /// proposed behind that reconfiguration; 5 votes instead.
    private void followersBecomeObservers() {
        fiveJoins();
        leader.proposesReconfig(
                zxid(1, 1),
                LeaderWords.config(0, "observer", "observer", "participant", null, "participant"));
        leader.proposes(zxid(1, 2));
        leader.disk();
        leader.says(5, ack(zxid(1, 1)));
        leader.says(5, ack(zxid(1, 2)));
        leader.says(1, ack(zxid(1, 1)));
        leader.disconnects(1);
        leader.disconnects(2);
    }

    @Test
    void a_leader_that_goes_designates_one_that_has_the_most() {
        leader.proposesReconfig(zxid(1, 1), WITHOUT_THREE);
        leader.proposes(zxid(1, 2));
        leader.disk();
        leader.says(2, ack(zxid(1, 1)));
        leader.says(2, ack(zxid(1, 2)));

        assertThat(leader.says(1, ack(zxid(1, 1)))).contains("2 <- COMMITANDACTIVATE 1_1");
        assertThat(
                        Payloads.designatedLeader(
                                RecordedLink.first(
                                                leader.packetsTo(1), PacketType.COMMITANDACTIVATE)
                                        .data()))
                .isEqualTo(2);
    }

    @Test
    void it_commits_nothing_any_more() {
        leader.proposesReconfig(zxid(1, 1), WITHOUT_THREE);
        leader.proposes(zxid(1, 2));
        leader.disk();
        leader.says(2, ack(zxid(1, 1)));
        leader.says(1, ack(zxid(1, 1)));

        leader.says(1, ack(zxid(1, 2)));
        assertThat(leader.says(2, ack(zxid(1, 2)))).isEmpty();
    }

    @Test
    void it_follows_when_its_learners_have_gone() {
        leader.proposesReconfig(zxid(1, 1), WITHOUT_THREE);
        leader.disk();
        leader.says(2, ack(zxid(1, 1)));
        leader.says(1, ack(zxid(1, 1)));
        leader.disk();
        leader.disconnects(1);
        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LEADING);

        assertThat(leader.disconnects(2)).contains("refuse learners", "stop serving", "dial 1");
        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.FOLLOWING);
        assertThat(leader.peer.leaderSid()).isEqualTo(1);
    }

    @Test
    void it_follows_after_a_tick_at_the_latest() {
        leader.proposesReconfig(zxid(1, 1), WITHOUT_THREE);
        leader.disk();
        leader.says(2, ack(zxid(1, 1)));
        leader.says(1, ack(zxid(1, 1)));
        leader.disk();

        assertThat(leader.afterWith(2000, 1, 2)).contains("dial 1");
    }

    /// A learner puts the configuration of NEWLEADER in force when it is told UPTODATE. The
    /// original tells it while the configuration may still be lost.
    @Test
    void a_late_learner_serves_when_the_configuration_it_was_sent_is_in_force() {
        leader.disconnects(1);
        leader.proposesReconfig(zxid(1, 1), WITH_FIVE);
        leader.disk();
        leader.joins(1, -1, 0);
        assertThat(leader.says(1, ack(zxid(1, 0)))).isEmpty();

        fiveJoins();
        assertThat(leader.says(2, ack(zxid(1, 1)))).isEmpty();
        assertThat(leader.says(5, ack(zxid(1, 1))))
                .endsWith("deliver 1_1", "1 <- UPTODATE -1", "5 <- UPTODATE -1");
    }

    // ---- what an earlier leader has left

    private static ScriptedLeader withPending(EnsembleConfig pending) {
        return ScriptedLeader.with(
                PeerSettings.standard(ScriptedLeader.SID),
                1,
                List.of(
                        new io.witan.zab.LogEntry(
                                zxid(1, 1),
                                LeaderWords.reconfig(zxid(1, 1), pending.withVersion(zxid(1, 1))))),
                LeaderWords.members(zxid(1, 0)),
                pending.withVersion(zxid(1, 1)));
    }

    @Test
    void a_pending_reconfiguration_needs_both_quorums_and_is_completed() {
        ScriptedLeader next = withPending(WITH_FIVE);
        next.elected();
        next.introduces(1, 1);
        next.introduces(2, 1);
        next.disk();
        next.says(1, ackEpoch(1, zxid(1, 1)));
        next.says(2, ackEpoch(1, zxid(1, 1)));
        next.disk();

        assertThat(next.says(1, ack(zxid(2, 0)))).isEmpty();
        assertThat(next.says(2, ack(zxid(2, 0))))
                .containsExactly(
                        "store committed config 1_1",
                        "config 1_1 in force",
                        "restart election port",
                        "lead epoch 2",
                        "1 <- UPTODATE -1",
                        "2 <- UPTODATE -1");
    }

    /// It was stored before the transaction that names it, or that was cut off the log. Were it in
    /// force, one of the quorum would have it in its log, and so know more.
    @Test
    void one_that_its_log_does_not_hold_is_forgotten_when_a_quorum_knows_no_more() {
        ScriptedLeader next = hasSeen(1, zxid(1, 1), WITH_FIVE.withVersion(zxid(1, 2)));
        next.elected();
        next.introduces(1, 1);
        next.introduces(2, 1);
        next.disk();

        assertThat(next.says(1, ackEpoch(1, zxid(1, 1))))
                .startsWith("store last seen config 1_0", "store currentEpoch 2");
        next.disk();
        assertThat(next.says(1, ack(zxid(2, 0)))).contains("lead epoch 2", "1 <- UPTODATE -1");
        assertThat(next.peer.committedConfig()).isEqualTo(LeaderWords.members(zxid(1, 0)));
        assertThat(RecordedLink.first(next.packetsTo(1), PacketType.NEWLEADER).data())
                .isEqualTo(Payloads.configText(LeaderWords.members(zxid(1, 0)).text()));
    }

    /// A leader of the original completes what it has seen, in its log or not, with NEWLEADER. Who
    /// has acknowledged that cannot know whether it is in force.
    @Test
    void one_that_an_epoch_began_with_is_completed_though_the_log_does_not_hold_it() {
        ScriptedLeader next = hasSeen(2, zxid(2, 1), WITH_FIVE.withVersion(zxid(1, 2)));
        next.elected();
        next.introduces(1, 2);
        next.introduces(2, 2);
        next.disk();
        next.says(1, ackEpoch(2, zxid(2, 1)));
        next.says(2, ackEpoch(2, zxid(2, 1)));
        next.disk();

        assertThat(next.says(1, ack(zxid(3, 0)))).isEmpty();
        assertThat(next.says(2, ack(zxid(3, 0))))
                .contains("store committed config 1_2", "config 1_2 in force", "lead epoch 3");
    }

    private static ScriptedLeader hasSeen(long epoch, long zxid, EnsembleConfig seen) {
        return ScriptedLeader.with(
                PeerSettings.standard(ScriptedLeader.SID),
                epoch,
                LeaderWords.entries(zxid),
                LeaderWords.members(zxid(1, 0)),
                seen);
    }

    /// UPTODATE names no leader to be, so its learners elect; whom it chose for itself would not
    /// know that it leads.
    @Test
    void one_that_removes_the_new_leader_is_completed_and_all_look_for_another() {
        ScriptedLeader next = withPending(WITHOUT_THREE);
        next.elected();
        next.introduces(1, 1);
        next.introduces(2, 1);
        next.disk();
        next.says(1, ackEpoch(1, zxid(1, 1)));
        next.says(2, ackEpoch(1, zxid(1, 1)));
        next.disk();
        next.says(1, ack(zxid(2, 0)));

        assertThat(next.says(2, ack(zxid(2, 0))))
                .containsExactly(
                        "store committed config 1_1",
                        "config 1_1 in force",
                        "restart election port",
                        "1 <- UPTODATE -1",
                        "2 <- UPTODATE -1");
        assertThat(next.peer.isServing()).isFalse();
        next.disk();
        assertThat(next.after(2000)).doesNotContain("dial 1", "dial 2");
        assertThat(next.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }
}
