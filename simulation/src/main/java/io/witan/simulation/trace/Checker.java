package io.witan.simulation.trace;

/// Watches a run for one invariant, or a tight family of them. It sees every event in the order in
/// which they happened, keeps what it needs, and says so as soon as the invariant is broken.
public interface Checker {

    /// The ids of `docs/verification.md`, such as `E1` or `L1 L3`.
    String invariant();

    void on(TraceEvent event, Verdict verdict);
}
