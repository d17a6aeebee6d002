package io.witan.server.config;

/// Bounds on what clients may cost. In every record here a limit of 0 or less that is described as
/// "off" means no limit.
public record LimitsConfig(
        Frames frames,
        Connections connections,
        Requests requests,
        ConnectionThrottle connectionThrottle) {

    /// @param bytesMax largest frame that is read (`jute.maxbuffer`)
    /// @param extraBytes what a string or buffer inside a record may have beyond that, in frames,
    ///   logs and snapshots
    public record Frames(int bytesMax, int extraBytes) {

        /// Largest string or buffer that a record may have.
        public int fieldBytesMax() {
            return (int) Math.min((long) bytesMax + extraBytes, Integer.MAX_VALUE);
        }
    }

    /// @param perAddressMax connections from one address; 0 is off
    /// @param totalMax connections in all; 0 is off
    public record Connections(int perAddressMax, int totalMax) {}

    /// @param outstandingMax while more requests than this are in the server, connections that have
    ///   an unanswered request are not read
    /// @param largeThresholdBytes longer frames count as large; -1 is off
    /// @param largeTotalBytesMax large frames in progress together; the connection that exceeds it
    ///   is closed
    /// @param unsentReplyBytesMax replies and notifications that wait for a client that does not
    ///   read them; past it the connection is closed
    public record Requests(
            int outstandingMax,
            int largeThresholdBytes,
            int largeTotalBytesMax,
            long unsentReplyBytesMax) {}

    /// A token bucket in front of connect requests, with random early refusal.
    ///
    /// @param tokens size of the bucket; 0 is off
    /// @param fillTimeMillis `fillCount` tokens come back each time this has passed
    /// @param freezeTimeMillis how often the drop probability is adjusted; -1 is off
    public record ConnectionThrottle(
            int tokens,
            int fillTimeMillis,
            int fillCount,
            int freezeTimeMillis,
            double dropIncrease,
            double dropDecrease,
            double decreaseRatio,
            boolean weighted,
            int globalSessionTokens,
            int localSessionTokens,
            int renewalTokens) {

        public boolean enabled() {
            return tokens > 0;
        }
    }
}
