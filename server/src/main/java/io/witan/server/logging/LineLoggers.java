package io.witan.server.logging;

import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;

import java.io.PrintStream;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Loggers by name, all of which write to one stream. For any thread.
final class LineLoggers implements ILoggerFactory {

    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
    private final LogLevels levels;
    private final PrintStream out;

    LineLoggers(LogLevels levels, PrintStream out) {
        this.levels = levels;
        this.out = out;
    }

    @Override
    public Logger getLogger(String name) {
        return loggers.computeIfAbsent(
                name, each -> new LineLogger(each, levels.leastOf(each), out));
    }
}
