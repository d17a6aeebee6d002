package io.witan.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class SchedulerTest {

    private final Scheduler scheduler = new Scheduler();
    private final List<String> happened = new ArrayList<>();

    @Test
    void what_is_due_earlier_happens_earlier() {
        at(20, "late");
        at(10, "early");

        scheduler.runUntil(100);

        assertThat(happened).containsExactly("early at 10", "late at 20");
        assertThat(scheduler.nowMicros()).isEqualTo(100);
    }

    @Test
    void what_is_due_at_once_happens_in_the_order_in_which_it_was_asked_for() {
        for (int i = 0; i < 50; i++) {
            at(7, String.valueOf(i));
        }

        scheduler.runUntil(7);

        for (int i = 0; i < 50; i++) {
            assertThat(happened.get(i)).isEqualTo(i + " at 7");
        }
    }

    @Test
    void what_an_event_asks_for_now_comes_behind_what_is_due_now() {
        scheduler.after(5, () -> at(0, "asked for last"));
        at(5, "asked for first");

        scheduler.runUntil(5);

        assertThat(happened).containsExactly("asked for first at 5", "asked for last at 5");
    }

    @Test
    void nothing_happens_that_is_not_due() {
        at(11, "too late");

        scheduler.runUntil(10);

        assertThat(happened).isEmpty();
    }

    private void at(long micros, String what) {
        scheduler.after(micros, () -> happened.add(what + " at " + scheduler.nowMicros()));
    }
}
