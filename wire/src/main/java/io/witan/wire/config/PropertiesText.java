package io.witan.wire.config;

import org.jspecify.annotations.Nullable;

import java.util.SortedMap;
import java.util.TreeMap;

/// Reads Java properties as `java.util.Properties` does (comments, continued lines, escapes), into
/// an ordered map; that class needs streams and keeps its keys in no order, which the core has no
/// use for. Of lines with the same key the last one counts.
final class PropertiesText {

    private final String text;
    private int position;

    private PropertiesText(String text) {
        this.text = text;
    }

    /// Keys and values, without the blanks around them.
    static SortedMap<String, String> read(String text) throws ConfigTextException {
        SortedMap<String, String> properties = new TreeMap<>();
        PropertiesText reader = new PropertiesText(text);
        while (reader.hasLine()) {
            String line = reader.line();
            if (line == null) {
                continue;
            }
            int keyEnd = keyEnd(line);
            properties.put(
                    unescaped(line.substring(0, keyEnd)).trim(),
                    unescaped(line.substring(valueStart(line, keyEnd))).trim());
        }
        return properties;
    }

    /// Goes to the next line that is neither blank nor a comment.
    private boolean hasLine() {
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c == '#' || c == '!') {
                while (position < text.length() && !isLineEnd(text.charAt(position))) {
                    position++;
                }
            } else if (isBlank(c) || isLineEnd(c)) {
                position++;
            } else {
                return true;
            }
        }
        return false;
    }

    /// A line with those that continue it; its escapes are still there. Null if nothing stands
    /// before the first continuation, behind which even a comment may begin.
    private @Nullable String line() {
        StringBuilder line = new StringBuilder();
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (isLineEnd(c)) {
                break;
            }
            if (c != '\\') {
                line.append(c);
            } else if (position < text.length()) {
                char next = text.charAt(position++);
                if (isLineEnd(next)) {
                    stepToContinuation(next);
                    if (line.isEmpty()) {
                        return null;
                    }
                } else {
                    line.append(c).append(next);
                }
            }
        }
        return line.toString();
    }

    private void stepToContinuation(char lineEnd) {
        if (lineEnd == '\r' && position < text.length() && text.charAt(position) == '\n') {
            position++;
        }
        while (position < text.length() && isBlank(text.charAt(position))) {
            position++;
        }
    }

    private static int keyEnd(String line) {
        int i = 0;
        while (i < line.length() && !isSeparator(line.charAt(i)) && !isBlank(line.charAt(i))) {
            i += line.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i, line.length());
    }

    /// Behind blanks, one separator if there is one, and blanks.
    private static int valueStart(String line, int keyEnd) {
        int i = afterBlanks(line, keyEnd);
        if (i < line.length() && isSeparator(line.charAt(i))) {
            i = afterBlanks(line, i + 1);
        }
        return i;
    }

    private static int afterBlanks(String line, int start) {
        int i = start;
        while (i < line.length() && isBlank(line.charAt(i))) {
            i++;
        }
        return i;
    }

    private static String unescaped(String text) throws ConfigTextException {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder unescaped = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c != '\\') {
                unescaped.append(c);
                continue;
            }
            // A backslash always stands before something: line() drops a last one.
            char escaped = text.charAt(i++);
            if (escaped == 'u') {
                unescaped.append(fourHexDigits(text, i));
                i += 4;
            } else {
                unescaped.append(meaning(escaped));
            }
        }
        return unescaped.toString();
    }

    private static char meaning(char escaped) {
        return switch (escaped) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'f' -> '\f';
            default -> escaped;
        };
    }

    private static char fourHexDigits(String text, int start) throws ConfigTextException {
        int value = 0;
        for (int i = start; i < start + 4; i++) {
            int digit = i < text.length() ? hexDigit(text.charAt(i)) : -1;
            if (digit < 0) {
                throw new ConfigTextException("a \\u without four hex digits");
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }

    /// ASCII only; `Character.digit` knows the digits of other scripts too.
    private static int hexDigit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static boolean isSeparator(char c) {
        return c == '=' || c == ':';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\f';
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }
}
