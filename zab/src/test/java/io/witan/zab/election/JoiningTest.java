package io.witan.zab.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.zab.Effect;
import io.witan.zab.Ensembles;

import org.junit.jupiter.api.Test;

/// Quorum, section 3.4: when a server that looks joins a leader that others have already.
class JoiningTest extends ElectionWords {

    @Test
    void a_leader_is_joined_on_its_word_and_that_of_a_quorum() {
        serverIs(1, configs(Ensembles.of(1, 2, 3, 4, 5)));
        begin(vote(1, 9, 5));

        hears(4, following(5, 3, 8, 4));
        hears(5, leading(5, 3, 8, 4));
        assertThat(election.decided()).isNull();
        hears(3, following(5, 2, 6, 4));

        assertThat(election.decided()).isEqualTo(new Vote(5, 2, 6, 4));
        assertThat(election.clock()).isEqualTo(6);
    }

    @Test
    void the_word_of_followers_alone_is_not_enough() {
        serverIs(1, configs(Ensembles.of(1, 2, 3, 4, 5)));
        begin(vote(1, 5, 0));

        hears(2, following(5, 6, 3, 1));
        hears(3, following(5, 6, 3, 1));
        hears(4, following(5, 6, 3, 1));
        passes(WAIT);

        assertThat(election.decided()).isNull();
    }

    @Test
    void a_leader_known_from_its_followers_is_asked() {
        begin(vote(1, 5, 0));

        hears(2, following(3, 6, 3, 1));

        assertThat(effects).containsExactly(new Effect.SendNotification(3, looking(1, 5, 1, 0)));
        hears(2, following(3, 6, 3, 1));
        assertThat(effects).isEmpty();
    }

    @Test
    void the_followers_must_follow_it_in_the_same_epoch() {
        serverIs(1, configs(Ensembles.of(1, 2, 3, 4, 5)));
        begin(vote(1, 9, 10));

        hears(5, leading(5, 6, 3, 9));
        hears(3, following(5, 6, 3, 8));
        hears(4, following(5, 6, 3, 8));

        assertThat(election.decided()).isNull();
    }

    @Test
    void who_looks_again_has_taken_its_word_back() {
        serverIs(1, configs(Ensembles.of(1, 2, 3, 4, 5)));
        begin(vote(1, 9, 10));

        hears(5, leading(5, 6, 3, 9));
        hears(4, following(5, 6, 3, 9));
        hears(4, looking(4, 0, 0, 0));
        hears(3, following(5, 6, 3, 9));

        assertThat(election.decided()).isNull();
    }

    @Test
    void who_follows_a_leader_of_another_round_has_taken_its_vote_back() {
        begin(vote(1, 5, 9));
        hears(2, looking(2, 5, 8, 9));
        assertThat(election.proposal()).isEqualTo(new Vote(2, 5, 8, 9));

        hears(2, following(3, 5, 7, 9));
        passes(WAIT);

        assertThat(election.decided()).isNull();
    }

    @Test
    void in_the_same_round_votes_of_those_who_look_count_for_the_leader() {
        serverIs(1, configs(Ensembles.of(1, 2, 3, 4, 5)));
        begin(vote(1, 5, 0));
        hears(5, looking(5, 5, 1, 0));
        hears(4, looking(5, 5, 1, 0));

        hears(5, leading(5, 5, 1, 0));

        assertThat(election.decided()).isEqualTo(new Vote(5, 5, 1, 0));
    }

    @Test
    void in_the_same_round_the_followers_epoch_does_not_matter() {
        serverIs(1, configs(Ensembles.of(1, 2, 3, 4, 5)));
        begin(vote(1, 9, 10));

        hears(3, following(5, 5, 1, 0));
        hears(4, following(5, 5, 1, 0));
        hears(5, leading(5, 5, 1, 1));

        assertThat(election.decided()).isEqualTo(new Vote(5, 5, 1, 1));
    }

    @Test
    void who_is_followed_in_its_own_round_leads() {
        begin(vote(1, 5, 0));

        hears(2, following(1, 5, 1, 0));

        assertThat(election.decided()).isEqualTo(new Vote(1, 5, 1, 0));
    }

    @Test
    void who_is_followed_in_another_round_does_not_lead() {
        begin(vote(1, 5, 0));
        begin(vote(1, 5, 0));

        hears(2, following(1, 5, 1, 0));
        hears(3, following(1, 5, 1, 0));

        assertThat(election.decided()).isNull();
    }

    @Test
    void who_was_followed_before_it_started_does_not_lead() {
        begin(vote(1, 0x3_0000_0001L, 3));

        hears(2, following(1, 0x2_0000_0009L, 1, 3));
        hears(3, following(1, 0x2_0000_0009L, 1, 3));

        assertThat(election.decided()).isNull();
    }

    @Test
    void a_leader_that_completes_its_quorum_with_this_server_is_joined() {
        begin(vote(1, 5, 0));

        hears(3, leading(3, 5, 8, 0));

        assertThat(election.decided()).isEqualTo(new Vote(3, 5, 8, 0));
    }

    @Test
    void but_not_if_this_server_knows_more_than_the_leader() {
        begin(vote(1, 6, 0));

        hears(3, leading(3, 5, 8, 0));

        assertThat(election.decided()).isNull();
    }

    @Test
    void unless_the_leader_seems_to_have_begun_the_epoch_that_this_server_is_in() {
        begin(vote(1, 0x4_0000_0007L, 4));

        hears(3, leading(3, 0x3_0000_0009L, 8, 4));

        assertThat(election.decided()).isEqualTo(new Vote(3, 0x3_0000_0009L, 8, 4));
    }

    @Test
    void a_leader_that_refused_it_so_is_not_joined_so_again_at_once() {
        begin(vote(1, 0x4_0000_0007L, 4));
        hears(3, leading(3, 0x3_0000_0009L, 8, 4));

        begin(vote(1, 0x4_0000_0007L, 4));
        hears(3, leading(3, 0x3_0000_0009L, 8, 4));

        assertThat(election.decided()).isNull();
    }

    @Test
    void and_not_on_the_word_of_a_follower() {
        serverIs(1, configs(Ensembles.of(1, 2, 3, 4, 5)));
        begin(vote(1, 5, 0));

        hears(4, following(5, 5, 8, 0));
        hears(3, following(5, 5, 8, 0));

        assertThat(election.decided()).isNull();
    }

    @Test
    void a_leader_that_cannot_be_reached_is_not_joined_until_it_can() {
        serverIs(1, configs(Ensembles.of(1, 2, 3, 4, 5)));
        begin(vote(1, 9, 10));
        hears(5, leading(5, 6, 3, 9));
        hears(4, following(5, 6, 3, 9));
        linkBreaks(5);

        hears(3, following(5, 6, 3, 9));
        assertThat(election.decided()).isNull();

        linkComesUp(5);
        hears(5, leading(5, 6, 3, 9));
        assertThat(election.decided()).isEqualTo(new Vote(5, 6, 3, 9));
    }

    @Test
    void the_round_of_a_hand_over_does_not_put_the_clock_below_its_start() {
        begin(vote(1, 5, 0));

        hears(2, following(3, 5, -1, -1));
        hears(3, leading(3, 5, -1, -1));

        assertThat(election.decided()).isEqualTo(new Vote(3, 5, -1, -1));
        assertThat(election.clock()).isZero();
    }

    @Test
    void what_comes_after_the_decision_changes_nothing() {
        begin(vote(1, 5, 0));
        hears(3, leading(3, 5, 8, 0));

        hears(2, looking(2, 9, 9, 9));
        passes(10_000);

        assertThat(election.decided()).isEqualTo(new Vote(3, 5, 8, 0));
        assertThat(election.clock()).isEqualTo(8);
        assertThat(effects).isEmpty();
    }
}
