package io.witan.zab.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.zab.Ensembles;
import io.witan.zab.config.Configs;

import org.junit.jupiter.api.Test;

/// Quorum, section 3.7: elections of servers whose own vote does not count. Those are observers,
/// servers in no configuration, and who may have lost its history.
class WithoutAVoteTest extends ElectionWords {

    @Test
    void an_observer_follows_whom_the_voters_elect() {
        serverIs(7, observing());
        begin(new Vote(Vote.NOBODY, Long.MIN_VALUE, -1, Long.MIN_VALUE));
        assertThat(sentTo()).containsExactly(1L, 2L, 3L);

        hears(1, looking(2, 5, 1, 0));
        hears(2, looking(2, 5, 1, 0));
        passes(WAIT);

        assertThat(election.decided()).isEqualTo(new Vote(2, 5, 1, 0));
    }

    @Test
    void its_own_voice_does_not_count() {
        serverIs(7, observing());
        begin(new Vote(Vote.NOBODY, Long.MIN_VALUE, -1, Long.MIN_VALUE));

        hears(2, looking(2, 5, 1, 0));
        hears(2, leading(2, 5, 1, 0));
        passes(WAIT);

        assertThat(election.decided()).isNull();
    }

    @Test
    void a_server_outside_of_the_configuration_takes_up_votes_of_older_histories() {
        election = server(7);
        begin(new Vote(Vote.NOBODY, 99, -1, 9));

        hears(1, looking(2, 5, 1, 0));
        hears(2, looking(2, 5, 1, 0));
        passes(WAIT);

        assertThat(election.decided()).isEqualTo(new Vote(2, 5, 1, 0));
    }

    @Test
    void a_server_that_may_have_lost_its_history_gives_no_vote() {
        begin(new Vote(Vote.NOBODY, Vote.NOT_VOTING, -1, Long.MIN_VALUE));

        hears(2, looking(2, 5, 1, 0));
        assertThat(effects).isEmpty();
        hears(3, looking(2, 5, 1, 0));
        assertThat(effects).isEmpty();
        passes(WAIT);

        assertThat(election.decided()).isNull();
        assertThat(election.proposal().leader()).isEqualTo(Vote.NOBODY);
    }

    @Test
    void it_joins_a_leader_with_a_quorum_that_does_not_need_it() {
        begin(new Vote(Vote.NOBODY, Vote.NOT_VOTING, -1, Long.MIN_VALUE));

        hears(2, leading(2, 5, 3, 1));
        assertThat(election.decided()).isNull();
        hears(3, following(2, 5, 3, 1));

        assertThat(election.decided()).isEqualTo(new Vote(2, 5, 3, 1));
    }

    @Test
    void and_not_one_that_looks_again() {
        begin(new Vote(Vote.NOBODY, Vote.NOT_VOTING, -1, Long.MIN_VALUE));
        hears(2, leading(2, 5, 1, 1));

        hears(2, looking(2, 5, 2, 1));
        hears(3, following(2, 5, 1, 1));

        assertThat(election.decided()).isNull();
    }

    private static Configs observing() {
        return configs(
                Ensembles.parse(
                        Ensembles.servers("participant", 1, 2, 3)
                                + Ensembles.servers("observer", 7)));
    }
}
