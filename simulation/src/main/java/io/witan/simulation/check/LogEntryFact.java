package io.witan.simulation.check;

/// A transaction with its place in some history.
///
/// @param committedIn in the committed history, the epoch in which it was first delivered; its own
///   or, for what a leader had left behind, a later one. In a log, which does not say, 0.
record LogEntryFact(long zxid, byte[] txn, long committedIn) {}
