package io.witan.simulation.check;

/// A transaction with its place in some history.
record LogEntryFact(long zxid, byte[] txn) {}
