package io.witan.zab.peer;

import static io.witan.zab.peer.LeaderWords.diff;
import static io.witan.zab.peer.LeaderWords.leaderInfo;
import static io.witan.zab.peer.LeaderWords.members;
import static io.witan.zab.peer.LeaderWords.newLeader;
import static io.witan.zab.peer.LeaderWords.snap;
import static io.witan.zab.peer.LeaderWords.trunc;
import static io.witan.zab.peer.LeaderWords.upToDate;
import static io.witan.zab.peer.LeaderWords.zxid;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;
import io.witan.zab.PeerSettings;
import io.witan.zab.PeerStart;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Connecting to a leader and learning its epoch (quorum, sections 4.1 and 4.2).
class LearnerDiscoveryTest {

    // ---- connecting

    @Test
    void the_elected_leader_is_dialled_at_once() {
        var peer = ScriptedPeer.follower();
        peer.does(peer.peer::start);

        assertThat(peer.hearsOfLeader()).containsExactly("dial 3");
        assertThat(peer.peer.state()).isEqualTo(AgreementView.State.FOLLOWING);
        assertThat(peer.peer.isServing()).isFalse();
    }

    @Test
    void a_leader_that_does_not_listen_yet_is_dialled_again_and_again_within_100_ms() {
        var peer = ScriptedPeer.follower().dialling();

        for (int i = 0; i < 10; i++) {
            assertThat(peer.unreachable()).isEmpty();
            assertThat(peer.peer.wakeAtMillis() - peer.now).isBetween(1L, 100L);
            assertThat(peer.after(peer.peer.wakeAtMillis() - peer.now)).containsExactly("dial 3");
        }
    }

    @Test
    void one_that_never_listens_has_not_been_elected() {
        var peer = ScriptedPeer.follower().dialling();

        long begin = peer.now;
        while (peer.peer.state() == AgreementView.State.FOLLOWING) {
            peer.unreachable();
            peer.after(peer.peer.wakeAtMillis() - peer.now);
        }

        assertThat(peer.peer.state()).isEqualTo(AgreementView.State.LOOKING);
        assertThat(peer.now - begin).isBetween(500L, 1500L);
    }

    @Test
    void a_leader_that_cannot_be_reached_within_the_connect_limit_is_given_up() {
        var peer = ScriptedPeer.follower().dialling();

        assertThat(peer.after(20_000)).isEmpty();

        assertThat(peer.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    @Test
    void a_link_that_comes_up_after_its_attempt_was_given_up_is_closed() {
        var peer = ScriptedPeer.follower().dialling();
        peer.after(20_000);

        assertThat(peer.connected()).containsExactly("close: this server has gone on without it");
    }

    @Test
    void nobody_can_learn_from_a_server_that_does_not_lead() {
        var peer = ScriptedPeer.follower().discovering();

        assertThat(peer.does(() -> peer.peer.learnerConnected(5)))
                .containsExactly("close: this server does not lead");
    }

    // ---- FOLLOWERINFO and OBSERVERINFO

    @Test
    void a_follower_says_which_epoch_it_has_accepted_and_who_it_is() {
        var peer = ScriptedPeer.followerInEpochs(3, 2, zxid(2, 1)).dialling();

        assertThat(peer.connected()).containsExactly("send FOLLOWERINFO 3_0");

        var info = LearnerInfo.decode(peer.last(Effect.SendPacket.class).packet().data());
        assertThat(info).isEqualTo(new LearnerInfo(1, 0x10000, 0));
    }

    @Test
    void it_says_the_version_of_the_configuration_in_force() {
        var config = members(zxid(1, 7));
        var peer = ScriptedPeer.withSid(1, 1, 1, config, zxid(1, 8));
        peer.ensemble = config;
        peer.dialling();
        peer.connected();

        var info = LearnerInfo.decode(peer.last(Effect.SendPacket.class).packet().data());
        assertThat(info.configVersion()).isEqualTo(zxid(1, 7));
    }

    @Test
    void an_observer_says_that_it_observes() {
        var peer = ScriptedPeer.observer().dialling();

        assertThat(peer.connected()).containsExactly("send OBSERVERINFO 0_0");
        assertThat(peer.peer.state()).isEqualTo(AgreementView.State.OBSERVING);
    }

    @Test
    void a_server_in_no_configuration_follows() {
        var peer = ScriptedPeer.withSid(9, 0, 0, members(0)).dialling();

        assertThat(peer.connected()).containsExactly("send FOLLOWERINFO 0_0");
    }

    // ---- LEADERINFO

    @Test
    void a_higher_epoch_is_durable_before_it_is_acknowledged() {
        var peer = ScriptedPeer.followerInEpochs(1, 1, zxid(1, 1), zxid(1, 2)).discovering();

        assertThat(peer.receives(leaderInfo(2))).containsExactly("store acceptedEpoch 2");
        assertThat(peer.peer.acceptedEpoch()).isEqualTo(1);

        assertThat(peer.disk()).containsExactly("send ACKEPOCH 1_2 epoch 1");
        assertThat(peer.peer.acceptedEpoch()).isEqualTo(2);
    }

    @Test
    void the_epoch_it_has_accepted_already_is_acknowledged_without_counting() {
        var peer = ScriptedPeer.followerInEpochs(2, 1, zxid(1, 1), zxid(1, 2)).discovering();

        assertThat(peer.receives(leaderInfo(2))).containsExactly("send ACKEPOCH 1_2 epoch -1");
    }

    @Test
    void a_lower_epoch_than_the_accepted_one_drops_the_link() {
        var peer = ScriptedPeer.followerInEpochs(3, 1, zxid(1, 1)).discovering();

        assertThat(peer.receives(leaderInfo(2)))
                .containsExactly("close: the leader offers epoch 2, epoch 3 has been promised");
        assertThat(peer.peer.state()).isEqualTo(AgreementView.State.LOOKING);
        assertThat(peer.peer.acceptedEpoch()).isEqualTo(3);
    }

    @Test
    void another_packet_than_LEADERINFO_drops_the_link() {
        for (QuorumPacket packet : List.of(diff(0), trunc(0), snap(0), newLeader(1), upToDate())) {
            var peer = ScriptedPeer.follower().discovering();

            assertThat(peer.receives(packet))
                    .singleElement()
                    .asString()
                    .startsWith("close: the leader sent " + PacketType.name(packet.type()))
                    .endsWith("instead of LEADERINFO");
        }
    }

    @Test
    void a_packet_that_comes_before_ACKEPOCH_was_sent_drops_the_link() {
        var peer = ScriptedPeer.follower().discovering();
        peer.receives(leaderInfo(1));

        assertThat(peer.receives(diff(0)))
                .containsExactly("close: the leader sent DIFF 0x0 before ACKEPOCH was sent");
        assertThat(peer.disk()).isEmpty();
    }

    @Test
    void an_unreadable_LEADERINFO_drops_the_link() {
        var peer = ScriptedPeer.follower().discovering();

        assertThat(peer.receives(new QuorumPacket(PacketType.LEADERINFO, zxid(1, 0))))
                .singleElement()
                .asString()
                .startsWith("close: the leader sent what cannot be read");
    }

    @Test
    void an_epoch_that_was_accepted_stays_accepted_when_the_link_breaks() {
        var peer = ScriptedPeer.followerInEpochs(1, 1, zxid(1, 1)).discovering();
        peer.receives(leaderInfo(2));
        peer.disconnected();

        assertThat(peer.disk()).isEmpty();
        assertThat(peer.peer.acceptedEpoch()).isEqualTo(2);
    }

    // ---- a damaged log

    @Test
    void a_server_with_a_damaged_log_joins_and_its_word_does_not_count() {
        var peer =
                new ScriptedPeer(
                        PeerSettings.standard(1),
                        new PeerStart(1, 1, 0, List.of(), false, members(0), members(0)));
        peer.discovering();
        peer.receives(leaderInfo(2));

        assertThat(peer.disk()).containsExactly("send ACKEPOCH 0_0 epoch -1");
    }

    @Test
    void it_votes_again_once_it_is_synchronised() {
        var peer =
                new ScriptedPeer(
                        PeerSettings.standard(1),
                        new PeerStart(1, 1, 0, List.of(), false, members(0), members(0)));
        peer.catchingUp(2);
        peer.receives(newLeader(2));
        assertThat(peer.disk()).doesNotContain("clear damage mark");

        assertThat(peer.receives(upToDate())).contains("clear damage mark");
    }
}
