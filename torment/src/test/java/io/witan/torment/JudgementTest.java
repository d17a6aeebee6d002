package io.witan.torment;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.TraceEvent.Ended;
import io.witan.simulation.trace.TraceEvent.Healed;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

class JudgementTest {

    private static final long BOUND_MICROS = 90_000_000;
    private static final Healed HEALED =
            new Healed(5_000_000, new TreeSet<>(List.of(1L)), List.of(1), BOUND_MICROS);
    private static final long LATE_MICROS = HEALED.micros() + BOUND_MICROS + 1;

    @Test
    void a_client_that_is_not_served_within_the_bound_is_a_violation() {
        assertThat(violationIn(List.of(HEALED, new Ended(LATE_MICROS)))).startsWith("V1");
    }

    @Test
    void while_the_machine_stands_still_nobody_can_be_served() {
        List<TraceEvent> events = new ArrayList<>(List.of(HEALED));
        events.addAll(Round.standstill(LATE_MICROS, BOUND_MICROS, HEALED));
        events.add(new Ended(LATE_MICROS + BOUND_MICROS));

        assertThat(violationIn(events)).isEqualTo("null");

        events.add(new Ended(LATE_MICROS + BOUND_MICROS + 1));
        assertThat(violationIn(events)).startsWith("V1");
    }

    private static String violationIn(List<TraceEvent> events) {
        return String.valueOf(Judgement.of(events, "", true).violation());
    }
}
