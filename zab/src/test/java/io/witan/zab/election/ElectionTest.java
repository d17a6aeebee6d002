package io.witan.zab.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.election.Notification;
import io.witan.zab.Effect;
import io.witan.zab.Ensembles;
import io.witan.zab.PeerSettings;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Quorum, sections 3.2 and 3.3, and what [Election] adds: how a round begins, how votes change it,
/// and how often the proposal is said again.
class ElectionTest extends ElectionWords {

    @Nested
    class Beginning {

        @Test
        void each_round_has_the_next_number() {
            begin(vote(1, 5, 0));
            assertThat(election.clock()).isEqualTo(1);

            begin(vote(1, 5, 0));
            assertThat(election.clock()).isEqualTo(2);
        }

        @Test
        void all_other_voters_hear_whom_it_proposes() {
            begin(vote(1, 5, 3));

            assertThat(effects)
                    .containsExactly(
                            new Effect.SendNotification(2, looking(1, 5, 1, 3)),
                            new Effect.SendNotification(3, looking(1, 5, 1, 3)));
            assertThat(election.proposal()).isEqualTo(new Vote(1, 5, 1, 3));
            assertThat(election.decided()).isNull();
        }

        @Test
        void voters_of_the_coming_configuration_hear_it_too_and_observers_do_not() {
            serverIs(
                    1,
                    configs(
                            Ensembles.parse(
                                    Ensembles.servers("participant", 1, 2)
                                            + Ensembles.servers("observer", 7)),
                            Ensembles.of(2, 4)));

            begin(vote(1, 5, 3));

            assertThat(sentTo()).containsExactly(2L, 4L);
        }

        @Test
        void the_only_voter_is_elected_at_once() {
            serverIs(1, configs(Ensembles.of(1)));

            begin(vote(1, 5, 3));

            assertThat(election.decided()).isEqualTo(new Vote(1, 5, 1, 3));
            assertThat(effects).isEmpty();
            assertThat(election.wakeAtMillis()).isEqualTo(Long.MAX_VALUE);
        }

        @Test
        void a_new_round_forgets_the_one_before() {
            begin(vote(1, 5, 0));
            hears(2, looking(2, 5, 1, 0));
            begin(vote(1, 5, 0));

            assertThat(election.proposal()).isEqualTo(new Vote(1, 5, 2, 0));
            assertThat(election.wakeAtMillis()).isEqualTo(now + WAIT);
            passes(WAIT);
            assertThat(election.decided()).isNull();
        }

        @Test
        void a_round_that_is_given_up_says_no_more() {
            begin(vote(1, 5, 3));
            hears(2, looking(1, 5, 1, 3));

            election.abandon();

            // Whoever can be reached again is told the proposal while the round is open.
            linkBreaks(3);
            linkComesUp(3);
            assertThat(effects).isEmpty();
            passes(60_000);
            assertThat(effects).isEmpty();
            assertThat(election.decided()).isNull();
            assertThat(election.wakeAtMillis()).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Nested
    class Votes {

        @Test
        void a_better_vote_is_taken_up_and_passed_on() {
            begin(vote(1, 5, 0));

            hears(2, looking(2, 5, 1, 0));

            assertThat(election.proposal()).isEqualTo(new Vote(2, 5, 1, 0));
            assertThat(effects)
                    .containsExactly(
                            new Effect.SendNotification(2, looking(2, 5, 1, 0)),
                            new Effect.SendNotification(3, looking(2, 5, 1, 0)));
        }

        @Test
        void a_worse_vote_is_not_and_its_sender_is_told_once() {
            election = server(3);
            begin(vote(3, 5, 0));

            hears(2, looking(2, 5, 1, 0));

            assertThat(election.proposal()).isEqualTo(new Vote(3, 5, 1, 0));
            assertThat(effects)
                    .containsExactly(new Effect.SendNotification(2, looking(3, 5, 1, 0)));
            hears(2, looking(2, 5, 1, 0));
            assertThat(effects).isEmpty();
        }

        @Test
        void a_quorum_and_silence_elect() {
            begin(vote(1, 5, 0));
            hears(2, looking(2, 5, 1, 0));

            passes(WAIT - 1);
            assertThat(election.decided()).isNull();
            passes(1);
            assertThat(election.decided()).isEqualTo(new Vote(2, 5, 1, 0));
        }

        @Test
        void a_better_vote_breaks_the_silence() {
            begin(vote(1, 5, 0));
            hears(2, looking(2, 5, 1, 0));
            passes(WAIT - 1);

            hears(3, looking(3, 5, 1, 0));

            passes(WAIT - 1);
            assertThat(election.decided()).isNull();
            passes(1);
            assertThat(election.decided()).isEqualTo(new Vote(3, 5, 1, 0));
        }

        @Test
        void what_is_known_already_does_not_break_the_silence() {
            begin(vote(1, 5, 0));
            hears(2, looking(2, 5, 1, 0));
            passes(WAIT - 1);

            hears(2, looking(2, 5, 1, 0));
            passes(1);

            assertThat(election.decided()).isEqualTo(new Vote(2, 5, 1, 0));
        }

        @Test
        void votes_that_differ_make_no_quorum() {
            begin(vote(1, 5, 0));
            hears(2, looking(2, 4, 1, 0));
            hears(3, looking(3, 4, 1, 0));
            passes(WAIT);

            assertThat(election.decided()).isNull();
        }

        @Test
        void a_later_round_is_joined_with_their_vote_if_it_is_better_than_its_own() {
            begin(vote(1, 5, 0));

            hears(2, looking(2, 5, 7, 0));

            assertThat(election.clock()).isEqualTo(7);
            assertThat(election.proposal()).isEqualTo(new Vote(2, 5, 7, 0));
            assertThat(sentTo()).containsExactly(2L, 3L);
        }

        @Test
        void a_later_round_is_joined_with_its_own_vote_if_that_is_better() {
            begin(vote(1, 5, 0));
            hears(3, looking(3, 9, 1, 0));

            hears(2, looking(2, 4, 7, 0));

            assertThat(election.proposal()).isEqualTo(new Vote(1, 5, 7, 0));
        }

        @Test
        void votes_of_an_earlier_round_do_not_count_in_a_later_one() {
            begin(vote(1, 5, 0));
            hears(3, looking(3, 5, 1, 0));
            hears(2, looking(3, 5, 2, 0));
            passes(WAIT - 1);
            assertThat(election.clock()).isEqualTo(2);

            // Server 3 has not voted in round 2; servers 1 and 2 have.
            linkBreaks(2);
            passes(WAIT);
            assertThat(election.decided()).isNull();
        }

        @Test
        void votes_of_earlier_rounds_are_not_heard() {
            begin(vote(1, 5, 0));
            begin(vote(1, 5, 0));

            hears(2, looking(2, 5, 1, 0));

            assertThat(election.proposal()).isEqualTo(new Vote(1, 5, 2, 0));
            assertThat(effects).isEmpty();
        }

        @Test
        void who_votes_in_an_earlier_round_has_taken_its_vote_back() {
            begin(vote(1, 5, 9));
            hears(2, looking(2, 5, 8, 9));
            assertThat(election.proposal()).isEqualTo(new Vote(2, 5, 8, 9));

            hears(2, looking(2, 5, 1, 9));
            passes(WAIT);
            assertThat(election.decided()).isNull();

            hears(2, looking(2, 5, 8, 9));
            passes(WAIT);
            assertThat(election.decided()).isEqualTo(new Vote(2, 5, 8, 9));
        }

        @Test
        void neither_votes_of_strangers_nor_votes_for_strangers_are_heard() {
            begin(vote(1, 5, 0));

            hears(9, looking(2, 5, 4, 0));
            assertThat(effects).isEmpty();
            hears(2, looking(9, 5, 4, 0));
            assertThat(effects).isEmpty();
            hears(2, looking(Vote.NOBODY, 5, 4, 0));
            assertThat(effects).isEmpty();

            assertThat(election.clock()).isEqualTo(1);
        }

        @Test
        void observers_have_no_voice() {
            begin(vote(1, 5, 0));

            hears(2, new Notification(Notification.OBSERVING, 2, 5, 4, 0, "server.2"));

            assertThat(election.clock()).isEqualTo(1);
            assertThat(effects).isEmpty();
        }

        @Test
        void a_server_that_may_have_lost_its_history_is_not_heard() {
            begin(vote(1, 5, 0));

            hears(2, looking(2, Vote.NOT_VOTING, 4, 9));

            assertThat(election.clock()).isEqualTo(1);
            assertThat(effects).isEmpty();
        }

        @Test
        void a_server_of_weight_0_is_never_proposed_by_others() {
            serverIs(
                    1,
                    configs(
                            Ensembles.parse(
                                    Ensembles.servers("participant", 1, 2, 3)
                                            + "group.1=1:2:3\nweight.3=0\n")));
            begin(vote(1, 5, 0));

            hears(3, looking(3, 9, 1, 0));
            assertThat(election.proposal()).isEqualTo(new Vote(1, 5, 1, 0));
            hears(3, looking(3, 9, 2, 0));
            assertThat(election.proposal()).isEqualTo(new Vote(1, 5, 2, 0));

            hears(2, looking(1, 5, 2, 0));
            passes(WAIT);
            assertThat(election.decided()).isEqualTo(new Vote(1, 5, 2, 0));
        }
    }

    @Nested
    class Repeating {

        @Test
        void the_proposal_is_repeated_ever_less_often() {
            election =
                    new Election(
                            PeerSettings.standard(1)
                                    .with(new PeerSettings.ElectionTimes(200, 200, 1000, -1)),
                            configs,
                            effects::add);
            begin(vote(1, 5, 0));
            List<Long> waits = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                long wait = election.wakeAtMillis() - now;
                waits.add(wait);
                passes(wait);
                assertThat(sentTo()).containsExactly(2L, 3L);
            }

            assertThat(waits).containsExactly(200L, 400L, 800L, 1000L, 1000L);
        }

        @Test
        void news_makes_it_often_again() {
            begin(vote(1, 5, 0));
            passes(200);
            passes(400);

            hears(2, looking(2, 5, 1, 0));
            linkBreaks(2);

            assertThat(election.wakeAtMillis()).isEqualTo(now + 200);
        }

        @Test
        void a_server_that_can_be_reached_again_hears_the_proposal() {
            begin(vote(1, 5, 0));
            linkBreaks(3);

            linkComesUp(3);

            assertThat(effects)
                    .containsExactly(new Effect.SendNotification(3, looking(1, 5, 1, 0)));
        }

        @Test
        void dials_that_fail_again_and_again_do_not_make_it_often() {
            begin(vote(1, 5, 0));
            linkBreaks(3);
            passes(200);
            long wake = election.wakeAtMillis();

            linkBreaks(3);

            assertThat(election.wakeAtMillis()).isEqualTo(wake);
        }
    }
}
