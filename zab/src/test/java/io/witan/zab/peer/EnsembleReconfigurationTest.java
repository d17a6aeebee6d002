package io.witan.zab.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.EnsembleConfig;
import io.witan.zab.AgreementView;
import io.witan.zab.Ensembles;

import org.junit.jupiter.api.Test;

/// Whole ensembles in memory whose configuration changes: servers join and leave, the leader among
/// them, and what one leader has left the next one completes or forgets.
class EnsembleReconfigurationTest {

    private final MemoryEnsemble three = new MemoryEnsemble(Ensembles.of(1, 2, 3));

    private MemoryServer elected() {
        three.start().advance(3000);
        return three.leader();
    }

    @Test
    void the_first_leader_gives_the_configuration_its_version() {
        elected();

        assertThat(three.server(1).view().committedConfig().version()).isEqualTo(Txns.zxid(1, 0));
        assertThat(three.server(2).view().committedConfig().version()).isEqualTo(Txns.zxid(1, 0));
    }

    @Test
    void a_server_that_is_added_follows_without_a_vote_and_then_votes() {
        MemoryServer leader = elected();
        three.add(4).start();
        three.advance(3000);
        assertThat(leader.view().syncedSids()).contains(4L);
        assertThat(leader.view().syncedObserverSids()).containsExactly(4L);

        leader.proposeReconfig(Ensembles.of(1, 2, 3, 4));
        three.settle();
        three.advance(3000);

        assertThat(leader.view().syncedObserverSids()).isEmpty();
        assertThat(three.server(4).view().committedConfig().participants())
                .containsExactly(1L, 2L, 3L, 4L);
        three.assertAllEqual();
        // Two of four are no quorum.
        three.server(1).crash();
        three.server(2).crash();
        three.advance(100);
        long before = leader.tree.size();
        leader.propose();
        three.settle();
        assertThat(leader.tree).hasSize((int) before);
    }

    @Test
    void a_leader_that_is_removed_hands_over_and_follows() {
        MemoryServer old = elected();
        long zxid = old.proposeReconfig(Ensembles.of(1, 2));
        three.settle();
        three.advance(4000);

        MemoryServer next = three.leader();
        assertThat(next.sid()).isEqualTo(1);
        assertThat(next.view().committedConfig().version()).isEqualTo(zxid);
        assertThat(old.view().state()).isEqualTo(AgreementView.State.FOLLOWING);
        next.propose();
        three.settle();
        three.assertAllEqual();
    }

    @Test
    void a_reconfiguration_that_a_leader_has_left_is_completed_by_the_next() {
        MemoryServer old = elected();
        MemoryServer four = three.add(4);
        four.start();
        three.advance(3000);
        // The others have it in their logs; nobody has told them of the commit.
        old.stallDisk(true);
        three.server(1).stallDisk(true);
        old.proposeReconfig(Ensembles.of(1, 2, 3, 4));
        three.settle();
        old.crash();
        three.server(1).stallDisk(false);
        three.advance(5000);

        MemoryServer next = three.leader();
        assertThat(next.view().committedConfig().participants()).containsExactly(1L, 2L, 3L, 4L);
        three.assertAllEqual();
    }

    @Test
    void a_reconfiguration_that_a_leader_had_alone_is_not_completed_when_it_leads_again() {
        MemoryServer old = elected();
        EnsembleConfig inForce = old.view().committedConfig();
        three.isolate(old.sid());
        old.proposeReconfig(Ensembles.of(1, 2, 3, 4));
        three.advance(10_000);
        three.leader().propose();
        three.heal();
        three.advance(10_000);
        three.servers.values().forEach(MemoryServer::crash);
        three.start();
        three.advance(5000);

        assertThat(three.leader()).as("the greatest id").isSameAs(old);
        for (MemoryServer server : three.servers.values()) {
            assertThat(server.view().committedConfig()).isEqualTo(inForce);
            assertThat(server.view().lastSeenConfig()).isEqualTo(inForce);
        }
    }
}
