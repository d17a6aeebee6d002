package io.witan.zab.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;
import io.witan.zab.Ensembles;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Whole ensembles in memory: elections, synchronisation in each way, broadcast and changes of the
/// leader, from one end to the other.
class EnsembleTest {

    private final MemoryEnsemble three = new MemoryEnsemble(Ensembles.of(1, 2, 3));

    private static MemoryServer elected(MemoryEnsemble ensemble) {
        ensemble.start().advance(3000);
        return ensemble.leader();
    }

    @Test
    void three_fresh_servers_elect_the_largest_id_and_serve() {
        MemoryServer leader = elected(three);

        assertThat(leader.sid()).isEqualTo(3);
        assertThat(leader.view().currentEpoch()).isEqualTo(1);
        assertThat(leader.view().syncedSids()).containsExactly(1L, 2L, 3L);
        three.assertAllEqual();
    }

    @Test
    void one_server_alone_leads_itself() {
        var alone = new MemoryEnsemble(Ensembles.of(1));
        MemoryServer leader = elected(alone);

        long zxid = leader.propose();
        leader.sync(7);
        alone.settle();

        assertThat(MemoryEnsemble.zxids(leader.tree)).containsExactly(zxid);
        assertThat(leader.synced).containsExactly(7L);
    }

    @Test
    void what_is_proposed_is_delivered_everywhere_in_order() {
        MemoryServer leader = elected(three);

        for (int i = 0; i < 20; i++) {
            leader.propose();
        }
        three.settle();

        assertThat(leader.tree).hasSize(20);
        three.assertAllEqual();
    }

    @Test
    void a_minority_commits_nothing() {
        MemoryServer leader = elected(three);
        three.server(1).crash();
        three.server(2).crash();
        three.settle();

        leader.propose();
        three.settle();

        assertThat(leader.tree).isEmpty();
    }

    @Test
    void a_leader_without_a_quorum_stops_leading_within_two_ticks() {
        MemoryServer leader = elected(three);
        three.server(1).crash();
        three.server(2).crash();

        three.advance(4000);

        assertThat(leader.view().state()).isEqualTo(AgreementView.State.LOOKING);
    }

    @Test
    void when_the_leader_crashes_another_one_goes_on_with_everything_committed() {
        MemoryServer leader = elected(three);
        leader.propose();
        leader.propose();
        three.settle();

        leader.crash();
        three.advance(3000);

        MemoryServer next = three.leader();
        assertThat(next.sid()).isEqualTo(2);
        assertThat(next.view().currentEpoch()).isEqualTo(2);
        assertThat(next.tree).hasSize(2);
        next.propose();
        three.settle();
        three.assertAllEqual();
    }

    @Test
    void an_old_leader_with_an_uncommitted_transaction_is_truncated() {
        MemoryServer old = elected(three);
        old.propose();
        three.settle();
        three.isolate(3);
        old.propose();
        three.settle();
        old.crash();
        three.advance(3000);

        three.heal();
        old.start();
        three.advance(3000);

        assertThat(types(old)).contains(PacketType.TRUNC);
        assertThat(old.log).hasSize(1);
        three.assertAllEqual();
    }

    @Test
    void an_old_leader_is_truncated_and_sent_what_the_new_one_has_proposed() {
        var ensemble = new MemoryEnsemble(Ensembles.of(1, 2, 3), Settings::withHeartbeats);
        MemoryServer old = elected(ensemble);
        old.propose();
        ensemble.settle();
        ensemble.isolate(3);
        old.propose();
        old.propose();
        ensemble.settle();
        ensemble.advance(10_000);
        MemoryServer next = ensemble.leader();
        next.propose();
        next.propose();
        ensemble.settle();

        old.received.clear();
        ensemble.heal();
        ensemble.advance(70_000);

        assertThat(types(old))
                .startsWith(
                        PacketType.LEADERINFO,
                        PacketType.TRUNC,
                        PacketType.PROPOSAL,
                        PacketType.COMMIT,
                        PacketType.PROPOSAL,
                        PacketType.COMMIT,
                        PacketType.NEWLEADER);
        assertThat(old.tree).hasSize(3);
        ensemble.assertAllEqual();
    }

    @Test
    void one_that_may_be_the_originals_is_sent_a_snapshot_instead() {
        MemoryServer old = elected(three);
        old.propose();
        three.settle();
        three.isolate(3);
        old.propose();
        three.settle();
        three.advance(10_000);
        three.leader().propose();
        three.settle();

        old.received.clear();
        three.heal();
        three.advance(70_000);

        assertThat(types(old)).startsWith(PacketType.LEADERINFO, PacketType.SNAP);
        three.assertAllEqual();
    }

    @Test
    void a_follower_that_was_away_is_sent_the_differences() {
        MemoryServer leader = elected(three);
        leader.propose();
        three.settle();
        three.server(1).crash();
        leader.propose();
        leader.propose();
        three.settle();

        three.server(1).received.clear();
        three.server(1).start();
        three.advance(3000);

        assertThat(types(three.server(1)))
                .startsWith(
                        PacketType.LEADERINFO,
                        PacketType.DIFF,
                        PacketType.PROPOSAL,
                        PacketType.COMMIT,
                        PacketType.PROPOSAL,
                        PacketType.COMMIT,
                        PacketType.NEWLEADER,
                        PacketType.UPTODATE);
        three.assertAllEqual();
    }

    @Test
    void a_follower_that_was_away_for_long_is_sent_the_log_from_disk() {
        var ensemble = new MemoryEnsemble(Ensembles.of(1, 2, 3), Settings::withShortHistory);
        MemoryServer leader = elected(ensemble);
        leader.propose();
        ensemble.settle();
        ensemble.server(1).crash();
        for (int i = 0; i < 20; i++) {
            leader.propose();
            ensemble.settle();
        }

        ensemble.server(1).received.clear();
        ensemble.server(1).start();
        ensemble.advance(3000);

        assertThat(types(ensemble.server(1)).get(1)).isEqualTo(PacketType.DIFF);
        assertThat(ensemble.server(1).log).hasSize(21);
        ensemble.assertAllEqual();
    }

    @Test
    void a_server_with_an_empty_disk_is_sent_a_snapshot() {
        var ensemble = new MemoryEnsemble(Ensembles.of(1, 2, 3), Settings::withShortHistory);
        MemoryServer leader = elected(ensemble);
        ensemble.server(1).crash();
        for (int i = 0; i < 20; i++) {
            leader.propose();
            ensemble.settle();
        }

        MemoryServer fresh = ensemble.add(1);
        fresh.start();
        ensemble.advance(3000);

        assertThat(types(fresh).get(1)).isEqualTo(PacketType.SNAP);
        ensemble.assertAllEqual();
        leader.propose();
        ensemble.settle();
        ensemble.assertAllEqual();
    }

    @Test
    void an_observer_is_informed_of_what_is_committed() {
        EnsembleConfig config =
                Ensembles.parse(
                        Ensembles.servers("participant", 1, 2, 3)
                                + Ensembles.servers("observer", 4));
        var ensemble = new MemoryEnsemble(config);
        MemoryServer leader = elected(ensemble);
        ensemble.advance(2000);
        ensemble.server(4).received.clear();

        leader.propose();
        ensemble.settle();

        assertThat(types(ensemble.server(4))).containsExactly(PacketType.INFORM);
        assertThat(leader.view().syncedObserverSids()).containsExactly(4L);
        ensemble.assertAllEqual();
    }

    /// The original truncates it, though it has acknowledged it and a quorum may count on that.
    @Test
    void a_follower_that_comes_back_keeps_what_is_outstanding_and_its_word_for_it() {
        var five = new MemoryEnsemble(Ensembles.of(1, 2, 3, 4, 5));
        MemoryServer leader = elected(five);
        five.server(1).crash();
        five.settle();
        leader.stallDisk(true);
        five.server(4).stallDisk(true);
        five.server(2).stallDisk(true);
        long zxid = leader.propose();
        five.settle();
        assertThat(five.server(3).log).hasSize(1);

        five.server(3).crash();
        five.server(3).received.clear();
        five.server(3).start();
        five.advance(500);
        assertThat(types(five.server(3)))
                .containsExactly(PacketType.LEADERINFO, PacketType.DIFF, PacketType.NEWLEADER);
        assertThat(five.server(3).view().isServing()).isFalse();

        leader.stallDisk(false);
        five.server(4).stallDisk(false);
        five.settle();

        assertThat(MemoryEnsemble.zxids(leader.tree)).containsExactly(zxid);
        assertThat(five.server(3).view().isServing()).isTrue();
        assertThat(five.server(3).log).hasSize(1);
        five.server(2).stallDisk(false);
        five.server(1).start();
        five.advance(3000);
        five.assertAllEqual();
    }

    @Test
    void others_commit_while_the_disk_of_the_leader_stands_still() {
        MemoryServer leader = elected(three);
        leader.stallDisk(true);

        long zxid = leader.propose();
        three.settle();

        assertThat(MemoryEnsemble.zxids(leader.tree)).containsExactly(zxid);
        assertThat(leader.log).isEmpty();
    }

    @Test
    void what_a_leader_has_delivered_and_not_on_disk_comes_back_to_it() {
        MemoryServer leader = elected(three);
        leader.stallDisk(true);
        leader.propose();
        three.settle();

        leader.crash();
        three.advance(3000);
        leader.start();
        three.advance(3000);

        assertThat(leader.tree).hasSize(1);
        three.assertAllEqual();
    }

    @Test
    void a_member_that_has_promised_a_later_epoch_gets_one() {
        three.server(1).with(7, 0, List.of());
        three.server(2).start();
        three.server(3).start();
        three.advance(3000);
        assertThat(three.leader().view().currentEpoch()).isEqualTo(1);

        three.server(1).start();
        three.advance(5000);

        assertThat(three.leader().view().currentEpoch()).isGreaterThanOrEqualTo(7);
        three.assertAllEqual();
    }

    @Test
    void when_the_counter_is_used_up_a_new_epoch_begins_without_a_loss() {
        var ensemble =
                new MemoryEnsemble(
                        Ensembles.of(1, 2, 3), settings -> Settings.counterMax(settings, 3));
        MemoryServer leader = elected(ensemble);
        for (int i = 0; i < 3; i++) {
            assertThat(leader.propose()).isPositive();
        }
        ensemble.settle();

        assertThat(leader.propose()).isEqualTo(-1);
        ensemble.advance(3000);

        assertThat(ensemble.leader().view().currentEpoch()).isEqualTo(2);
        assertThat(ensemble.leader().tree).hasSize(3);
        ensemble.leader().propose();
        ensemble.settle();
        ensemble.assertAllEqual();
    }

    // ---- a snapshot that holds less than the log

    /// A transaction has been committed on servers 2 and 3. 2 leads, and sends 3 its tree, which
    /// does not hold it yet, and then the transaction. If 3 loses power between the two, it and
    /// server 1, which never had the transaction, must not elect.
    @Test
    void who_has_stored_less_than_it_acknowledged_does_not_vote_until_it_has_it_again() {
        var ensemble = new MemoryEnsemble(Ensembles.of(1, 2, 3), Settings::withShortHistory);
        MemoryServer third = elected(ensemble);
        MemoryServer first = ensemble.server(1);
        MemoryServer second = ensemble.server(2);
        third.propose();
        ensemble.settle();
        first.crash();
        ensemble.settle();
        long acknowledged = third.propose();
        while (third.tree.size() < 2) {
            ensemble.some(1);
        }
        ensemble.isolate(3);
        // It has so much that nobody else has that it does not remember where that begins.
        for (int i = 0; i < 20; i++) {
            third.propose();
        }
        ensemble.settle();
        third.crash();
        secondBeginsAnEpochThatServesNobody(ensemble);

        ensemble.heal();
        third.start();
        third.stallDisk(true);
        for (int i = 0; i < 10_000 && !third.log.isEmpty(); i++) {
            ensemble.advance(1);
            third.diskDoes(1);
        }
        assertThat(third.log).as(ensemble.describe() + types(third) + types(second)).isEmpty();
        assertThat(MemoryEnsemble.zxids(second.tree)).doesNotContain(acknowledged);
        third.crash();
        second.crash();
        third.start();
        first.start();
        ensemble.advance(10_000);

        assertThat(ensemble.newestLeaderOrNull()).as(ensemble.describe()).isNull();
        second.start();
        ensemble.advance(10_000);
        assertThat(MemoryEnsemble.zxids(ensemble.leader().tree)).contains(acknowledged);
        ensemble.assertAllEqual();
        assertThat(third.mayVote).isTrue();
    }

    /// Server 1 promises it and dies before it has the history.
    private static void secondBeginsAnEpochThatServesNobody(MemoryEnsemble ensemble) {
        MemoryServer first = ensemble.server(1);
        MemoryServer second = ensemble.server(2);
        long before = second.view().currentEpoch();
        first.start();
        first.stallDisk(true);
        for (int i = 0; i < 10_000 && second.view().currentEpoch() == before; i++) {
            ensemble.advance(1);
            if (first.view().acceptedEpoch() == before) {
                first.diskDoes(1);
            }
        }
        assertThat(second.view().currentEpoch()).isGreaterThan(before);
        first.crash();
        ensemble.advance(30_000);
        assertThat(second.view().state()).isEqualTo(AgreementView.State.LOOKING);
    }

    // ---- those who have no voice

    /// The votes of the others do not go to it.
    @Test
    void an_observer_that_has_looked_for_long_soon_hears_of_a_leader() {
        EnsembleConfig config =
                Ensembles.parse(
                        Ensembles.servers("participant", 1, 2) + Ensembles.servers("observer", 3));
        var ensemble = new MemoryEnsemble(config);
        ensemble.server(1).start();
        ensemble.server(3).start();
        ensemble.advance(60_000);

        ensemble.server(2).start();
        ensemble.advance(3000);

        assertThat(ensemble.server(3).view().isServing()).isTrue();
    }

    @Test
    void a_server_with_a_damaged_log_that_has_looked_for_long_soon_hears_of_a_leader() {
        three.server(3).mayVote = false;
        three.server(3).start();
        three.server(1).start();
        three.advance(60_000);

        three.server(2).start();
        three.advance(3000);

        assertThat(three.server(3).view().isServing()).isTrue();
    }

    // ---- sync

    @Test
    void a_sync_at_a_follower_comes_behind_everything_committed_before() {
        MemoryServer leader = elected(three);
        leader.propose();

        three.server(1).sync(1);
        three.server(1).sync(2);
        three.settle();

        assertThat(three.server(1).synced).containsExactly(1L, 2L);
        assertThat(three.server(1).tree).hasSize(1);
    }

    @Test
    void what_is_proposed_after_a_sync_confirms_it_and_comes_behind_its_answer() {
        MemoryServer leader = elected(three);
        three.server(1).answersPings = false;
        three.server(2).answersPings = false;
        three.server(1).sync(1);
        leader.sync(2);
        three.settle();
        assertThat(three.server(1).synced).isEmpty();
        assertThat(leader.synced).isEmpty();

        leader.propose();
        three.settle();

        assertThat(three.server(1).synced).containsExactly(1L);
        assertThat(leader.synced).containsExactly(2L);
        assertThat(three.server(1).received.stream().map(QuorumPacket::type))
                .containsSubsequence(PacketType.SYNC, PacketType.COMMIT);
    }

    @Test
    void a_deposed_leader_answers_no_sync() {
        MemoryServer old = elected(three);
        three.server(1).answersPings = false;
        three.server(2).answersPings = false;

        old.sync(1);
        three.settle();

        assertThat(old.synced).isEmpty();
    }

    private static List<Integer> types(MemoryServer server) {
        return server.received.stream()
                .map(QuorumPacket::type)
                .filter(type -> type != PacketType.PING)
                .toList();
    }
}
