package io.witan.zab.peer;

import static io.witan.zab.peer.LeaderWords.commitAndActivate;
import static io.witan.zab.peer.LeaderWords.config;
import static io.witan.zab.peer.LeaderWords.diff;
import static io.witan.zab.peer.LeaderWords.informAndActivate;
import static io.witan.zab.peer.LeaderWords.leaderInfo;
import static io.witan.zab.peer.LeaderWords.members;
import static io.witan.zab.peer.LeaderWords.newLeader;
import static io.witan.zab.peer.LeaderWords.proposal;
import static io.witan.zab.peer.LeaderWords.reconfig;
import static io.witan.zab.peer.LeaderWords.snap;
import static io.witan.zab.peer.LeaderWords.trunc;
import static io.witan.zab.peer.LeaderWords.upToDate;
import static io.witan.zab.peer.LeaderWords.zxid;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;
import io.witan.zab.PeerSettings;
import io.witan.zab.PeerStart;

import org.junit.jupiter.api.Test;

/// Which configuration a learner has seen, and which is in force at it, from DIFF, TRUNC or SNAP to
/// UPTODATE (quorum, sections 4.6, 4.7 and 5.6).
class LearnerConfigurationTest {

    // ---- the configuration of NEWLEADER

    @Test
    void the_configuration_of_NEWLEADER_is_durable_before_the_epoch_and_in_force_at_UPTODATE() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(newLeader(2, members(zxid(2, 0)))))
                .containsExactly("store last seen config 2_0");
        assertThat(peer.diskDoes(1)).containsExactly("store currentEpoch 2");
        assertThat(peer.diskDoes(1)).containsExactly("send ACK 2_0");
        assertThat(peer.receives(upToDate()))
                .startsWith("store committed config 2_0", "config 2_0 in force");
        assertThat(peer.peer.isServing()).isTrue();
    }

    @Test
    void a_configuration_that_cannot_be_read_does_not_hinder() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(
                        peer.receives(
                                new QuorumPacket(
                                        PacketType.NEWLEADER,
                                        zxid(2, 0),
                                        "nonsense=1".getBytes(UTF_8))))
                .containsExactly("store currentEpoch 2");
    }

    @Test
    void NEWLEADER_needs_no_configuration() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(new QuorumPacket(PacketType.NEWLEADER, zxid(2, 0))))
                .containsExactly("store currentEpoch 2");
    }

    @Test
    void with_reconfiguration_disabled_it_has_no_effect() {
        var peer = ScriptedPeer.withoutReconfiguration(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(newLeader(2, members(zxid(2, 0)))))
                .containsExactly("store currentEpoch 2");
        peer.disk();
        assertThat(peer.receives(upToDate()))
                .containsExactly("follow 3 in epoch 2", "send ACK 2_0");
    }

    @Test
    void a_configuration_that_makes_it_an_observer_sends_it_looking_again() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(
                newLeader(
                        2,
                        config(
                                zxid(2, 0),
                                "observer",
                                "participant",
                                "participant",
                                "participant")));
        peer.disk();

        assertThat(peer.receives(upToDate()))
                .containsExactly(
                        "store committed config 2_0",
                        "config 2_0 in force",
                        "restart election port",
                        "close: this server goes on in another role");
        assertThat(peer.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    /// Otherwise it would be completed when this server leads, though no history has it.
    @Test
    void a_reconfiguration_that_was_cut_off_the_log_has_never_been() {
        var peer = ScriptedPeer.follower(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1), reconfig(zxid(2, 1), withFour(zxid(2, 1)))));
        peer.disk();
        peer.disconnected();
        peer.aligningAgain(3);
        peer.receives(trunc(zxid(1, 1)));
        peer.disk();

        assertThat(peer.receives(newLeader(3))).containsExactly("store last seen config 0_0");
        assertThat(peer.peer.lastSeenConfig()).isEqualTo(members(0));
    }

    /// It is stored before the transaction is: a crash between leaves it alone.
    @Test
    void nor_has_one_that_was_seen_and_never_logged() {
        var peer = hasSeen(withFour(zxid(1, 2)), zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(newLeader(2, members(zxid(1, 0)))))
                .containsExactly("store last seen config 0_0", "store last seen config 1_0");
        assertThat(peer.disk()).containsExactly("store currentEpoch 2", "send ACK 2_0");
    }

    @Test
    void one_that_a_snapshot_has_passed_over_has_never_been() {
        var peer = hasSeen(withFour(zxid(1, 2)), zxid(1, 1)).aligning(3);
        peer.receives(snap(zxid(2, 7)));
        peer.snapshotReceived();

        peer.receives(newLeader(3));

        assertThat(peer.peer.lastSeenConfig()).isEqualTo(members(0));
    }

    @Test
    void one_that_the_history_holds_or_that_is_on_its_way_stays() {
        var logged = withFour(zxid(1, 2));
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(1, 2), reconfig(zxid(1, 2), logged)));
        var proposed = withFour(zxid(2, 1));
        var other = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        other.receives(proposal(zxid(2, 1), reconfig(zxid(2, 1), proposed)));

        peer.receives(newLeader(2));
        other.receives(newLeader(2));

        assertThat(peer.peer.lastSeenConfig()).isEqualTo(logged);
        assertThat(other.peer.lastSeenConfig()).isEqualTo(proposed);
    }

    private static EnsembleConfig withFour(long version) {
        return config(version, "participant", "participant", "participant", "participant");
    }

    private static ScriptedPeer hasSeen(EnsembleConfig seen, long zxid) {
        return new ScriptedPeer(
                PeerSettings.standard(1),
                new PeerStart(1, 1, zxid, LeaderWords.entries(zxid), true, members(0), seen));
    }

    // ---- reconfigurations on the way

    @Test
    void a_reconfiguration_that_is_proposed_is_the_configuration_last_seen() {
        var next = config(zxid(2, 1), "participant", "participant", "participant");
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(proposal(zxid(2, 1), reconfig(zxid(2, 1), next))))
                .containsExactly("store last seen config 2_1");
        assertThat(peer.peer.lastSeenConfig()).isEqualTo(next);
        assertThat(peer.peer.committedConfig()).isEqualTo(members(0));
    }

    @Test
    void COMMITANDACTIVATE_puts_it_in_force() {
        var next = config(zxid(2, 1), "participant", "participant", "participant");
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(2, 1), reconfig(zxid(2, 1), next)));

        assertThat(peer.receives(commitAndActivate(zxid(2, 1), 3)))
                .containsExactly(
                        "store committed config 2_1",
                        "config 2_1 in force",
                        "restart election port");
        peer.receives(newLeader(2, next));
        peer.disk();
        assertThat(peer.receives(upToDate())).startsWith("deliver 2_1", "follow 3 in epoch 2");
    }

    @Test
    void COMMITANDACTIVATE_with_another_leader_hands_over_to_that_one() {
        var next = config(zxid(2, 1), "participant", "participant");
        var peer = ScriptedPeer.follower(zxid(1, 1)).catchingUp(2);
        peer.receives(proposal(zxid(2, 1), reconfig(zxid(2, 1), next)));

        assertThat(peer.receives(commitAndActivate(zxid(2, 1), 2)))
                .contains("close: this server goes on in another role");
        assertThat(peer.disk()).containsExactly("dial 2");
    }

    @Test
    void INFORMANDACTIVATE_is_both_in_one() {
        var next = config(zxid(2, 1), "participant", "participant", "participant", "observer");
        var peer = ScriptedPeer.observer(zxid(1, 1)).catchingUp(2);

        assertThat(peer.receives(informAndActivate(zxid(2, 1), 3, reconfig(zxid(2, 1), next))))
                .containsExactly(
                        "store last seen config 2_1",
                        "store committed config 2_1",
                        "config 2_1 in force");
    }

    @Test
    void an_observer_that_is_to_vote_comes_back_as_a_follower_for_its_word_is_needed() {
        var next = config(zxid(1, 5), "participant", "participant", "participant", "participant");
        var peer = ScriptedPeer.observer(zxid(1, 1)).catchingUp(2);

        // The leader's predecessor has left that behind; it needs a quorum of these, too.
        assertThat(peer.receives(newLeader(2, next)))
                .containsExactly(
                        "store last seen config 1_5",
                        "close: a reconfiguration makes this server a participant, and needs its"
                                + " word");
        peer.disk();
        peer.after(200);
        peer.hearsOfLeader();

        assertThat(peer.connected()).containsExactly("send FOLLOWERINFO 2_0");
        peer.receives(leaderInfo(2), diff(zxid(1, 1)), newLeader(2, next));
        assertThat(peer.disk()).containsExactly("send ACK 2_0");
    }
}
