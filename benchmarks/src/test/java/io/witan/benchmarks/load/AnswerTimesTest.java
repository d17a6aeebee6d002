package io.witan.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class AnswerTimesTest {

    private static final long SECOND = 1_000_000_000L;

    private final AnswerTimes times = new AnswerTimes();
    private final long now = System.nanoTime();

    @Test
    void the_longest_gap_lies_between_two_answers() {
        times.answered(zxid(1, 1), now + 10 * SECOND);
        times.beginGaps();
        times.answered(zxid(1, 2), now + 11 * SECOND);
        times.answered(zxid(1, 3), now + 111 * SECOND);
        times.answered(zxid(1, 4), now + 112 * SECOND);

        assertThat(times.gapNanosMax()).isEqualTo(100 * SECOND);
        assertThat(times.count()).isEqualTo(4);
    }

    @Test
    void an_answer_told_late_makes_no_gap() {
        times.beginGaps();
        times.answered(zxid(1, 2), now + 3 * SECOND);
        times.answered(zxid(1, 1), now + 2 * SECOND);
        times.answered(zxid(1, 3), now + 4 * SECOND);

        assertThat(times.gapNanosMax()).isLessThanOrEqualTo(3 * SECOND);
    }

    @Test
    void the_next_leader_has_answered_with_the_first_zxid_of_its_epoch() throws Exception {
        times.answered(zxid(4, 7), now);
        assertThat(times.awaitEpochAfter(4, Duration.ZERO)).isEmpty();

        times.answered(zxid(5, 1), now + 20);
        times.answered(zxid(5, 2), now + 30);

        assertThat(times.epoch()).isEqualTo(5);
        assertThat(times.awaitEpochAfter(4, Duration.ZERO)).hasValue(now + 20);
    }

    private static long zxid(long epoch, long counter) {
        return epoch << 32 | counter;
    }
}
