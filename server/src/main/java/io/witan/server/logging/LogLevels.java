package io.witan.server.logging;

import org.slf4j.event.Level;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.function.Consumer;

/// From which level on events are written, by the longest name given that is the logger's own or
/// that of a package around it. Without being told: INFO and above of Witan's, WARN and above of
/// libraries'.
///
/// @param least by name, as a number of [Level#toInt]; the empty name is all others'
record LogLevels(Map<String, Integer> least) {

    /// `-Dwitan.log=debug` for all, `-Dwitan.log.io.witan.server.net=trace` for those.
    private static final String KEY = "witan.log";

    /// How levels were given before there was [#KEY].
    private static final String FORMER_KEY = "org.slf4j.simpleLogger.";

    private static final int OFF = Integer.MAX_VALUE;

    /// @param problems told of what has no effect; the rest holds
    static LogLevels of(Properties properties, Consumer<String> problems) {
        var least = new HashMap<String, Integer>();
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            if (key.startsWith(FORMER_KEY)) {
                problems.accept(
                        "-D%s has no effect: the log goes to standard error, and levels are given by -D%s=LEVEL or -D%s.NAME=LEVEL."
                                .formatted(key, KEY, KEY));
            } else if (key.equals(KEY) || key.startsWith(KEY + ".")) {
                String value = properties.getProperty(key);
                int level = level(value);
                if (level < 0) {
                    problems.accept(
                            "-D%s=%s has no effect: a level is one of trace, debug, info, warn, error, off."
                                    .formatted(key, value));
                } else {
                    least.put(key.equals(KEY) ? "" : key.substring(KEY.length() + 1), level);
                }
            }
        }
        if (least.putIfAbsent("", Level.WARN.toInt()) == null) {
            least.putIfAbsent("io.witan", Level.INFO.toInt());
        }
        return new LogLevels(Map.copyOf(least));
    }

    /// -1: none.
    private static int level(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        if (name.equals("OFF")) {
            return OFF;
        }
        for (Level level : Level.values()) {
            if (level.name().equals(name)) {
                return level.toInt();
            }
        }
        return -1;
    }

    /// The least level that the logger writes.
    int leastOf(String logger) {
        String name = logger;
        while (true) {
            Integer level = least.get(name);
            if (level != null) {
                return level;
            }
            name = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        }
    }
}
