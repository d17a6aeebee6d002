package io.witan.storage;

/// A transaction as it stands in the log: header, body and digest as one byte string, never
/// changed.
public record StoredTxn(long zxid, byte[] bytes) {}
