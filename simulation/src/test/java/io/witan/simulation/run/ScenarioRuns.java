package io.witan.simulation.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.witan.simulation.check.Checkers;
import io.witan.simulation.fault.FaultKind;
import io.witan.simulation.fault.Limits;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.fault.RunPlan;
import io.witan.simulation.server.HostMutation;
import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.Violation;
import io.witan.zab.Agreement;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Runs that go through a situation in which the original has a known defect. As they are they must
/// be clean, with all checkers on; and with the defect put in, it must be found.
///
/// @param limits what does not happen in them
/// @param plans those of which the situation can come up in
/// @param planned what is done to such a plan
/// @param agreement what is done to the agreement machine of a server, by its sid
/// @param host what is done to its host
/// @param alone whether only the scenario watches: the servers are set up so differently from each
///   other, or from what the model knows, that other rules do not hold
record ScenarioRuns(
        Profile profile,
        Limits limits,
        Predicate<RunPlan> plans,
        UnaryOperator<RunPlan> planned,
        LongFunction<UnaryOperator<Agreement>> agreement,
        LongFunction<HostMutation> host,
        boolean alone) {

    private static final long SAFETY_MICROS = 120_000_000;

    /// In which the situation must have come up often enough.
    private static final int RUNS_MAX = 60;

    static ScenarioRuns of(Profile profile) {
        return new ScenarioRuns(
                profile,
                Limits.NONE.withSafetyMicros(SAFETY_MICROS),
                _ -> true,
                UnaryOperator.identity(),
                _ -> UnaryOperator.identity(),
                _ -> HostMutation.NONE,
                false);
    }

    /// No other faults happen.
    ScenarioRuns only(FaultKind... kinds) {
        Limits fewer = limits;
        for (FaultKind kind : profile.kinds()) {
            fewer = Set.of(kinds).contains(kind) ? fewer : fewer.without(kind);
        }
        return with(fewer);
    }

    ScenarioRuns without(FaultKind... kinds) {
        Limits fewer = limits;
        for (FaultKind kind : kinds) {
            fewer = fewer.without(kind);
        }
        return with(fewer);
    }

    ScenarioRuns with(Limits newLimits) {
        return new ScenarioRuns(profile, newLimits, plans, planned, agreement, host, alone);
    }

    ScenarioRuns where(Predicate<RunPlan> fit) {
        return new ScenarioRuns(profile, limits, plans.and(fit), planned, agreement, host, alone);
    }

    ScenarioRuns planned(UnaryOperator<RunPlan> change) {
        return new ScenarioRuns(profile, limits, plans, change, agreement, host, alone);
    }

    ScenarioRuns agreeing(LongFunction<UnaryOperator<Agreement>> newAgreement) {
        return new ScenarioRuns(profile, limits, plans, planned, newAgreement, host, alone);
    }

    /// One of the servers, which the others can do without, is not as it should be.
    ScenarioRuns spoilingServer2(HostMutation mutation) {
        return where(plan -> plan.voters() > 2 && !plan.reconfigurations())
                .spoiling(sid -> sid == 2 ? mutation : HostMutation.NONE);
    }

    ScenarioRuns spoiling(LongFunction<HostMutation> newHost) {
        return new ScenarioRuns(profile, limits, plans, planned, agreement, newHost, alone);
    }

    ScenarioRuns watchedAlone() {
        return new ScenarioRuns(profile, limits, plans, planned, agreement, host, true);
    }

    /// Runs until the situation has come up so often.
    void areClean(int times, Scenario scenario) {
        int runs = 0;
        for (long seed = 1; scenario.times < times; seed++) {
            RunPlan plan = RunPlan.draw(seed, profile, limits);
            if (plans.test(plan)) {
                assertThat(++runs).as("runs for %d times", scenario.times).isLessThan(RUNS_MAX);
                scenario.begins(planned.apply(plan));
                Result result = run(seed, scenario);
                assertThat(result.violation()).as("seed %d", seed).isNull();
                scenario.ended(result);
            }
        }
    }

    /// Runs until what is wrong in them is found.
    ///
    /// @param caughtBy ids of the invariants that it breaks
    void areCaught(Scenario scenario, String... caughtBy) {
        List<Violation> others = new ArrayList<>();
        int runs = 0;
        for (long seed = 1; runs < RUNS_MAX; seed++) {
            RunPlan plan = RunPlan.draw(seed, profile, limits);
            if (plans.test(plan)) {
                runs++;
                scenario.begins(planned.apply(plan));
                Violation violation = run(seed, scenario).violation();
                if (violation != null && Set.of(caughtBy).contains(violation.invariant())) {
                    return;
                }
                if (violation != null) {
                    others.add(violation);
                }
            }
        }
        fail("not caught; others: " + others);
    }

    private Result run(long seed, Scenario scenario) {
        Options options =
                Options.with(() -> alone ? List.of(scenario) : all(scenario))
                        .withLimits(limits)
                        .withPlan(planned)
                        .withKeptEvents(1)
                        .withAgreementMutation(agreement)
                        .withHostMutation(host);
        return Simulation.run(seed, profile, options);
    }

    private static List<Checker> all(Scenario scenario) {
        List<Checker> checkers = new ArrayList<>(Checkers.all());
        checkers.add(scenario);
        return checkers;
    }
}
