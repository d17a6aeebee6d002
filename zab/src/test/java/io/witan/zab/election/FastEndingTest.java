package io.witan.zab.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.zab.Ensembles;

import org.junit.jupiter.api.Test;

/// When an [Election] is over before the silence is: no voter that matters can change it any more.
class FastEndingTest extends ElectionWords {

    @Test
    void when_all_have_sent_the_same_vote_nobody_waits() {
        begin(vote(1, 5, 0));

        hears(3, looking(3, 5, 1, 0));
        assertThat(election.decided()).isNull();
        hears(2, looking(3, 5, 1, 0));

        assertThat(election.decided()).isEqualTo(new Vote(3, 5, 1, 0));
    }

    @Test
    void a_voter_with_another_vote_may_still_change_something() {
        begin(vote(1, 5, 0));

        hears(2, looking(2, 5, 1, 0));
        hears(3, looking(3, 4, 1, 0));

        assertThat(election.decided()).isNull();
        assertThat(election.wakeAtMillis()).isEqualTo(now + WAIT);
    }

    @Test
    void a_voter_that_has_ended_the_round_with_the_same_leader_has_sent_the_same_vote() {
        begin(vote(1, 5, 0));
        hears(3, looking(3, 5, 1, 0));

        hears(2, following(3, 5, 1, 1));

        assertThat(election.decided()).isEqualTo(new Vote(3, 5, 1, 0));
    }

    @Test
    void a_voter_whose_link_broke_is_not_waited_for() {
        linkComesUp(3);
        linkBreaks(3);
        begin(vote(1, 5, 0));

        hears(2, looking(2, 5, 1, 0));

        assertThat(election.decided()).isEqualTo(new Vote(2, 5, 1, 0));
    }

    @Test
    void nor_one_whose_link_breaks_while_it_is_waited_for() {
        begin(vote(1, 5, 0));
        hears(2, looking(2, 5, 1, 0));

        linkBreaks(3);

        assertThat(election.decided()).isEqualTo(new Vote(2, 5, 1, 0));
    }

    @Test
    void a_voter_that_never_had_a_link_is_waited_for() {
        begin(vote(1, 5, 0));

        hears(2, looking(2, 5, 1, 0));

        assertThat(election.decided()).isNull();
    }

    @Test
    void a_voter_that_can_be_reached_again_is_waited_for() {
        linkBreaks(3);
        begin(vote(1, 5, 0));
        linkComesUp(3);

        hears(2, looking(2, 5, 1, 0));

        assertThat(election.decided()).isNull();
    }

    @Test
    void a_voter_that_is_heard_can_be_reached() {
        linkBreaks(3);
        begin(vote(1, 5, 0));
        hears(3, looking(3, 4, 1, 0));

        hears(2, looking(2, 5, 1, 0));

        assertThat(election.decided()).isNull();
    }

    @Test
    void a_voter_that_does_not_vote_is_not_waited_for() {
        begin(vote(1, 5, 0));
        hears(3, looking(Vote.NOBODY, Vote.NOT_VOTING, 1, Long.MIN_VALUE));

        hears(2, looking(2, 5, 1, 0));

        assertThat(election.decided()).isEqualTo(new Vote(2, 5, 1, 0));
    }

    @Test
    void a_leader_that_cannot_be_reached_is_not_elected_fast() {
        serverIs(1, configs(Ensembles.of(1, 2, 3, 4, 5)));
        begin(vote(1, 5, 0));
        hears(5, looking(5, 5, 1, 0));
        linkBreaks(5);

        hears(2, looking(5, 5, 1, 0));
        hears(3, looking(5, 5, 1, 0));
        hears(4, looking(5, 5, 1, 0));

        assertThat(election.decided()).isNull();
    }

    @Test
    void all_voters_of_both_configurations_are_waited_for() {
        serverIs(1, configs(Ensembles.of(1, 2, 3), Ensembles.of(2, 3, 4)));
        begin(vote(1, 5, 0));
        hears(3, looking(3, 5, 1, 0));
        hears(2, looking(3, 5, 1, 0));
        assertThat(election.decided()).isNull();

        hears(4, looking(3, 5, 1, 0));

        assertThat(election.decided()).isEqualTo(new Vote(3, 5, 1, 0));
    }

    @Test
    void the_vote_of_a_server_that_cannot_be_reached_does_not_count() {
        begin(vote(1, 5, 0));
        hears(2, looking(1, 5, 1, 0));

        linkBreaks(2);
        passes(10 * WAIT);
        assertThat(election.decided()).isNull();

        linkComesUp(2);
        passes(WAIT);
        assertThat(election.decided()).isEqualTo(new Vote(1, 5, 1, 0));
    }
}
