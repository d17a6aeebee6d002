package io.witan.zab.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.zab.Effect;
import io.witan.zab.Ensembles;
import io.witan.zab.PeerSettings;
import io.witan.zab.config.Configs;
import io.witan.zab.quorum.Oracle;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Quorum, sections 3.2 to 3.4, 3.6 and 3.7, and what [Election] adds. Votes are written as
/// (leader, zxid, round, epoch).
class ElectionTest {

    private static final long WAIT = 200;

    /// What the last event has brought about.
    private final List<Effect> effects = new ArrayList<>();

    private long now = 1000;

    private Configs configs = configs(Ensembles.of(1, 2, 3));
    private Election election = server(1);

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
            configs =
                    configs(
                            Ensembles.parse(
                                    Ensembles.servers("participant", 1, 2)
                                            + Ensembles.servers("observer", 7)),
                            Ensembles.of(2, 4));
            election = server(1);

            begin(vote(1, 5, 3));

            assertThat(sentTo()).containsExactly(2L, 4L);
        }

        @Test
        void the_only_voter_is_elected_at_once() {
            configs = configs(Ensembles.of(1));
            election = server(1);

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
            configs =
                    configs(
                            Ensembles.parse(
                                    Ensembles.servers("participant", 1, 2, 3)
                                            + "group.1=1:2:3\nweight.3=0\n"));
            election = server(1);
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

    @Nested
    class Joining {

        @Test
        void a_leader_is_joined_on_its_word_and_that_of_a_quorum() {
            configs = configs(Ensembles.of(1, 2, 3, 4, 5));
            election = server(1);
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
            configs = configs(Ensembles.of(1, 2, 3, 4, 5));
            election = server(1);
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

            assertThat(effects)
                    .containsExactly(new Effect.SendNotification(3, looking(1, 5, 1, 0)));
            hears(2, following(3, 6, 3, 1));
            assertThat(effects).isEmpty();
        }

        @Test
        void the_followers_must_follow_it_in_the_same_epoch() {
            configs = configs(Ensembles.of(1, 2, 3, 4, 5));
            election = server(1);
            begin(vote(1, 9, 10));

            hears(5, leading(5, 6, 3, 9));
            hears(3, following(5, 6, 3, 8));
            hears(4, following(5, 6, 3, 8));

            assertThat(election.decided()).isNull();
        }

        @Test
        void who_looks_again_has_taken_its_word_back() {
            configs = configs(Ensembles.of(1, 2, 3, 4, 5));
            election = server(1);
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
            configs = configs(Ensembles.of(1, 2, 3, 4, 5));
            election = server(1);
            begin(vote(1, 5, 0));
            hears(5, looking(5, 5, 1, 0));
            hears(4, looking(5, 5, 1, 0));

            hears(5, leading(5, 5, 1, 0));

            assertThat(election.decided()).isEqualTo(new Vote(5, 5, 1, 0));
        }

        @Test
        void in_the_same_round_the_followers_epoch_does_not_matter() {
            configs = configs(Ensembles.of(1, 2, 3, 4, 5));
            election = server(1);
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
            configs = configs(Ensembles.of(1, 2, 3, 4, 5));
            election = server(1);
            begin(vote(1, 5, 0));

            hears(4, following(5, 5, 8, 0));
            hears(3, following(5, 5, 8, 0));

            assertThat(election.decided()).isNull();
        }

        @Test
        void a_leader_that_cannot_be_reached_is_not_joined_until_it_can() {
            configs = configs(Ensembles.of(1, 2, 3, 4, 5));
            election = server(1);
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

    @Nested
    class FastEnding {

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
            configs = configs(Ensembles.of(1, 2, 3, 4, 5));
            election = server(1);
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
            configs = configs(Ensembles.of(1, 2, 3), Ensembles.of(2, 3, 4));
            election = server(1);
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

    @Nested
    class WithoutAVote {

        @Test
        void an_observer_follows_whom_the_voters_elect() {
            configs = observing();
            election = server(7);
            begin(new Vote(Vote.NOBODY, Long.MIN_VALUE, -1, Long.MIN_VALUE));
            assertThat(sentTo()).containsExactly(1L, 2L, 3L);

            hears(1, looking(2, 5, 1, 0));
            hears(2, looking(2, 5, 1, 0));
            passes(WAIT);

            assertThat(election.decided()).isEqualTo(new Vote(2, 5, 1, 0));
        }

        @Test
        void its_own_voice_does_not_count() {
            configs = observing();
            election = server(7);
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
    }

    @Nested
    class Reconfiguring {

        @Test
        void a_leader_needs_a_quorum_of_both_configurations() {
            configs = configs(Ensembles.of(1, 2, 3), Ensembles.of(3, 4, 5));
            election = server(3);
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
            configs = configs(Ensembles.of(1, 2, 3), Ensembles.of(3, 4, 5));
            election = server(4);
            begin(vote(Vote.NOBODY, 5, 0));

            hears(3, looking(3, 5, 1, 0));

            assertThat(election.proposal()).isEqualTo(new Vote(3, 5, 1, 0));
            assertThat(sentTo()).containsExactly(1L, 2L, 3L, 5L);
        }

        @Test
        void it_goes_back_to_the_round_of_those_whose_votes_count() {
            configs = configs(Ensembles.of(1, 2, 3), Ensembles.of(3, 4, 5));
            election = server(4);
            begin(vote(Vote.NOBODY, 5, 0));
            begin(vote(Vote.NOBODY, 5, 0));

            hears(3, looking(3, 5, 1, 0));

            assertThat(election.clock()).isEqualTo(1);
            assertThat(election.proposal()).isEqualTo(new Vote(3, 5, 1, 0));
        }

        @Test
        void it_votes_for_one_who_knows_less_too_for_it_cannot_lead_itself() {
            configs = configs(Ensembles.of(1, 2, 3), Ensembles.of(3, 4, 5));
            election = server(4);
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
            configs = configs(Ensembles.of(1, 2));
            election = server(2);
            begin(vote(2, 9, 9));

            hears(1, leading(1, 5, 3, 0));

            assertThat(election.decided()).isNull();
        }

        private void two(long self) {
            EnsembleConfig config = Ensembles.of(1, 2);
            configs = new Configs(true, config, config, () -> oracleSays);
            election = server(self);
        }
    }

    // ---- words

    private void begin(Vote own) {
        effects.clear();
        election.begin(own, now);
    }

    private void hears(long from, Notification notification) {
        effects.clear();
        election.notified(from, notification, now);
    }

    private void passes(long millis) {
        now += millis;
        effects.clear();
        election.tick(now);
    }

    private void linkBreaks(long sid) {
        effects.clear();
        election.linkChanged(sid, false, now);
    }

    private void linkComesUp(long sid) {
        effects.clear();
        election.linkChanged(sid, true, now);
    }

    private List<Long> sentTo() {
        return effects.stream().map(effect -> ((Effect.SendNotification) effect).toSid()).toList();
    }

    /// An initial vote.
    private static Vote vote(long leader, long zxid, long epoch) {
        return new Vote(leader, zxid, -1, epoch);
    }

    private Notification looking(long leader, long zxid, long round, long epoch) {
        return notification(Notification.LOOKING, leader, zxid, round, epoch);
    }

    private Notification following(long leader, long zxid, long round, long epoch) {
        return notification(Notification.FOLLOWING, leader, zxid, round, epoch);
    }

    private Notification leading(long leader, long zxid, long round, long epoch) {
        return notification(Notification.LEADING, leader, zxid, round, epoch);
    }

    private Notification notification(int state, long leader, long zxid, long round, long epoch) {
        return new Notification(state, leader, zxid, round, epoch, configs.committed().text());
    }

    private static Configs configs(EnsembleConfig config) {
        return new Configs(true, config, config, Oracle.NONE);
    }

    private static Configs configs(EnsembleConfig committed, EnsembleConfig lastSeen) {
        return new Configs(
                true, committed, lastSeen.withVersion(committed.version() + 1), Oracle.NONE);
    }

    private static EnsembleConfig observingConfig() {
        return Ensembles.parse(
                Ensembles.servers("participant", 1, 2, 3) + Ensembles.servers("observer", 7));
    }

    private static Configs observing() {
        return configs(observingConfig());
    }

    private Election server(long sid) {
        return new Election(PeerSettings.standard(sid), configs, effects::add);
    }
}
