package io.witan.replica.auth;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Reads IP addresses as they stand in ACLs: four decimal parts, or hexadecimal groups with at most
/// one `::`; no embedded IPv4, no zone, no names (client-and-disk, section 4.4).
final class IpAddressText {

    private static final int V6_GROUPS = 8;

    private IpAddressText() {}

    /// 4 or 16 bytes, or null if `text` is no address.
    static byte @Nullable [] parse(String text) {
        return text.indexOf(':') >= 0 ? parseV6(text) : parseV4(text);
    }

    /// A decimal number of ASCII digits from 0 to `max`, or -1.
    static int decimal(String digits, int max) {
        if (digits.isEmpty() || digits.length() > 3) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value <= max ? value : -1;
    }

    private static byte @Nullable [] parseV4(String text) {
        List<String> parts = split(text, '.');
        if (parts.size() != 4) {
            return null;
        }
        byte[] address = new byte[4];
        for (int i = 0; i < 4; i++) {
            int part = decimal(parts.get(i), 255);
            if (part < 0) {
                return null;
            }
            address[i] = (byte) part;
        }
        return address;
    }

    private static byte @Nullable [] parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            List<Integer> groups = groups(text);
            return groups == null || groups.size() != V6_GROUPS ? null : bytes(groups, List.of());
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            return null;
        }
        List<Integer> before = gap == 0 ? List.of() : groups(text.substring(0, gap));
        String rest = text.substring(gap + 2);
        List<Integer> after = rest.isEmpty() ? List.of() : groups(rest);
        if (before == null || after == null || before.size() + after.size() >= V6_GROUPS) {
            return null;
        }
        return bytes(before, after);
    }

    private static @Nullable List<Integer> groups(String text) {
        List<Integer> groups = new ArrayList<>();
        for (String part : split(text, ':')) {
            int group = hex(part);
            if (group < 0) {
                return null;
            }
            groups.add(group);
        }
        return groups;
    }

    private static int hex(String digits) {
        if (digits.isEmpty() || digits.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * 16 + digit;
        }
        return value;
    }

    private static byte[] bytes(List<Integer> before, List<Integer> after) {
        byte[] address = new byte[V6_GROUPS * 2];
        for (int i = 0; i < before.size(); i++) {
            put(address, i, before.get(i));
        }
        for (int i = 0; i < after.size(); i++) {
            put(address, V6_GROUPS - after.size() + i, after.get(i));
        }
        return address;
    }

    private static void put(byte[] address, int group, int value) {
        address[2 * group] = (byte) (value >>> 8);
        address[2 * group + 1] = (byte) value;
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == separator) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        return parts;
    }
}
