package io.witan.simulation.run;

import io.witan.simulation.fault.RunPlan;
import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;

/// A situation in which the original shows a known defect: watches the runs of a [ScenarioRuns],
/// and counts how often it came up.
abstract class Scenario implements Checker {

    static final String INVARIANT = "known defect";

    int times;

    @Override
    public final String invariant() {
        return INVARIANT;
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {}

    final void violated(Verdict verdict, String what) {
        verdict.violated(INVARIANT, what);
    }

    /// Before each run.
    void begins(RunPlan plan) {}

    /// After each run that was clean.
    void ended(Result result) {}
}
