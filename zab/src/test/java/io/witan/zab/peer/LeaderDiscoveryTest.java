package io.witan.zab.peer;

import static io.witan.zab.peer.ScriptedLeader.ack;
import static io.witan.zab.peer.ScriptedLeader.ackEpoch;
import static io.witan.zab.peer.ScriptedLeader.followerInfo;
import static io.witan.zab.peer.ScriptedLeader.info;
import static io.witan.zab.peer.Txns.zxid;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.election.Notification;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;
import io.witan.zab.PeerSettings;

import org.junit.jupiter.api.Test;

import java.util.List;

/// How a leader finds its epoch (quorum, section 4.2).
class LeaderDiscoveryTest {

    private final ScriptedLeader leader = ScriptedLeader.fresh();

    @Test
    void learners_are_accepted_when_it_is_elected() {
        assertThat(leader.elected()).contains("accept learners");
    }

    @Test
    void the_epoch_is_above_all_that_a_quorum_has_promised() {
        leader.elected();

        assertThat(leader.introduces(1, 6)).containsExactly("store acceptedEpoch 7");
    }

    @Test
    void its_own_promise_counts() {
        ScriptedLeader old = ScriptedLeader.with(9, List.of());
        old.elected();

        assertThat(old.introduces(1, 6)).containsExactly("store acceptedEpoch 10");
    }

    /// E2; ZOOKEEPER-1653.
    @Test
    void its_promise_is_durable_before_the_epoch_is_offered() {
        leader.elected();
        leader.introduces(1, 0);

        assertThat(leader.disk()).containsExactly("1 <- LEADERINFO 1_0");
    }

    @Test
    void whoever_comes_later_is_offered_the_same_epoch() {
        leader.offering();

        assertThat(leader.introduces(4, 0)).containsExactly("4 <- LEADERINFO 1_0");
    }

    @Test
    void whoever_comes_while_the_promise_is_stored_is_offered_it_then() {
        leader.elected();
        leader.introduces(1, 0);
        leader.introduces(2, 0);

        assertThat(leader.disk()).containsExactly("1 <- LEADERINFO 1_0", "2 <- LEADERINFO 1_0");
    }

    /// ZOOKEEPER-2959.
    @Test
    void observers_and_strangers_raise_the_epoch_and_do_not_count() {
        leader.elected();

        assertThat(leader.introduces(4, 11)).isEmpty();
        leader.connects(9);
        assertThat(leader.says(9, followerInfo(9, 12))).isEmpty();
        assertThat(leader.introduces(1, 0)).containsExactly("store acceptedEpoch 13");
    }

    @Test
    void a_quorum_that_accepts_makes_it_established() {
        leader.offering();

        assertThat(leader.says(1, ackEpoch(0, 0)))
                .startsWith("store last seen config 1_0", "store currentEpoch 1");
    }

    /// E4.
    @Test
    void an_acceptance_given_before_does_not_count() {
        leader.offering();

        assertThat(leader.says(1, ackEpoch(-1, 0))).isEmpty();
        assertThat(leader.says(2, ackEpoch(-1, 0))).isEmpty();
    }

    @Test
    void an_observer_that_accepts_does_not_count() {
        leader.offering();
        leader.introduces(4, 0);

        assertThat(leader.says(4, ackEpoch(0, 0))).isEmpty();
    }

    /// E6.
    @Test
    void a_learner_that_is_newer_is_refused() {
        ScriptedLeader behind = ScriptedLeader.with(1, Txns.entries(1, 1, 3));
        behind.offering();

        assertThat(behind.says(1, ackEpoch(1, zxid(1, 4))))
                .containsExactly(
                        "1 closed: server 1 on link 101 is newer: epoch 1, 0x100000004; this"
                                + " server has epoch 1, 0x100000003");
        assertThat(behind.says(2, ackEpoch(1, zxid(1, 3)))).contains("store currentEpoch 2");
    }

    @Test
    void a_newer_one_that_is_needed_makes_it_step_down() {
        ScriptedLeader behind = ScriptedLeader.with(1, Txns.entries(1, 1, 3));
        behind.elected();
        behind.introduces(1, 1);
        behind.disk();

        behind.says(1, ackEpoch(2, zxid(1, 1)));

        assertThat(behind.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    /// If it were in force, one of those who accept would have it in his log, and be newer.
    @Test
    void a_configuration_that_is_not_in_its_log_is_not_asked_whether_it_knows_enough() {
        ScriptedLeader leader = withNextConfig(zxid(1, 4));

        assertThat(leader.says(1, ackEpoch(1, zxid(1, 3)))).contains("store currentEpoch 2");
    }

    @Test
    void one_that_is_in_its_log_is_asked() {
        ScriptedLeader leader = withNextConfig(zxid(1, 3));

        assertThat(leader.says(1, ackEpoch(1, zxid(1, 3)))).isEmpty();
        assertThat(leader.says(2, ackEpoch(1, zxid(1, 3)))).contains("store currentEpoch 2");
    }

    /// It has the log up to 1_3, and there is a configuration of five; a quorum of both has
    /// promised.
    private static ScriptedLeader withNextConfig(long version) {
        return ScriptedLeader.with(
                        PeerSettings.standard(ScriptedLeader.SID),
                        1,
                        Txns.entries(1, 1, 3),
                        LeaderWords.members(0),
                        LeaderWords.config(
                                version,
                                "participant",
                                "participant",
                                "participant",
                                "participant",
                                "participant"))
                .offering();
    }

    @Test
    void the_epoch_in_which_a_learner_was_counts_before_its_zxid() {
        ScriptedLeader ahead = ScriptedLeader.with(2, Txns.entries(1, 1, 3));
        ahead.offering();

        assertThat(ahead.says(1, ackEpoch(1, zxid(1, 9)))).contains("store currentEpoch 3");
    }

    @Test
    void it_gives_up_when_no_quorum_comes_within_initLimit() {
        leader.elected();
        leader.introduces(4, 0);

        leader.after(19_000);
        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LEADING);
        assertThat(leader.after(1_000))
                .contains("refuse learners", "4 closed: this server leads no longer");
        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    @Test
    void it_gives_up_when_no_quorum_accepts_within_initLimit() {
        leader.after(1);
        leader.offering();

        leader.after(20_000);

        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    @Test
    void it_gives_up_within_a_tick_when_its_voters_look_for_another_leader() {
        leader.elected();
        leader.does(p -> p.notified(1, looking(2)));
        leader.does(p -> p.notified(2, looking(2)));

        leader.after(2000);

        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    @Test
    void one_that_looks_and_comes_is_welcome() {
        leader.elected();
        leader.does(p -> p.notified(1, looking(1)));
        leader.does(p -> p.notified(2, looking(2)));
        leader.introduces(1, 0);

        leader.after(2000);

        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LEADING);
    }

    @Test
    void one_that_looks_for_this_leader_in_the_end_is_waited_for() {
        leader.elected();
        leader.does(p -> p.notified(1, looking(1)));
        leader.does(p -> p.notified(2, looking(2)));
        leader.does(p -> p.notified(1, looking(ScriptedLeader.SID)));

        leader.after(2000);

        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LEADING);
    }

    private static Notification looking(long forSid) {
        return new Notification(
                Notification.LOOKING, forSid, 0, 2, 0, LeaderWords.members(0).text());
    }

    /// ZOOKEEPER-3109.
    @Test
    void it_gives_up_early_when_a_voter_looks_again() {
        PeerSettings settings =
                Settings.waitForEpochMillisMax(PeerSettings.standard(ScriptedLeader.SID), 1000);
        ScriptedLeader impatient =
                ScriptedLeader.with(settings, 0, List.of(), LeaderWords.members(0));
        impatient.elected();
        Notification looking =
                new Notification(Notification.LOOKING, 1, 0, 2, 0, LeaderWords.members(0).text());

        impatient.does(p -> p.notified(1, looking));
        assertThat(impatient.peer.state()).isEqualTo(AgreementView.State.LEADING);
        impatient.after(1000);
        impatient.does(p -> p.notified(1, looking));
        assertThat(impatient.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    // ---- whom it refuses

    @Test
    void the_first_packet_says_who_comes() {
        leader.elected();
        leader.connects(1);

        assertThat(leader.says(1, ack(0))).containsExactly("1 closed: its first packet is ACK");
    }

    @Test
    void a_learner_with_a_newer_configuration_is_refused() {
        leader.elected();
        leader.connects(1);

        assertThat(leader.says(1, info(PacketType.FOLLOWERINFO, 1, 0, 0x200000005L)))
                .containsExactly(
                        "1 closed: server 1 has configuration 200000005, this server has 0");
    }

    @Test
    void a_learner_that_speaks_an_older_protocol_is_refused() {
        leader.elected();
        leader.connects(1);

        assertThat(leader.says(1, new QuorumPacket(PacketType.FOLLOWERINFO, 0)))
                .containsExactly("1 closed: server -1 speaks a protocol older than ZooKeeper 3.4");
    }

    @Test
    void a_learner_with_its_own_number_is_refused() {
        leader.elected();
        leader.connects(1);

        assertThat(leader.says(1, followerInfo(3, 0)))
                .containsExactly("1 closed: server 3 has this server's number");
    }

    @Test
    void a_learner_cannot_use_up_all_epochs() {
        leader.elected();
        leader.connects(1);

        assertThat(leader.says(1, followerInfo(1, Integer.MAX_VALUE)))
                .containsExactly("1 closed: server 1 claims to have promised epoch 2147483647");
    }

    @Test
    void a_server_that_connects_again_replaces_what_it_had() {
        leader.elected();
        leader.introduces(4, 0);

        assertThat(leader.introduces(4, 0))
                .containsExactly("4 closed: server 4 has connected again");
    }

    @Test
    void a_packet_that_cannot_be_read_closes_the_link() {
        leader.offering();

        assertThat(leader.says(1, new QuorumPacket(PacketType.ACKEPOCH, 0)).getFirst())
                .startsWith("1 closed: server 1 on link 101 sent what cannot be read");
    }

    /// The original lets it knock for ever.
    @Test
    void a_member_that_has_promised_a_later_epoch_makes_a_new_one_begin() {
        leader.active();
        leader.disconnects(2);

        leader.introduces(2, 8);
        leader.disk();
        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LOOKING);

        leader.does(p ->
                p.notified(
                        1,
                        new Notification(
                                Notification.LOOKING, 3, 0, 2, 1, LeaderWords.members(0).text())));
        leader.after(300);
        assertThat(leader.introduces(1, 1)).contains("store acceptedEpoch 9");
    }

    @Test
    void a_stranger_that_has_promised_a_later_epoch_is_refused() {
        leader.active();
        leader.connects(9);

        assertThat(leader.says(9, followerInfo(9, 8)))
                .containsExactly("9 closed: server 9 on link 103 has promised epoch 8, this is 1");
        assertThat(leader.peer.isServing()).isTrue();
    }
}
