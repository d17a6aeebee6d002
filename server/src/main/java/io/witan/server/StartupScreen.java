package io.witan.server;

import io.witan.server.config.ServerConfig;
import io.witan.server.config.StorageConfig;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/// What an operator sees of a server that has started: at most one screen.
///
/// @param version of Witan
/// @param role whether it stands alone
/// @param source where the configuration came from
/// @param address the port as it was opened
/// @param state what was recovered
/// @param timeToServe from the start of the process
record StartupScreen(
        String version,
        String role,
        String source,
        ServerConfig config,
        InetSocketAddress address,
        State state,
        Duration timeToServe) {

    /// @param origin `snapshot.1f and 12 logged transactions`
    record State(long lastZxid, int znodes, int sessions, String origin) {}

    @Override
    public String toString() {
        return """
        Witan %s, %s
          clients   port %d on %s
          data      %s
          state     zxid 0x%x, %s, %s, from %s
          settings  %s
          ready     in %s. Stop it with Ctrl-C.
        """
                .formatted(
                        version,
                        role,
                        address.getPort(),
                        PortException.addressOf(address),
                        directories(config.storage()),
                        state.lastZxid(),
                        counted(state.znodes(), "znode"),
                        counted(state.sessions(), "session"),
                        state.origin(),
                        source,
                        seconds(timeToServe));
    }

    private static String directories(StorageConfig storage) {
        var snapshots = absolute(storage.dataDir());
        var log = absolute(storage.logDir());
        return snapshots.equals(log) ? snapshots.toString() : snapshots + ", log in " + log;
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static String counted(int count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1000.0);
    }
}
