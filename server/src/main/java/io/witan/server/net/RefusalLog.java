package io.witan.server.net;

import java.util.function.Consumer;

/// Says in the server's log which clients were refused or disconnected, and why; but however many
/// they are, no more than a few lines in a while, so that nobody can fill the disk by being
/// refused. Owned by the core's thread.
public final class RefusalLog {

    static final int LINES_MAX = 10;
    static final long PERIOD_MILLIS = 10_000;

    private final Consumer<String> log;
    private long periodEndsAtMillis = Long.MIN_VALUE;
    private int lines;
    private long unsaid;

    /// @param log takes one line
    public RefusalLog(Consumer<String> log) {
        this.log = log;
    }

    public void say(long nowMillis, String client, String reason) {
        if (nowMillis >= periodEndsAtMillis) {
            if (unsaid > 0) {
                log.accept("More clients were disconnected or refused: count=" + unsaid);
            }
            periodEndsAtMillis = nowMillis + PERIOD_MILLIS;
            lines = 0;
            unsaid = 0;
        }
        if (lines < LINES_MAX) {
            lines++;
            log.accept("Client disconnected: %s client=%s".formatted(reason, client));
        } else {
            unsaid++;
        }
    }
}
