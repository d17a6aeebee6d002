package io.witan.zab.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.election.Notification;

import org.junit.jupiter.api.Test;

/// Quorum, section 3.2.
class VoteTest {

    @Test
    void the_epoch_counts_before_the_zxid_and_the_zxid_before_the_id() {
        Vote vote = new Vote(2, 0x2_0000_0005L, 1, 2);

        assertThat(new Vote(1, 0x1_0000_0001L, 1, 3).isAheadOf(vote)).isTrue();
        assertThat(new Vote(1, 0x2_0000_0006L, 1, 2).isAheadOf(vote)).isTrue();
        assertThat(new Vote(3, 0x2_0000_0005L, 1, 2).isAheadOf(vote)).isTrue();
        assertThat(new Vote(3, 0x2_0000_0009L, 1, 1).isAheadOf(vote)).isFalse();
        assertThat(new Vote(3, 0x2_0000_0004L, 1, 2).isAheadOf(vote)).isFalse();
        assertThat(new Vote(1, 0x2_0000_0005L, 1, 2).isAheadOf(vote)).isFalse();
    }

    @Test
    void no_vote_is_ahead_of_itself_and_the_round_does_not_matter() {
        Vote vote = new Vote(2, 7, 1, 0);

        assertThat(vote.isAheadOf(vote)).isFalse();
        assertThat(vote.inRound(9).isAheadOf(vote)).isFalse();
    }

    @Test
    void zxids_are_compared_with_their_sign() {
        assertThat(new Vote(1, 5, 1, 0).isAheadOf(new Vote(2, Long.MIN_VALUE, 1, 0))).isTrue();
    }

    @Test
    void votes_of_which_one_is_of_a_looking_server_agree_if_all_is_equal() {
        Vote vote = new Vote(2, 7, 1, 0);
        Ballot looking = new Ballot(vote, Notification.LOOKING, 2);

        assertThat(looking.agreesWith(new Ballot(vote, Notification.FOLLOWING, 0))).isTrue();
        assertThat(looking.agreesWith(Ballot.looking(vote.inRound(2)))).isFalse();
        assertThat(looking.agreesWith(Ballot.looking(new Vote(2, 8, 1, 0)))).isFalse();
        assertThat(looking.agreesWith(Ballot.looking(new Vote(2, 7, 1, 1)))).isFalse();
        assertThat(new Ballot(new Vote(2, 7, 1, 3), Notification.LEADING, 2).agreesWith(looking))
                .isFalse();
    }

    @Test
    void votes_of_servers_with_a_leader_agree_in_leader_and_epoch() {
        Ballot leading = new Ballot(new Vote(2, 7, 1, 5), Notification.LEADING, 2);

        assertThat(leading.agreesWith(new Ballot(new Vote(2, 3, 4, 5), Notification.FOLLOWING, 2)))
                .isTrue();
        assertThat(leading.agreesWith(new Ballot(new Vote(2, 7, 1, 4), Notification.FOLLOWING, 2)))
                .isFalse();
        assertThat(leading.agreesWith(new Ballot(new Vote(3, 7, 1, 5), Notification.FOLLOWING, 2)))
                .isFalse();
    }

    @Test
    void where_just_one_of_them_is_of_an_old_version_the_leader_is_enough() {
        Ballot leading = new Ballot(new Vote(2, 7, 1, 5), Notification.LEADING, 2);
        Ballot old = new Ballot(new Vote(2, 7, 1, 4), Notification.FOLLOWING, 0);

        assertThat(leading.agreesWith(old)).isTrue();
        assertThat(old.agreesWith(leading)).isTrue();
        assertThat(old.agreesWith(new Ballot(new Vote(2, 7, 1, 3), Notification.FOLLOWING, 0)))
                .isFalse();
        assertThat(leading.agreesWith(new Ballot(new Vote(3, 7, 1, 5), Notification.LEADING, 0)))
                .isFalse();
    }
}
