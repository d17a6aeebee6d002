package io.witan.torment;

import static io.witan.torment.Rounds.BROKEN;
import static io.witan.torment.Rounds.NOT_JUDGED;
import static io.witan.torment.Rounds.WELL;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundsTest {

    @Test
    void a_round_that_cannot_be_judged_is_made_up_for_by_another() {
        Rounds rounds = rounds(2, WELL, NOT_JUDGED, WELL, BROKEN);

        assertThat(rounds.run()).isEqualTo(WELL);
        assertThat(rounds.count()).isEqualTo(3);
        assertThat(rounds.judgedCount()).isEqualTo(2);
    }

    @Test
    void a_broken_promise_ends_them() {
        Rounds rounds = rounds(9, NOT_JUDGED, BROKEN, WELL);

        assertThat(rounds.run()).isEqualTo(BROKEN);
        assertThat(rounds.count()).isEqualTo(2);
    }

    @Test
    void when_the_time_is_over_and_none_was_judged_that_is_said() {
        assertThat(rounds(9, NOT_JUDGED, NOT_JUDGED).run()).isEqualTo(NOT_JUDGED);
    }

    @Test
    void there_is_at_least_one() {
        assertThat(new Rounds(1, () -> true, _ -> WELL).run()).isEqualTo(WELL);
    }

    /// The time is over when all these were made.
    private static Rounds rounds(long judgedMax, int... codes) {
        long[] made = {0};
        return new Rounds(
                judgedMax,
                () -> made[0] == codes.length,
                number -> {
                    made[0]++;
                    return codes[(int) number];
                });
    }
}
