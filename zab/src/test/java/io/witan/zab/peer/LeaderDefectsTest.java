package io.witan.zab.peer;

import static io.witan.zab.peer.ScriptedLeader.ack;
import static io.witan.zab.peer.ScriptedLeader.ackEpoch;
import static io.witan.zab.peer.Txns.zxid;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;
import io.witan.zab.Ensembles;
import io.witan.zab.Zxids;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

/// Defects of the original in which a leader plays the main part (quorum, sections 10.1 and 10.2;
/// safety, section 2), each as the story that led to it. `ZK_n` is ZOOKEEPER-n.
class LeaderDefectsTest {

    private final MemoryEnsemble three = new MemoryEnsemble(Ensembles.of(1, 2, 3));

    private MemoryServer elected() {
        three.start().advance(3000);
        return three.leader();
    }

    private static List<Integer> types(MemoryServer server) {
        return server.received.stream().map(QuorumPacket::type).toList();
    }

    /// A server that was brought up to date leads later: what it then sends has no hole.
    @Test
    void ZK_4925_what_came_by_synchronisation_is_passed_on_by_it() {
        MemoryServer first = elected();
        first.propose();
        three.settle();
        three.server(1).crash();
        three.server(2).crash();
        three.advance(5000);
        three.server(2).start();
        three.advance(3000);
        three.leader().propose();
        three.settle();
        three.leader().propose();
        three.settle();
        // Server 2 has the last two by broadcast; server 1, which was away, by synchronisation.
        three.server(1).start();
        three.advance(3000);
        three.server(3).crash();
        three.server(2).crash();
        three.advance(3000);
        three.server(2).start();
        three.advance(3000);
        three.server(3).start();
        three.advance(3000);

        three.assertAllEqual();
        assertThat(three.leader().tree).hasSize(3);
    }

    /// An old leader comes back with a transaction that nobody else has, inside what the new one
    /// has in memory.
    @Test
    void ZK_1154_a_transaction_of_the_past_that_was_never_committed_is_taken_back() {
        var ours = new MemoryEnsemble(Ensembles.of(1, 2, 3), Settings::withHeartbeats);
        ours.start().advance(3000);
        MemoryServer old = ours.leader();
        old.propose();
        ours.settle();
        ours.isolate(3);
        long lost = old.propose();
        ours.advance(8000);
        for (int i = 0; i < 5; i++) {
            ours.leader().propose();
        }
        ours.settle();
        ours.heal();
        ours.advance(70_000);

        assertThat(types(old)).contains(PacketType.TRUNC);
        assertThat(MemoryEnsemble.zxids(old.log)).doesNotContain(lost).hasSize(6);
        ours.assertAllEqual();
    }

    /// One server alone has a transaction in its log, and after a restart in its tree. The original
    /// kept it there, also by a snapshot of that tree, where the next leader's DIFF was empty.
    @Test
    void ZK_2832_1549_what_a_tree_was_loaded_with_and_no_quorum_has_is_taken_back() {
        elected().propose();
        three.settle();
        three.server(2).stallDisk(true);
        three.server(3).stallDisk(true);
        long lost = three.server(3).propose();
        three.settle();
        three.servers.values().forEach(MemoryServer::crash);
        three.server(1).start();
        three.settle();
        assertThat(MemoryEnsemble.zxids(three.server(1).tree)).contains(lost);
        three.server(1).crash();

        three.server(2).start();
        three.server(3).start();
        three.advance(3000);
        three.server(1).start();
        three.advance(8000);
        three.leader().propose();
        three.settle();

        assertThat(MemoryEnsemble.zxids(three.server(1).tree)).doesNotContain(lost).hasSize(2);
        three.assertAllEqual();
    }

    /// In the original followers kept an ephemeral that the next leader had never heard of.
    @Test
    void ZK_5010_wherever_a_leader_dies_with_a_transaction_all_come_to_have_the_same() {
        for (int events = 0; events < 16; events++) {
            for (boolean oneDiskStalls : List.of(true, false)) {
                var ensemble = new MemoryEnsemble(Ensembles.of(1, 2, 3));
                ensemble.start().advance(3000);
                MemoryServer old = ensemble.leader();
                old.propose();
                ensemble.settle();
                if (oneDiskStalls) {
                    ensemble.server(2).stallDisk(true);
                }
                old.propose();
                ensemble.some(events);
                old.crash();
                ensemble.server(2).crash();
                ensemble.advance(500);
                ensemble.server(2).start();
                ensemble.advance(5000);
                ensemble.leader().propose();
                ensemble.settle();
                old.start();
                ensemble.advance(8000);

                ensemble.assertAllEqual();
                assertThat(ensemble.leader().tree).hasSizeBetween(2, 3);
            }
        }
    }

    /// One server serves alone, then two fresh ones are added: they get everything.
    @Test
    void ZK_1319_an_ensemble_that_grows_from_one_server_has_everything_of_it() {
        var ensemble = new MemoryEnsemble(Ensembles.of(1));
        ensemble.start().advance(3000);
        MemoryServer first = ensemble.leader();
        first.propose();
        first.propose();
        ensemble.settle();
        ensemble.add(2).start();
        ensemble.add(3).start();
        ensemble.advance(3000);
        first.proposeReconfig(Ensembles.of(1, 2, 3));
        ensemble.advance(5000);
        ensemble.assertAllEqual();

        ensemble.server(1).crash();
        ensemble.advance(5000);

        assertThat(ensemble.leader().tree).hasSize(3);
        ensemble.assertAllEqual();
    }

    @Test
    void ZK_3104_what_is_committed_while_a_snapshot_goes_out_is_behind_it_and_before_newleader() {
        ScriptedLeader leader = ScriptedLeader.with(1, Txns.entries(1, 1, 3)).active();
        leader.disconnects(1);
        leader.joins(1, -1, 0);
        leader.proposes(zxid(2, 1));
        leader.disk();

        assertThat(leader.says(2, ack(zxid(2, 1)))).contains("1 <- COMMIT 2_1");
        assertThat(leader.packetsTo(1).stream().map(QuorumPacket::type))
                .containsExactly(
                        PacketType.LEADERINFO,
                        PacketType.SNAP,
                        PacketType.NEWLEADER,
                        PacketType.PROPOSAL,
                        PacketType.COMMIT);
    }

    /// A learner that hangs in the middle of a snapshot is nothing to the others.
    @Test
    void ZK_2201_a_learner_that_takes_nothing_does_not_hold_up_the_rest() {
        ScriptedLeader leader = ScriptedLeader.with(1, Txns.entries(1, 1, 3)).active();
        leader.disconnects(1);
        leader.joins(1, -1, 0);

        leader.proposes(zxid(2, 1));
        leader.disk();
        assertThat(leader.says(2, ack(zxid(2, 1)))).contains("deliver 2_1");
    }

    @Test
    void ZK_1277_before_the_counter_overflows_a_new_epoch_begins() {
        var ensemble =
                new MemoryEnsemble(
                        Ensembles.of(1, 2, 3), settings -> Settings.counterMax(settings, 2));
        ensemble.start().advance(3000);
        for (int i = 0; i < 20; i++) {
            MemoryServer leader = ensemble.newestLeaderOrNull();
            if (leader == null || leader.propose() == -1) {
                ensemble.advance(1000);
            }
        }
        ensemble.advance(3000);

        ensemble.assertAllEqual();
        assertThat(ensemble.leader().view().currentEpoch()).isGreaterThan(4);
        assertThat(ensemble.leader().tree)
                .allMatch(entry -> Zxids.counter(entry.zxid()) <= 2)
                .hasSizeGreaterThan(8);
    }

    /// The first ACKEPOCH comes from a server that knows more; the original waits for others, and
    /// with none left for initLimit.
    @Test
    void ZK_3109_a_leader_that_cannot_be_the_right_one_does_not_wait() {
        ScriptedLeader leader = ScriptedLeader.with(1, Txns.entries(1, 1, 3));
        leader.elected();
        leader.introduces(2, 1);
        leader.disk();
        leader.says(2, ackEpoch(1, zxid(1, 9)));

        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    /// The leader's log cannot be written: it acknowledges nothing of its own, and the others
    /// decide.
    @Test
    void ZK_2247_a_leader_whose_disk_stands_still_commits_by_the_word_of_the_others_alone() {
        MemoryServer leader = elected();
        leader.stallDisk(true);
        long zxid = leader.propose();
        three.settle();
        assertThat(MemoryEnsemble.zxids(leader.tree)).containsExactly(zxid);

        three.server(1).crash();
        leader.propose();
        three.settle();
        assertThat(leader.tree).hasSize(1);
    }

    /// A deposed leader does not know it yet.
    @Test
    void ZK_1675_a_sync_at_a_deposed_leader_is_not_answered() {
        MemoryServer old = elected();
        three.isolate(3);
        MemoryServer next = old;
        for (int i = 0; i < 10 && next == old; i++) {
            three.advance(100);
            next = Objects.requireNonNull(three.newestLeaderOrNull());
        }
        assertThat(next).isNotSameAs(old);
        next.propose();
        three.settle();
        assertThat(old.view().isServing()).isTrue();

        old.sync(1);
        three.advance(10_000);

        assertThat(old.synced).isEmpty();
    }

    /// Two members of a fresh ensemble could give the first configuration a version each.
    @Test
    void ZK_1783_the_first_configuration_gets_its_version_from_one_leader() {
        elected();
        three.server(3).crash();
        three.advance(3000);

        assertThat(three.leader().view().committedConfig().version()).isEqualTo(zxid(1, 0));
    }

    /// A reconfiguration is under way while a server synchronises.
    @Test
    void ZK_2172_a_server_that_is_added_while_it_synchronises_learns_of_it_once() {
        MemoryServer leader = elected();
        MemoryServer four = three.add(4);
        four.start();
        three.advance(200);
        leader.proposeReconfig(Ensembles.of(1, 2, 3, 4));
        three.advance(5000);

        assertThat(four.view().committedConfig().participants()).contains(4L);
        assertThat(four.view().isServing()).isTrue();
        three.assertAllEqual();
    }
}
