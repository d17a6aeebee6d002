package io.witan.zab.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.EnsembleConfig;
import io.witan.zab.Ensembles;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

/// Quorum, section 5.4.
class DesignatedLeaderTest {

    private final EnsembleConfig before = Ensembles.of(1, 2, 3);

    @Test
    void the_leader_stays_where_it_keeps_its_vote_and_its_address() {
        assertThat(
                        DesignatedLeader.choose(
                                3, before, Ensembles.of(3, 4), Set.of(3L, 4L), List.of()))
                .isEqualTo(3);
    }

    @Test
    void another_election_port_or_client_port_does_not_move_it() {
        EnsembleConfig after =
                Ensembles.parse(
                        "server.3=10.0.0.3:2888:4888;2182\n"
                                + Ensembles.servers("participant", 1, 2));

        assertThat(DesignatedLeader.choose(3, before, after, Set.of(1L, 3L), List.of()))
                .isEqualTo(3);
    }

    @Test
    void another_quorum_port_does() {
        EnsembleConfig after =
                Ensembles.parse(
                        "server.3=10.0.0.3:4888:3888;2181\n"
                                + Ensembles.servers("participant", 1, 2));

        assertThat(DesignatedLeader.choose(3, before, after, Set.of(2L, 3L), List.of()))
                .isEqualTo(2);
    }

    @Test
    void a_leader_that_becomes_an_observer_hands_over() {
        EnsembleConfig after =
                Ensembles.parse(
                        Ensembles.servers("participant", 1, 2) + Ensembles.servers("observer", 3));

        assertThat(DesignatedLeader.choose(3, before, after, Set.of(1L, 2L, 3L), List.of()))
                .isEqualTo(1);
    }

    @Test
    void only_a_new_participant_that_has_the_reconfiguration_can_lead() {
        EnsembleConfig after =
                Ensembles.parse(
                        Ensembles.servers("participant", 2, 4, 5)
                                + Ensembles.servers("observer", 1));

        assertThat(DesignatedLeader.choose(3, before, after, Set.of(1L, 3L, 4L, 5L), List.of()))
                .isEqualTo(4);
    }

    @Test
    void who_has_more_of_what_follows_is_preferred_as_far_as_anybody_has_it() {
        EnsembleConfig after = Ensembles.of(1, 2, 4, 5);
        List<Set<Long>> later =
                List.of(
                        Set.of(3L, 2L, 4L, 5L),
                        Set.of(3L, 4L, 5L),
                        Set.of(3L, 5L),
                        Set.of(3L),
                        Set.of(1L));

        assertThat(DesignatedLeader.choose(3, before, after, Set.of(1L, 2L, 3L, 4L, 5L), later))
                .isEqualTo(5);
        assertThat(
                        DesignatedLeader.choose(
                                3, before, after, Set.of(1L, 2L, 3L, 4L, 5L), later.subList(0, 2)))
                .isEqualTo(4);
    }
}
