package io.witan.zab.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.EnsembleConfig;
import io.witan.zab.Ensembles;
import io.witan.zab.quorum.Oracle;
import io.witan.zab.quorum.QuorumVerifier;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

/// Quorum, sections 1.4, 1.5, 3.2 and 5.5.
class ConfigsTest {

    private final EnsembleConfig old = Ensembles.of(1, 2, 3).withVersion(0x1_0000_0000L);
    private final EnsembleConfig next = Ensembles.of(3, 4, 5).withVersion(0x1_0000_0007L);

    private final Configs configs = new Configs(true, old, old, Oracle.NONE);

    private boolean oracleSays;

    // ---- the two configurations

    @Test
    void nothing_is_changing_while_the_one_last_seen_is_the_committed_one() {
        assertThat(configs.isChanging()).isFalse();
        assertThat(configs.voters()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void one_that_is_seen_is_asked_beside_the_one_in_force() {
        assertThat(configs.see(next)).isTrue();

        assertThat(configs.isChanging()).isTrue();
        assertThat(configs.committed()).isSameAs(old);
        assertThat(configs.lastSeen()).isSameAs(next);
        assertThat(configs.voters()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(configs.isVoter(4)).isTrue();
        assertThat(configs.isParticipant(4)).isFalse();
    }

    @Test
    void a_decision_needs_a_quorum_of_both_while_it_is_changing() {
        configs.see(next);

        assertThat(configs.isQuorum(Set.of(1L, 2L))).isFalse();
        assertThat(configs.isQuorum(Set.of(4L, 5L))).isFalse();
        assertThat(configs.isQuorum(Set.of(1L, 3L, 5L))).isTrue();
    }

    @Test
    void an_epoch_needs_a_quorum_of_the_one_in_force_only() {
        configs.see(next);

        assertThat(configs.isCommittedQuorum(Set.of(1L, 2L))).isTrue();
        assertThat(configs.isCommittedQuorum(Set.of(3L, 4L, 5L))).isFalse();
    }

    @Test
    void a_decision_that_was_begun_keeps_its_quorums() {
        List<QuorumVerifier> before = configs.verifiers();
        configs.see(next);
        List<QuorumVerifier> between = configs.verifiers();
        configs.commit(next);

        assertThat(configs.isQuorum(before, Set.of(1L, 2L))).isTrue();
        assertThat(configs.isQuorum(between, Set.of(1L, 2L))).isFalse();
        assertThat(configs.isQuorum(between, Set.of(2L, 3L, 4L))).isTrue();
        assertThat(configs.isQuorum(configs.verifiers(), Set.of(4L, 5L))).isTrue();
    }

    @Test
    void an_older_one_is_never_seen() {
        configs.see(next);

        assertThat(configs.see(old)).isFalse();
        assertThat(configs.see(next)).isFalse();
        assertThat(configs.lastSeen()).isSameAs(next);
    }

    @Test
    void one_that_has_never_been_proposed_is_forgotten() {
        configs.see(next);

        assertThat(configs.forget()).isTrue();

        assertThat(configs.isChanging()).isFalse();
        assertThat(configs.lastSeen()).isSameAs(old);
        assertThat(configs.voters()).containsExactly(1L, 2L, 3L);
        assertThat(configs.isQuorum(Set.of(1L, 2L))).isTrue();
        assertThat(configs.forget()).as("twice").isFalse();
    }

    @Test
    void committing_ends_the_change() {
        configs.see(next);

        assertThat(configs.commit(next)).isTrue();

        assertThat(configs.isChanging()).isFalse();
        assertThat(configs.voters()).containsExactly(3L, 4L, 5L);
        assertThat(configs.isQuorum(Set.of(4L, 5L))).isTrue();
    }

    @Test
    void what_is_committed_has_been_seen() {
        assertThat(configs.commit(next)).isTrue();

        assertThat(configs.lastSeen()).isSameAs(next);
    }

    @Test
    void an_older_one_is_never_committed() {
        configs.commit(next);

        assertThat(configs.commit(old)).isFalse();
        assertThat(configs.commit(next)).isFalse();
        assertThat(configs.committed()).isSameAs(next);
    }

    @Test
    void committing_leaves_a_newer_one_that_is_seen() {
        EnsembleConfig afterNext = Ensembles.of(6, 7, 8).withVersion(0x1_0000_0009L);
        configs.see(afterNext);

        assertThat(configs.commit(next)).isTrue();

        assertThat(configs.lastSeen()).isSameAs(afterNext);
        assertThat(configs.voters()).containsExactly(3L, 4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void the_files_of_a_crash_between_proposal_and_commit_continue_the_change() {
        assertThat(new Configs(true, old, next, Oracle.NONE).isChanging()).isTrue();
        assertThat(new Configs(true, next, old, Oracle.NONE).lastSeen()).isSameAs(next);
    }

    @Test
    void nothing_is_installed_where_reconfiguration_is_disabled() {
        Configs fixed = new Configs(false, old, old, Oracle.NONE);

        assertThat(fixed.see(next)).isFalse();
        assertThat(fixed.commit(next)).isFalse();
        assertThat(fixed.committed()).isSameAs(old);
        assertThat(fixed.lastSeen()).isSameAs(old);
    }

    @Test
    void the_weight_is_that_in_force_and_for_those_who_join_the_coming_one() {
        EnsembleConfig weighted =
                Ensembles.parse(
                                Ensembles.servers("participant", 1, 2, 3, 4)
                                        + "group.1=1:2:3:4\nweight.1=5\nweight.4=7\n")
                        .withVersion(0x1_0000_0008L);
        configs.see(weighted);

        assertThat(configs.weight(1)).isEqualTo(1);
        assertThat(configs.weight(4)).isEqualTo(7);
        assertThat(configs.weight(9)).isZero();
    }

    // ---- the oracle

    @Test
    void of_two_one_is_enough_if_the_oracle_says_so() {
        Configs two = withOracle(Ensembles.of(1, 2));

        assertThat(two.isQuorum(Set.of(1L))).isFalse();
        oracleSays = true;
        assertThat(two.isQuorum(Set.of(1L))).isTrue();
        assertThat(two.isCommittedQuorum(Set.of(1L))).isTrue();
    }

    @Test
    void nobody_is_not_enough_whatever_the_oracle_says() {
        Configs two = withOracle(Ensembles.of(1, 2));
        oracleSays = true;

        assertThat(two.isQuorum(Set.of())).isFalse();
        assertThat(two.isQuorum(Set.of(9L))).isFalse();
    }

    @Test
    void the_oracle_is_not_asked_while_it_is_not_needed() {
        Configs two = withOracle(Ensembles.of(1, 2));
        oracleSays = true;

        two.setOracleNeeded(false);

        assertThat(two.isQuorum(Set.of(1L))).isFalse();
        assertThat(two.isQuorum(Set.of(1L, 2L))).isTrue();
    }

    @Test
    void the_oracle_is_not_asked_by_three_or_more() {
        Configs three = withOracle(Ensembles.of(1, 2, 3));
        oracleSays = true;

        assertThat(three.isQuorum(Set.of(1L))).isFalse();
    }

    @Test
    void the_other_one_has_the_permission_if_there_is_an_oracle_that_withholds_it_here() {
        Configs two = withOracle(Ensembles.of(1, 2));

        assertThat(two.isOracleForTheOther()).isTrue();
        oracleSays = true;
        assertThat(two.isOracleForTheOther()).isFalse();
        assertThat(new Configs(true, Ensembles.of(1, 2), Ensembles.of(1, 2), Oracle.NONE))
                .returns(false, Configs::isOracleForTheOther);
    }

    private Configs withOracle(EnsembleConfig config) {
        return new Configs(true, config, config, () -> oracleSays);
    }
}
