package io.witan.simulation.trace;

/// What a checker has to say about an event.
public interface Verdict {

    /// The invariant is broken. The checker goes on with the next event; only the first violation
    /// of a run counts.
    void violated(String invariant, String what);

    /// A state worth reaching was reached: proof that a run tests what it is meant to test.
    void reached(String what);
}
