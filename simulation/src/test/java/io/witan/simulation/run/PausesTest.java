package io.witan.simulation.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.check.Checkers;
import io.witan.simulation.fault.FaultKind;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// A leader that is expected to be heard of several times a second is not given up because it, or
/// somebody else, stands still for less than a second.
class PausesTest {

    private static final int SEEDS = 12;

    /// Until faults are over, and some servers are taken away for good.
    private static final class LeaderStays implements Checker {

        private boolean isEstablished;
        private boolean isOver;

        @Override
        public String invariant() {
            return "no false alarm";
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            if (event instanceof TraceEvent.Healed) {
                isOver = true;
            } else if (event instanceof TraceEvent.Established e && !isOver) {
                if (isEstablished) {
                    verdict.violated(invariant(), "epoch %d begins".formatted(e.epoch()));
                }
                isEstablished = true;
            }
        }
    }

    @Test
    void no_leader_is_given_up_for_a_pause_of_less_than_a_second() {
        Options options = Options.with(PausesTest::checkers).withKeptEvents(1);
        long pauses = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Result result = Simulation.run(seed, Profile.PAUSES, options);
            assertThat(result.violation()).as("seed %d", seed).isNull();
            pauses += result.faults().getOrDefault(FaultKind.SHORT_PAUSE, 0L);
        }
        assertThat(pauses).isGreaterThan(20 * SEEDS);
    }

    private static List<Checker> checkers() {
        List<Checker> all = new ArrayList<>(Checkers.all());
        all.add(new LeaderStays());
        return all;
    }
}
