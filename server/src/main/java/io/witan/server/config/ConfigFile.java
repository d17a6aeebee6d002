package io.witan.server.config;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/// A configuration file: Java properties, of which each entry remembers its line.
///
/// @param path as the operator named it, for messages
/// @param lines those that hold something, as they stand in the file
record ConfigFile(Path path, List<Line> lines) {

    /// @param number of the first physical line, from 1
    /// @param text without what continued it, trimmed: for messages
    /// @param key empty when `malformed`
    /// @param value null when the line is a word alone, with neither `=`, `:` nor a blank after it
    /// @param malformed why the line cannot be read, or null
    record Line(
            int number,
            String text,
            String key,
            @Nullable String value,
            @Nullable String malformed) {}

    /// Reads the bytes as the original does: as ISO-8859-1, with unicode escapes for other
    /// characters.
    static ConfigFile read(Path path) {
        if (Files.isDirectory(path)) {
            throw ConfigFileException.isDirectory(path);
        }
        try {
            return parse(path, Files.readString(path, StandardCharsets.ISO_8859_1));
        } catch (java.nio.file.NoSuchFileException e) {
            throw ConfigFileException.missing(path, e);
        } catch (IOException e) {
            throw ConfigFileException.unreadable(path, e);
        }
    }

    static ConfigFile parse(Path path, String text) {
        var lines = new ArrayList<Line>();
        var physical = text.split("\r\n|\r|\n", -1);
        for (int i = 0; i < physical.length; i++) {
            var start = physical[i].stripLeading();
            if (start.isEmpty() || start.startsWith("#") || start.startsWith("!")) {
                continue;
            }
            int first = i;
            var logical = new StringBuilder(start);
            while (continues(logical) && i + 1 < physical.length) {
                logical.setLength(logical.length() - 1);
                logical.append(physical[++i].stripLeading());
            }
            lines.add(line(first + 1, start.strip(), logical.toString()));
        }
        return new ConfigFile(path, lines);
    }

    /// An odd number of backslashes at the end: the last one is not escaped.
    private static boolean continues(CharSequence line) {
        int backslashes = 0;
        while (backslashes < line.length()
                && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    private static Line line(int number, String text, String logical) {
        var entry = new Properties();
        try {
            entry.load(new StringReader(logical));
        } catch (IllegalArgumentException e) {
            return new Line(
                    number,
                    text,
                    "",
                    null,
                    "it has a \\u that is not followed by four hexadecimal digits");
        } catch (IOException e) {
            throw new AssertionError("a string was not read to its end", e);
        }
        var only = entry.stringPropertyNames().iterator();
        if (!only.hasNext()) {
            return new Line(number, text, "", null, "it has no key");
        }
        var key = only.next();
        if (key.isBlank()) {
            return new Line(number, text, "", null, "it has no key before the =");
        }
        boolean aloneOnItsLine = logical.strip().equals(key);
        return new Line(
                number,
                text,
                key.strip(),
                aloneOnItsLine ? null : entry.getProperty(key).strip(),
                null);
    }
}
