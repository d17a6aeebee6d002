package io.witan.simulation.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.witan.simulation.check.Checkers;
import io.witan.simulation.fault.Limits;
import io.witan.simulation.run.Options;
import io.witan.simulation.run.Result;
import io.witan.simulation.run.Simulation;
import io.witan.simulation.trace.Violation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;

/// Every seeded defect is caught, and by a checker that is meant to.
class MutationTest {

    /// Defects show soon or not at all.
    private static final long SAFETY_MICROS = 60_000_000;

    @Test
    void there_are_enough_of_them() {
        assertThat(Mutations.all()).hasSizeGreaterThanOrEqualTo(40);
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void is_caught(Mutation mutation) {
        List<String> others = new ArrayList<>();
        for (long seed = 1; seed <= mutation.seedsMax(); seed++) {
            Options options =
                    Options.with(Checkers::all)
                            .withLimits(
                                    Limits.NONE
                                            .withServers(5, 2)
                                            .withClients(3)
                                            .withSafetyMicros(SAFETY_MICROS))
                            .withAgreementMutation(mutation.agreement())
                            .withHostMutation(mutation.host())
                            .withKeptEvents(10);
            Result result = Simulation.run(seed, mutation.profile(), options);
            Violation violation = result.violation();
            if (violation != null && mutation.caughtBy().contains(violation.invariant())) {
                return;
            }
            if (violation != null) {
                others.add("seed " + seed + " " + violation);
            }
        }
        fail(
                "%s (%s) is not caught by %s in %d seeds; others: %s"
                        .formatted(
                                mutation.name(),
                                mutation.history(),
                                mutation.caughtBy(),
                                mutation.seedsMax(),
                                others));
    }

    static List<Mutation> mutations() {
        return Mutations.all();
    }
}
