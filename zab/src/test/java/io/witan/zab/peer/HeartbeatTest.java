package io.witan.zab.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.quorum.Heartbeats;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;
import io.witan.zab.Ensembles;
import io.witan.zab.PeerSettings;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Where all followers heed its heartbeats, a leader that is silent is missed soon, and one that
/// only stands still for a moment is not.
class HeartbeatTest {

    private static final int INTERVAL = 200;

    /// With ticks of two seconds and a syncLimit of five.
    private static final long ORIGINALS_RULE = 10_000;

    private final MemoryEnsemble three =
            new MemoryEnsemble(
                    Ensembles.of(1, 2, 3),
                    settings -> settings.with(new PeerSettings.Own(INTERVAL, 0)));

    /// Server 1 is one of the original.
    private final MemoryEnsemble mixed =
            new MemoryEnsemble(Ensembles.of(1, 2, 3), HeartbeatTest::withoutServer1);

    private static PeerSettings withoutServer1(PeerSettings settings) {
        return settings.with(new PeerSettings.Own(settings.serverId() == 1 ? 0 : INTERVAL, 0));
    }

    private static MemoryServer elected(MemoryEnsemble ensemble) {
        ensemble.start().advance(3_000);
        return ensemble.leader();
    }

    @Test
    void a_silent_leader_is_replaced_within_two_seconds() {
        MemoryServer silent = elected(three);
        silent.freeze();

        three.advance(2_000);

        assertThat(three.newestLeaderOrNull()).isNotNull().isNotSameAs(silent);
        silent.thaw();
        three.advance(3_000);
        three.assertAllEqual();
    }

    /// It falls silent before a ping is due.
    @Test
    void a_learner_is_told_of_them_as_soon_as_it_follows() {
        MemoryServer silent = elected(three);
        MemoryServer late = three.server(1);
        late.crash();
        three.advance(3_000);
        late.start();
        while (!late.view().isServing()) {
            three.advance(1);
        }
        silent.freeze();

        three.advance(3_000);

        assertThat(three.newestLeaderOrNull()).isNotNull().isNotSameAs(silent);
        assertThat(late.view().isServing()).isTrue();
    }

    /// Whenever in the leader's rhythm the pause begins.
    @Test
    void a_leader_that_stands_still_for_less_than_a_second_is_kept() {
        MemoryServer leader = elected(three);
        for (int offset = 0; offset < 1_200; offset += 7) {
            three.advance(offset);
            leader.freeze();
            three.advance(999);
            leader.thaw();
            three.advance(3_000);
        }
        assertThat(three.leader()).isSameAs(leader);
        assertThat(leader.view().currentEpoch()).isEqualTo(1);
    }

    @Test
    void a_follower_that_stood_still_itself_keeps_its_leader() {
        MemoryServer leader = elected(three);
        MemoryServer follower = three.server(1);
        for (int pause = 900; pause < 5_000; pause += 83) {
            follower.freeze();
            three.advance(pause);
            follower.thaw();
            three.settle();
            assertThat(follower.view().isServing()).as("after %d ms", pause).isTrue();
            three.advance(3_000);
        }
        assertThat(three.leader()).isSameAs(leader);
        assertThat(leader.view().currentEpoch()).isEqualTo(1);
    }

    @Test
    void beside_a_follower_of_the_original_its_rule_holds() {
        MemoryServer silent = elected(mixed);
        silent.freeze();

        mixed.advance(ORIGINALS_RULE - 1_500);
        assertThat(mixed.server(1).view().isServing()).isTrue();
        assertThat(mixed.server(2).view().isServing()).isTrue();

        mixed.advance(3_000);
        assertThat(mixed.newestLeaderOrNull()).isNotNull().isNotSameAs(silent);
    }

    @Test
    void
            a_follower_of_the_original_that_comes_ends_the_promise_and_one_that_goes_lets_it_be_made() {
        MemoryServer leader = elected(mixed);
        MemoryServer heeding = mixed.server(2);
        assertThat(lastPromiseTo(heeding)).isZero();

        mixed.server(1).crash();
        mixed.advance(2_000);
        assertThat(lastPromiseTo(heeding)).isEqualTo(INTERVAL);

        mixed.server(1).start();
        mixed.advance(3_000);
        assertThat(lastPromiseTo(heeding)).isZero();
        leader.freeze();
        mixed.advance(ORIGINALS_RULE - 1_500);
        assertThat(heeding.view().isServing()).isTrue();
    }

    @Test
    void one_of_the_original_is_never_told_of_them() {
        elected(mixed);
        mixed.server(2).crash();
        mixed.advance(3_000);
        assertThat(pings(mixed.server(1))).isNotEmpty().allMatch(ping -> ping.authinfo() == null);
    }

    @Test
    void where_they_are_switched_off_nobody_says_anything_of_them() {
        var off = new MemoryEnsemble(Ensembles.of(1, 2, 3));
        MemoryServer leader = elected(off);
        assertThat(off.servers.values())
                .allSatisfy(server ->
                        assertThat(server.received).allMatch(packet -> packet.authinfo() == null));
        leader.freeze();
        off.advance(ORIGINALS_RULE - 1_500);
        assertThat(off.server(1).view().state()).isEqualTo(AgreementView.State.FOLLOWING);
    }

    /// A long packet on a slow link takes its time.
    @Test
    void a_part_of_a_packet_is_a_sign_of_life() {
        var peer = ScriptedPeer.heedingFollower(INTERVAL, LeaderWords.zxid(1, 1)).serving(2);
        peer.receives(promisingPing());
        for (int i = 0; i < 10; i++) {
            pass(peer, 1_300);
            peer.does(() -> peer.peer.snapshotAdvanced(ScriptedPeer.LINK));
        }
        assertThat(peer.peer.isServing()).isTrue();

        pass(peer, 1_500);
        assertThat(peer.peer.isServing()).isFalse();
    }

    private static void pass(ScriptedPeer peer, int millis) {
        for (int passed = 0; passed < millis; passed += 100) {
            peer.after(100);
        }
    }

    private static QuorumPacket promisingPing() {
        return new QuorumPacket(
                PacketType.PING, LeaderWords.zxid(2, 0), null, Heartbeats.promise(INTERVAL));
    }

    private static int lastPromiseTo(MemoryServer server) {
        return Heartbeats.promised(pings(server).getLast());
    }

    private static List<QuorumPacket> pings(MemoryServer server) {
        return server.received.stream().filter(packet -> packet.type() == PacketType.PING).toList();
    }
}
