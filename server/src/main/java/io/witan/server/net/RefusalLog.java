package io.witan.server.net;

import java.util.function.Consumer;

/// Says in the server's log who was refused or disconnected, and why; but however many
/// they are, no more than a few lines in a while, so that nobody can fill the disk by being
/// refused. Owned by the core's thread.
public final class RefusalLog {

    static final int LINES_MAX = 10;
    static final long PERIOD_MILLIS = 10_000;

    private final Consumer<String> log;
    private final String what;
    private final String who;
    private long periodEndsAtMillis = Long.MIN_VALUE;
    private int lines;
    private long unsaid;

    /// @param log takes one line
    /// @param what the words that each line begins with
    /// @param who what the other end is called
    public RefusalLog(Consumer<String> log, String what, String who) {
        this.log = log;
        this.what = what;
        this.who = who;
    }

    /// @param log takes one line
    public static RefusalLog ofClients(Consumer<String> log) {
        return new RefusalLog(log, "Client disconnected", "client");
    }

    /// @param log takes one line
    public static RefusalLog ofServers(Consumer<String> log) {
        return new RefusalLog(log, "Connection of a server refused", "from");
    }

    public void say(long nowMillis, String name, String reason) {
        if (nowMillis >= periodEndsAtMillis) {
            if (unsaid > 0) {
                log.accept("%s, more of the same: count=%d".formatted(what, unsaid));
            }
            periodEndsAtMillis = nowMillis + PERIOD_MILLIS;
            lines = 0;
            unsaid = 0;
        }
        if (lines < LINES_MAX) {
            lines++;
            log.accept("%s: %s %s=%s".formatted(what, reason, who, name));
        } else {
            unsaid++;
        }
    }
}
