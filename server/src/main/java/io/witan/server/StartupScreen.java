package io.witan.server;

import io.witan.server.config.ServerConfig;
import io.witan.server.config.StorageConfig;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

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

    /// To load one takes longer than all else here.
    private static final @Nullable Locale NO_LOCALE = null;

    private static final Pattern LAUNCHED = Pattern.compile("[0-9]{1,15}");

    /// @param origin `snapshot.1f and 12 logged transactions`
    record State(long lastZxid, int znodes, int sessions, String origin) {}

    /// @param sinceProcessStart of which the launcher may have used some time to build the server
    /// @param launched when it was done with that, in milliseconds since 1970; null if it had
    ///   nothing to do
    /// @param nowMillis likewise
    static Duration timeToServe(
            Duration sinceProcessStart, @Nullable String launched, long nowMillis) {
        if (launched != null && LAUNCHED.matcher(launched).matches()) {
            long since = nowMillis - Long.parseLong(launched);
            if (since > 0) {
                return Duration.ofMillis(since);
            }
        }
        return sinceProcessStart;
    }

    @Override
    public String toString() {
        return String.format(
                NO_LOCALE,
                """
                Witan %s, %s
                  clients   port %d on %s
                  data      %s
                  state     zxid 0x%x, %s, %s, from %s
                  settings  %s
                  ready     in %s. Stop it with Ctrl-C.
                """,
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
        return String.format(NO_LOCALE, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    private static String seconds(Duration time) {
        return String.format(NO_LOCALE, "%.2f s", time.toMillis() / 1000.0);
    }
}
