package io.witan.zab.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.zab.Ensembles;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Quorum, section 1.3.
class QuorumVerifierTest {

    @Test
    void a_majority_is_more_than_half_of_the_participants() {
        QuorumVerifier three = QuorumVerifier.of(Ensembles.of(1, 2, 3));
        QuorumVerifier four = QuorumVerifier.of(Ensembles.of(1, 2, 3, 4));

        assertThat(three.isQuorum(Set.of(1L))).isFalse();
        assertThat(three.isQuorum(Set.of(1L, 3L))).isTrue();
        assertThat(four.isQuorum(Set.of(1L, 3L))).isFalse();
        assertThat(four.isQuorum(Set.of(1L, 3L, 4L))).isTrue();
    }

    @Test
    void observers_and_strangers_count_for_nothing() {
        QuorumVerifier verifier =
                QuorumVerifier.of(
                        Ensembles.parse(
                                Ensembles.servers("participant", 1, 2, 3)
                                        + Ensembles.servers("observer", 4, 5)));

        assertThat(verifier.voters()).containsExactly(1L, 2L, 3L);
        assertThat(verifier.isQuorum(Set.of(1L, 4L, 5L, 9L))).isFalse();
        assertThat(verifier.weight(1)).isEqualTo(1);
        assertThat(verifier.weight(4)).isZero();
        assertThat(verifier.weight(9)).isZero();
    }

    @Test
    void with_groups_most_of_the_weight_of_most_groups_is_a_quorum() {
        QuorumVerifier verifier =
                hierarchical(
                        "group.1=1:2:3\ngroup.2=4:5:6\ngroup.3=7:8:9\n", 1, 2, 3, 4, 5, 6, 7, 8, 9);

        assertThat(verifier.isQuorum(Set.of(1L, 2L, 4L, 5L))).isTrue();
        assertThat(verifier.isQuorum(Set.of(1L, 2L, 3L, 4L, 7L))).isFalse();
        assertThat(verifier.isQuorum(Set.of(1L, 2L, 3L))).isFalse();
    }

    @Test
    void a_servers_weight_is_what_it_counts_for_in_its_group() {
        QuorumVerifier verifier = hierarchical("group.1=1:2:3\nweight.1=3\n", 1, 2, 3);

        assertThat(verifier.isQuorum(Set.of(1L))).isTrue();
        assertThat(verifier.isQuorum(Set.of(2L, 3L))).isFalse();
        assertThat(verifier.weight(1)).isEqualTo(3);
        assertThat(verifier.weight(2)).isEqualTo(1);
    }

    @Test
    void half_of_the_weight_is_not_enough() {
        QuorumVerifier verifier = hierarchical("group.1=1:2:3:4\n", 1, 2, 3, 4);

        assertThat(verifier.isQuorum(Set.of(1L, 2L))).isFalse();
        assertThat(verifier.isQuorum(Set.of(1L, 2L, 3L))).isTrue();
    }

    @Test
    void groups_without_weight_are_not_counted() {
        QuorumVerifier verifier =
                hierarchical("group.1=1:2:3\ngroup.2=4:5\nweight.4=0\nweight.5=0\n", 1, 2, 3, 4, 5);

        assertThat(verifier.isQuorum(Set.of(1L, 2L))).isTrue();
        assertThat(verifier.isQuorum(Set.of(1L, 4L, 5L))).isFalse();
        assertThat(verifier.weight(4)).isZero();
    }

    @Test
    void an_oracle_is_for_majorities_of_one_or_two() {
        assertThat(QuorumVerifier.of(Ensembles.of(1, 2)).allowsOracle()).isTrue();
        assertThat(QuorumVerifier.of(Ensembles.of(1, 2, 3)).allowsOracle()).isFalse();
        assertThat(hierarchical("group.1=1:2\n", 1, 2).allowsOracle()).isFalse();
    }

    @Test
    void any_two_quorums_have_a_server_in_common() {
        for (QuorumVerifier verifier :
                List.of(
                        QuorumVerifier.of(Ensembles.of(1, 2, 3, 4, 5)),
                        QuorumVerifier.of(Ensembles.of(1, 2, 3, 4, 5, 6)),
                        hierarchical(
                                "group.1=1:2:3\ngroup.2=4:5:6\nweight.2=2\n", 1, 2, 3, 4, 5, 6),
                        hierarchical(
                                "group.1=1:2\ngroup.2=3:4\ngroup.3=5:6\nweight.5=0\nweight.4=5\n",
                                1,
                                2,
                                3,
                                4,
                                5,
                                6))) {
            List<Set<Long>> quorums = quorumsOf(verifier);

            assertThat(quorums).isNotEmpty();
            for (Set<Long> one : quorums) {
                for (Set<Long> other : quorums) {
                    assertThat(one).as("%s", verifier).containsAnyElementsOf(other);
                }
            }
        }
    }

    private static List<Set<Long>> quorumsOf(QuorumVerifier verifier) {
        List<Long> voters = List.copyOf(verifier.voters());
        List<Set<Long>> quorums = new ArrayList<>();
        for (int bits = 0; bits < 1 << voters.size(); bits++) {
            Set<Long> sids = new TreeSet<>();
            for (int i = 0; i < voters.size(); i++) {
                if ((bits & 1 << i) != 0) {
                    sids.add(voters.get(i));
                }
            }
            if (verifier.isQuorum(sids)) {
                quorums.add(sids);
            }
        }
        return quorums;
    }

    private static QuorumVerifier hierarchical(String groups, long... sids) {
        return QuorumVerifier.of(Ensembles.parse(Ensembles.servers("participant", sids) + groups));
    }
}
