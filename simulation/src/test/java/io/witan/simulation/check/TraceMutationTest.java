package io.witan.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.witan.simulation.fault.Limits;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.mutation.Mutations;
import io.witan.simulation.run.Options;
import io.witan.simulation.run.Result;
import io.witan.simulation.run.Simulation;
import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Checkers catch a lie in a trace: a true trace of a run is altered in one place and read again.
/// Together with the defects of servers every invariant is broken at least once.
class TraceMutationTest {

    private static final int SEEDS = 40;
    private static final TreeMap<Long, List<TraceEvent>> TRACES = new TreeMap<>();

    @Test
    void a_true_trace_is_right_when_it_is_read_again() {
        assertThat(violations(trace(1))).isEmpty();
    }

    @Test
    void every_invariant_is_broken_by_a_defect_or_by_a_lie() {
        SortedSet<String> checked = new TreeSet<>();
        for (Checker checker : Checkers.all()) {
            checked.addAll(List.of(checker.invariant().split(" ")));
        }
        checked.remove("facts");
        SortedSet<String> broken = new TreeSet<>();
        Mutations.all().forEach(mutation -> broken.addAll(mutation.caughtBy()));
        TraceLies.all().forEach(lie -> broken.add(lie.invariant()));

        assertThat(broken).containsAll(checked);
    }

    @ParameterizedTest
    @MethodSource("lies")
    void is_caught(TraceLies.Lie lie) {
        boolean told = false;
        for (long seed = 1; seed <= SEEDS; seed++) {
            List<TraceEvent> altered = new ArrayList<>();
            told |= lie.tell(trace(seed), altered);
            if (violations(altered).contains(lie.invariant())) {
                return;
            }
        }
        fail("%s is not caught by %s; told: %s".formatted(lie.name(), lie.invariant(), told));
    }

    static List<TraceLies.Lie> lies() {
        return TraceLies.all();
    }

    private static List<TraceEvent> trace(long seed) {
        return TRACES.computeIfAbsent(seed, TraceMutationTest::run);
    }

    private static List<TraceEvent> run(long seed) {
        Options options =
                Options.with(Checkers::all)
                        .withLimits(
                                Limits.NONE
                                        .withServers(5, 2)
                                        .withClients(3)
                                        .withSafetyMicros(20_000_000))
                        .withKeptEvents(Integer.MAX_VALUE);
        Result result = Simulation.run(seed, Profile.BRUTAL, options);
        assertThat(result.violation()).isNull();
        return result.kept();
    }

    private static SortedSet<String> violations(List<TraceEvent> trace) {
        SortedSet<String> found = new TreeSet<>();
        Verdict verdict =
                new Verdict() {
                    @Override
                    public void violated(String invariant, String what) {
                        found.add(invariant);
                    }

                    @Override
                    public void reached(String what) {}
                };
        List<Checker> checkers = Checkers.all();
        for (TraceEvent event : trace) {
            for (Checker checker : checkers) {
                checker.on(event, verdict);
            }
        }
        return found;
    }
}
