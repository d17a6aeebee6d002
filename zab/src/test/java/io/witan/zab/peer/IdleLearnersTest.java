package io.witan.zab.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Ensembles;
import io.witan.zab.Happening;
import io.witan.zab.PeerSettings;

import org.junit.jupiter.api.Test;

import java.util.List;

/// A learner at which no client is hears of transactions a little later, several at a time, while
/// the others are a quorum.
class IdleLearnersTest {

    private static final int LATER = 2;

    private final Trio trio = Trio.with(LATER);
    private final MemoryEnsemble three = trio.ensemble;
    private final MemoryServer leader = trio.leader;
    private final MemoryServer busy = trio.busy;
    private final MemoryServer idle = trio.idle;

    /// A leader, a follower that has clients, and one that has none.
    private record Trio(
            MemoryEnsemble ensemble, MemoryServer leader, MemoryServer busy, MemoryServer idle) {

        static Trio with(int idleLearnerMillis) {
            var ensemble =
                    new MemoryEnsemble(
                            Ensembles.of(1, 2, 3),
                            settings -> settings.with(new PeerSettings.Own(0, idleLearnerMillis)));
            ensemble.start().advance(3_000);
            MemoryServer leader = ensemble.leader();
            List<MemoryServer> followers =
                    ensemble.servers.values().stream().filter(server -> server != leader).toList();
            var trio = new Trio(ensemble, leader, followers.getFirst(), followers.getLast());
            trio.hasClients(trio.busy, true);
            trio.forget();
            return trio;
        }

        void hasClients(MemoryServer learner, boolean has) {
            leader.event(peer -> peer.learnerHasClients(link(learner), has));
            ensemble.settle();
        }

        long link(MemoryServer learner) {
            return leader.told.stream()
                    .filter(Happening.Synchronised.class::isInstance)
                    .map(Happening.Synchronised.class::cast)
                    .filter(synchronised -> synchronised.sid() == learner.sid())
                    .toList()
                    .getLast()
                    .link();
        }

        void forget() {
            busy.received.clear();
            idle.received.clear();
        }
    }

    private static List<Integer> toldOf(MemoryServer server) {
        return server.received.stream()
                .map(QuorumPacket::type)
                .filter(type -> type == PacketType.PROPOSAL || type == PacketType.COMMIT)
                .toList();
    }

    private long committed() {
        return leader.view().lastCommittedZxid();
    }

    @Test
    void it_is_told_within_two_milliseconds_of_all_that_there_was_meanwhile() {
        long first = leader.propose();
        three.settle();
        long second = leader.propose();
        three.settle();

        assertThat(committed()).isEqualTo(second);
        assertThat(toldOf(busy)).hasSize(4);
        assertThat(toldOf(idle)).isEmpty();

        three.advance(LATER);
        assertThat(toldOf(idle))
                .containsExactly(
                        PacketType.PROPOSAL,
                        PacketType.COMMIT,
                        PacketType.PROPOSAL,
                        PacketType.COMMIT);
        assertThat(idle.received.getFirst().zxid()).isEqualTo(first);
        three.assertAllEqual();
    }

    @Test
    void as_soon_as_a_client_comes_to_it_it_hears_everything_at_once() {
        leader.propose();
        three.settle();

        trio.hasClients(idle, true);
        assertThat(toldOf(idle)).hasSize(2);

        leader.propose();
        three.settle();
        assertThat(toldOf(idle)).hasSize(4);
    }

    @Test
    void without_clients_at_any_learner_one_is_told_at_once_for_the_quorum() {
        trio.hasClients(busy, false);
        long zxid = leader.propose();
        three.settle();

        assertThat(committed()).isEqualTo(zxid);
        assertThat(toldOf(busy).size() + toldOf(idle).size()).isEqualTo(2);
    }

    @Test
    void when_the_one_that_the_quorum_needs_is_gone_it_hears_everything_at_once() {
        busy.crash();
        three.settle();
        long zxid = leader.propose();
        three.settle();

        assertThat(committed()).isEqualTo(zxid);
    }

    @Test
    void what_else_it_is_told_comes_behind_what_waited() {
        leader.propose();
        three.settle();
        assertThat(idle.received).isEmpty();

        leader.sync(1);
        three.settle();
        assertThat(idle.received.stream().map(QuorumPacket::type))
                .containsExactly(PacketType.PROPOSAL, PacketType.COMMIT, PacketType.PING);
    }

    @Test
    void so_much_does_not_wait_that_it_would_be_a_burden_to_take() {
        for (int i = 0; i < 100; i++) {
            leader.propose();
            three.settle();
        }
        assertThat(toldOf(idle).size()).isGreaterThan(100);
    }

    @Test
    void a_transaction_that_needs_it_waits_no_longer_than_that() {
        busy.stallDisk(true);
        long zxid = leader.propose();
        three.settle();
        assertThat(committed()).isLessThan(zxid);

        three.advance(LATER);
        assertThat(committed()).isEqualTo(zxid);
    }

    @Test
    void where_they_need_it_one_after_the_other_it_is_told_at_once_for_a_while() {
        busy.stallDisk(true);
        for (int i = 0; i < IdleLearners.SLOW_IN_A_ROW_MAX; i++) {
            leader.propose();
            three.advance(LATER);
        }
        long zxid = leader.propose();
        three.settle();
        assertThat(committed()).isEqualTo(zxid);

        busy.stallDisk(false);
        three.advance(IdleLearners.PAUSE_MILLIS);
        trio.forget();
        leader.propose();
        three.settle();
        assertThat(toldOf(busy)).hasSize(2);
        assertThat(toldOf(idle)).isEmpty();
    }

    /// Whatever it has on its disk, it is not that.
    @Test
    void its_word_for_what_it_has_not_been_told_counts_for_nothing() {
        busy.stallDisk(true);
        long zxid = leader.propose();
        three.settle();

        leader.event(
                peer -> peer.received(trio.link(idle), new QuorumPacket(PacketType.ACK, zxid)));
        three.settle();

        assertThat(leader.told)
                .anyMatch(told ->
                        told instanceof Happening.LostLearner lost
                                && lost.sid() == idle.sid()
                                && lost.reason().endsWith("which was never proposed to it"));
    }

    @Test
    void a_reconfiguration_is_told_at_once() {
        leader.proposeReconfig(Ensembles.of(1, 2, 3).withVersion(committed() + 1));
        three.settle();

        assertThat(idle.received.stream().map(QuorumPacket::type))
                .contains(PacketType.COMMITANDACTIVATE);
    }

    @Test
    void a_leader_that_is_lost_before_it_told_it_takes_nothing_with_it() {
        long zxid = leader.propose();
        three.settle();
        assertThat(idle.view().lastLoggedZxid()).isLessThan(zxid);

        leader.crash();
        three.advance(10_000);
        assertThat(three.leader()).isSameAs(busy);
        assertThat(idle.view().lastCommittedZxid()).isGreaterThanOrEqualTo(zxid);
        three.assertAllEqual();
    }

    @Test
    void it_can_be_switched_off() {
        Trio off = Trio.with(0);
        off.leader.propose();
        off.ensemble.settle();

        assertThat(toldOf(off.idle)).hasSize(2);
    }
}
