package io.witan.server.fourletter;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;

/// One client connection.
///
/// @param remote shown as it prints itself
/// @param reads whether requests are read from it now
/// @param expiryWallMillis when it is closed unless it is heard of before, in milliseconds since
///   1970
/// @param session null before it has one
public record ConnectionView(
        SocketAddress remote,
        boolean reads,
        long outstanding,
        Traffic traffic,
        long expiryWallMillis,
        @Nullable Session session) {

    /// @param establishedWallMillis in milliseconds since 1970
    /// @param lastOperation what it last asked for; null for nothing yet, or a write that failed
    /// @param lastCxid -1 for none yet
    /// @param lastZxid zxid of the last reply; -1 for none yet
    /// @param lastResponseMillis when the last reply was made, on the clock that only goes forward
    public record Session(
            long id,
            int timeoutMillis,
            long establishedWallMillis,
            @Nullable String lastOperation,
            int lastCxid,
            long lastZxid,
            long lastResponseMillis,
            long lastLatencyMillis) {}
}
