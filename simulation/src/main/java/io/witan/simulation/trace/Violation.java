package io.witan.simulation.trace;

/// An invariant is broken.
///
/// @param invariant its id
/// @param what which rule, with the values that break it
/// @param event the event that showed it
/// @param number the event's place in the trace, from 1
public record Violation(String invariant, String what, TraceEvent event, long number) {

    @Override
    public String toString() {
        return invariant
                + ": "
                + what
                + System.lineSeparator()
                + "  at #"
                + number
                + " "
                + TraceText.line(event);
    }
}
