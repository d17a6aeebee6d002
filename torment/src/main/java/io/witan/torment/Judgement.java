package io.witan.torment;

import io.witan.simulation.check.Checkers;
import io.witan.simulation.run.Sequence;
import io.witan.simulation.trace.Trace;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.TraceText;
import io.witan.simulation.trace.Violation;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/// What the checkers say of a round.
///
/// @param violation the first one; null if all was well
/// @param reached how often each state worth reaching was reached
/// @param counts what the clients have done, in words
record Judgement(
        List<TraceEvent> trace,
        @Nullable Violation violation,
        SortedMap<String, Long> reached,
        String counts) {

    private static final int ROWS_SHOWN = 60;

    /// @param syncsAreConfirmed whether L3 is promised: not where a server of the original may lead
    static Judgement of(List<TraceEvent> events, String counts, boolean syncsAreConfirmed) {
        Trace trace = new Trace(Checkers.ofClients(syncsAreConfirmed), 1);
        events.forEach(trace::record);
        return new Judgement(events, trace.violation(), trace.reached(), counts);
    }

    /// What happened before the violation, last.
    String nearby() {
        int until =
                violation == null ? trace.size() : (int) Math.min(trace.size(), violation.number());
        return Sequence.of(trace.subList(0, until), ROWS_SHOWN, true).text();
    }

    /// All that happened, a line each.
    String history() {
        return trace.stream()
                .map(event ->
                        "%12.6f %-6s %s"
                                .formatted(
                                        event.micros() / 1e6,
                                        TraceText.who(event),
                                        TraceText.what(event)))
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
