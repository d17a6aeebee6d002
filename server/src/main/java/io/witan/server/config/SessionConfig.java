package io.witan.server.config;

/// Time-outs of sessions.
///
/// @param tickTimeMillis width of an expiry bucket
/// @param timeoutMillisMin smallest time-out that a client is granted, 2 ticks unless set
/// @param timeoutMillisMax largest time-out that a client is granted, 20 ticks unless set
/// @param localSessionsEnabled new sessions stay on the server they were made on; only an ensemble
///   does so
/// @param localSessionsUpgradingEnabled a local session that makes an ephemeral znode becomes a
///   global one
public record SessionConfig(
        int tickTimeMillis,
        int timeoutMillisMin,
        int timeoutMillisMax,
        boolean localSessionsEnabled,
        boolean localSessionsUpgradingEnabled) {

    public SessionConfig {
        if (tickTimeMillis < 1 || timeoutMillisMin < 1 || timeoutMillisMin > timeoutMillisMax) {
            throw new IllegalArgumentException(
                    "tick "
                            + tickTimeMillis
                            + ", time-outs "
                            + timeoutMillisMin
                            + " to "
                            + timeoutMillisMax);
        }
    }

    /// The rule for a new session and for every renewal alike.
    public int negotiatedMillis(int requestedMillis) {
        return Math.clamp(requestedMillis, timeoutMillisMin, timeoutMillisMax);
    }
}
