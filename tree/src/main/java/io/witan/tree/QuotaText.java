package io.witan.tree;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// The text of quota limits and statistics (client-and-disk, section 6.3), such as
/// `count=3,bytes=20=;byteHardLimit=30`.
final class QuotaText {

    static final String COUNT = "count";
    static final String BYTES = "bytes";
    static final String COUNT_HARD_LIMIT = "countHardLimit";
    static final String BYTE_HARD_LIMIT = "byteHardLimit";

    private static final byte[] COUNT_IS = ZnodeTree.ascii("count=");
    private static final byte[] BYTES_IS = ZnodeTree.ascii(",bytes=");

    private QuotaText() {}

    /// The keys of a text; null if it is not one.
    static @Nullable Map<String, Long> parse(byte @Nullable [] text) {
        if (text == null) {
            return null;
        }
        var keys = new TreeMap<String, Long>();
        for (String part : new String(text, StandardCharsets.UTF_8).split("[,;]+", 0)) {
            if (part.isEmpty()) {
                continue;
            }
            String[] keyAndValue = part.split("=", 0);
            if (keyAndValue.length != 2) {
                return null;
            }
            try {
                keys.put(keyAndValue[0], Long.parseLong(keyAndValue[1]));
            } catch (NumberFormatException notANumber) {
                return null;
            }
        }
        return keys;
    }

    /// Count and bytes alone.
    static byte[] format(long count, long bytes) {
        return ZnodeTree.ascii("count=" + count + ",bytes=" + bytes);
    }

    /// The text of `statistics` after a change. Text that is none counts as -1 and -1.
    static byte[] add(byte @Nullable [] statistics, long countChange, long bytesChange) {
        if (statistics != null) {
            byte[] plain = addToPlain(statistics, countChange, bytesChange);
            if (plain != null) {
                return plain;
            }
        }
        Map<String, Long> keys = parse(statistics);
        if (keys == null) {
            return format(countChange - 1, bytesChange - 1);
        }
        var text = new StringBuilder();
        text.append("count=").append(keys.getOrDefault(COUNT, -1L) + countChange);
        text.append(",bytes=").append(keys.getOrDefault(BYTES, -1L) + bytesChange);
        keys.remove(COUNT);
        keys.remove(BYTES);
        if (!keys.isEmpty()) {
            text.append('=');
            keys.forEach((key, value) -> text.append(';').append(key).append('=').append(value));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// As [#add] for the text that it nearly always is, `count=N,bytes=N`; null for any other.
    private static byte @Nullable [] addToPlain(byte[] text, long countChange, long bytesChange) {
        int i = 0;
        if (!startsWith(text, i, COUNT_IS)) {
            return null;
        }
        i += COUNT_IS.length;
        int comma = i;
        while (comma < text.length && text[comma] != ',') {
            comma++;
        }
        if (!startsWith(text, comma, BYTES_IS)) {
            return null;
        }
        int bytesAt = comma + BYTES_IS.length;
        if (!isNumber(text, i, comma) || !isNumber(text, bytesAt, text.length)) {
            return null;
        }
        return format(
                number(text, i, comma) + countChange,
                number(text, bytesAt, text.length) + bytesChange);
    }

    private static boolean startsWith(byte[] text, int at, byte[] prefix) {
        return text.length - at >= prefix.length
                && java.util.Arrays.equals(text, at, at + prefix.length, prefix, 0, prefix.length);
    }

    /// Digits after an optional minus, few enough to fit.
    private static boolean isNumber(byte[] text, int from, int to) {
        int first = from < to && text[from] == '-' ? from + 1 : from;
        for (int i = first; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
        }
        return to > first && to - first <= 18;
    }

    private static long number(byte[] text, int from, int to) {
        boolean negative = text[from] == '-';
        long value = 0;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            value = value * 10 + (text[i] - '0');
        }
        return negative ? -value : value;
    }
}
