package io.witan.torment.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeaderTimesTest {

    private final LeaderTimes times = new LeaderTimes();

    @Test
    void who_led_before_and_after_led_between() {
        times.heard(100, 110, 1L);
        times.heard(200, 210, 1L);

        assertThat(times.at(150)).isEqualTo(1);
    }

    @Test
    void between_two_leaders_nobody_can_tell() {
        times.heard(100, 110, 1L);
        times.heard(200, 210, 2L);

        assertThat(times.at(150)).isNull();
    }

    @Test
    void an_answer_that_came_later_does_not_count_as_before() {
        times.heard(100, 160, 1L);
        times.heard(200, 210, 1L);

        assertThat(times.at(150)).isNull();
    }

    @Test
    void after_the_last_answer_nobody_can_tell() {
        times.heard(100, 110, 1L);

        assertThat(times.at(150)).isNull();
    }
}
