package io.witan.simulation.run;

import io.witan.simulation.fault.FaultKind;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.fault.RunPlan;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Violation;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// How a run went.
///
/// @param hash of its trace
/// @param violation the first one; null if all was well
/// @param events that the world has run
/// @param recorded events in the trace
/// @param micros of virtual time
/// @param faults how often each kind has happened
/// @param reached how often each state worth reaching was reached
/// @param kept the end of the trace
public record Result(
        long seed,
        Profile profile,
        RunPlan plan,
        String hash,
        @Nullable Violation violation,
        long events,
        long recorded,
        long micros,
        Map<FaultKind, Long> faults,
        SortedMap<String, Long> reached,
        List<TraceEvent> kept) {

    public boolean isClean() {
        return violation == null;
    }
}
