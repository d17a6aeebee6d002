package io.witan.zab;

/// One transaction of the history: header, body and digest as one byte string (quorum, section
/// 0.3), never changed.
public record LogEntry(long zxid, byte[] txn) {}
