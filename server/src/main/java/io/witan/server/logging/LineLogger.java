package io.witan.server.logging;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/// Writes `2026-01-31 23:59:59,123 WARN ServerMain - what happened`, and the trace of what was
/// thrown below it, in one piece. For any thread.
final class LineLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1;

    private final String shortName;
    private final int least;
    private final transient PrintStream out;

    /// @param least level that is written
    LineLogger(String name, int least, PrintStream out) {
        this.name = name;
        this.shortName = name.substring(name.lastIndexOf('.') + 1);
        this.least = least;
        this.out = out;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String message,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        var line = new StringBuilder(128);
        appendTime(line, LocalDateTime.ofInstant(Instant.now(), ZoneId.systemDefault()));
        line.append(' ').append(level.name()).append(' ').append(shortName).append(" - ");
        line.append(MessageFormatter.basicArrayFormat(message, arguments));
        line.append(System.lineSeparator());
        if (thrown != null) {
            var trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace, true));
            line.append(trace);
        }
        out.print(line);
        out.flush();
    }

    /// By hand: a formatter takes longer to make than a server without data to start.
    static void appendTime(StringBuilder line, LocalDateTime time) {
        appendNumber(line, time.getYear(), 4);
        appendNumber(line.append('-'), time.getMonthValue(), 2);
        appendNumber(line.append('-'), time.getDayOfMonth(), 2);
        appendNumber(line.append(' '), time.getHour(), 2);
        appendNumber(line.append(':'), time.getMinute(), 2);
        appendNumber(line.append(':'), time.getSecond(), 2);
        appendNumber(line.append(','), time.getNano() / 1_000_000, 3);
    }

    private static void appendNumber(StringBuilder line, int number, int digits) {
        String text = Integer.toString(number);
        for (int i = text.length(); i < digits; i++) {
            line.append('0');
        }
        line.append(text);
    }

    private boolean writes(Level level) {
        return level.toInt() >= least;
    }

    @Override
    public boolean isTraceEnabled() {
        return writes(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return writes(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return writes(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return writes(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return writes(Level.ERROR);
    }

    /// Only loggers that write where in the code they were called need it.
    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }
}
