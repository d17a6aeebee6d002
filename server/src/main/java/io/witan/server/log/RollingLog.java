package io.witan.server.log;

/// A log that is being written, as one sees it who decides when a snapshot is due. Owned by the
/// core's thread.
public interface RollingLog {

    /// Transactions since the last [#roll].
    long txnsSinceRoll();

    /// Their bytes.
    long bytesSinceRoll();

    /// The next transaction starts a new log file.
    void roll();
}
