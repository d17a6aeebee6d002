package io.witan.zab.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.EnsembleConfig;
import io.witan.zab.Ensembles;
import io.witan.zab.config.Configs;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What is a quorum for an [Election] while the configuration changes, and for two servers with an
/// oracle (quorum, section 3.6).
class ElectionQuorumTest extends ElectionWords {

    @Nested
    class Reconfiguring {

        @Test
        void a_leader_needs_a_quorum_of_both_configurations() {
            serverIs(3, configs(Ensembles.of(1, 2, 3), Ensembles.of(3, 4, 5)));
            begin(vote(3, 5, 0));

            hears(1, looking(3, 5, 1, 0));
            passes(WAIT);
            assertThat(election.decided()).isNull();

            hears(4, looking(3, 5, 1, 0));
            passes(WAIT);
            assertThat(election.decided()).isEqualTo(new Vote(3, 5, 1, 0));
        }

        @Test
        void a_server_that_is_to_be_a_voter_votes_for_others() {
            serverIs(4, configs(Ensembles.of(1, 2, 3), Ensembles.of(3, 4, 5)));
            begin(vote(Vote.NOBODY, 5, 0));

            hears(3, looking(3, 5, 1, 0));

            assertThat(election.proposal()).isEqualTo(new Vote(3, 5, 1, 0));
            assertThat(sentTo()).containsExactly(1L, 2L, 3L, 5L);
        }

        @Test
        void it_goes_back_to_the_round_of_those_whose_votes_count() {
            serverIs(4, configs(Ensembles.of(1, 2, 3), Ensembles.of(3, 4, 5)));
            begin(vote(Vote.NOBODY, 5, 0));
            begin(vote(Vote.NOBODY, 5, 0));

            hears(3, looking(3, 5, 1, 0));

            assertThat(election.clock()).isEqualTo(1);
            assertThat(election.proposal()).isEqualTo(new Vote(3, 5, 1, 0));
        }

        @Test
        void it_votes_for_one_who_knows_less_too_for_it_cannot_lead_itself() {
            serverIs(4, configs(Ensembles.of(1, 2, 3), Ensembles.of(3, 4, 5)));
            begin(vote(Vote.NOBODY, 6, 0));

            hears(3, looking(3, 5, 1, 0));

            assertThat(election.proposal()).isEqualTo(new Vote(3, 5, 1, 0));
        }
    }

    @Nested
    class WithAnOracle {

        private boolean oracleSays;

        @Test
        void one_of_two_leads_alone_if_the_oracle_says_so() {
            two(1);
            oracleSays = true;

            begin(vote(1, 5, 0));
            passes(WAIT);

            assertThat(election.decided()).isEqualTo(new Vote(1, 5, 1, 0));
        }

        @Test
        void the_oracle_is_asked_again_when_the_time_is_over() {
            two(1);
            begin(vote(1, 5, 0));
            passes(WAIT);
            assertThat(election.decided()).isNull();

            oracleSays = true;
            passes(2 * WAIT);

            assertThat(election.decided()).isEqualTo(new Vote(1, 5, 1, 0));
        }

        @Test
        void a_leader_is_followed_by_the_one_to_whom_the_oracle_says_no() {
            two(2);
            begin(vote(2, 9, 9));

            hears(1, leading(1, 5, 3, 0));

            assertThat(election.decided()).isEqualTo(new Vote(1, 5, 3, 0));
        }

        @Test
        void without_an_oracle_it_is_not() {
            serverIs(2, configs(Ensembles.of(1, 2)));
            begin(vote(2, 9, 9));

            hears(1, leading(1, 5, 3, 0));

            assertThat(election.decided()).isNull();
        }

        private void two(long self) {
            EnsembleConfig config = Ensembles.of(1, 2);
            serverIs(self, new Configs(true, config, config, () -> oracleSays));
        }
    }
}
