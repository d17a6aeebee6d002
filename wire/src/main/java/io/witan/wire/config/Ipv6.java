package io.witan.wire.config;

import static io.witan.wire.config.ConfigTextException.quoted;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// IPv6 addresses as the original writes them into configurations: all eight groups, in lower case,
/// without leading zeros and without `::` (seen in notifications of 3.9.4). Two spellings of one
/// address must not look like two configurations.
final class Ipv6 {

    private static final int GROUPS = 8;

    /// With more leading zeros than fit, Java takes it for no address.
    private static final int IPV4_LENGTH_MAX = "255.255.255.255".length();

    private Ipv6() {}

    /// That form of an address. One with a zone stays as it is: what the zone means, and whether it
    /// means anything, is known on one machine only.
    static String canonical(String address) throws ConfigTextException {
        if (address.indexOf('%') >= 0) {
            return address;
        }
        int gap = address.indexOf("::");
        List<Integer> groups = groups(gap < 0 ? address : address.substring(0, gap), address);
        if (gap >= 0) {
            List<Integer> tail = groups(address.substring(gap + 2), address);
            // At least one group: "::" never stands for none.
            do {
                groups.add(0);
            } while (groups.size() + tail.size() < GROUPS);
            groups.addAll(tail);
        }
        if (groups.size() != GROUPS) {
            throw notAnAddress(address);
        }
        return isMappedIpv4(groups)
                ? ipv4(groups.get(6), groups.get(7))
                : groups.stream().map(Integer::toHexString).collect(Collectors.joining(":"));
    }

    private static List<Integer> groups(String part, String address) throws ConfigTextException {
        List<Integer> groups = new ArrayList<>();
        if (part.isEmpty()) {
            return groups;
        }
        for (String group : part.split(":", -1)) {
            if (group.indexOf('.') >= 0 && address.endsWith(group)) {
                addIpv4(groups, group, address);
            } else {
                groups.add(number(group, 16, 0xffff, address));
            }
        }
        return groups;
    }

    /// The last two groups can be written like an IPv4 address.
    private static void addIpv4(List<Integer> groups, String text, String address)
            throws ConfigTextException {
        String[] bytes = text.split("\\.", -1);
        if (bytes.length != 4 || text.length() > IPV4_LENGTH_MAX) {
            throw notAnAddress(address);
        }
        for (int i = 0; i < 4; i += 2) {
            int high = number(bytes[i], 10, 255, address);
            int low = number(bytes[i + 1], 10, 255, address);
            groups.add(high << 8 | low);
        }
    }

    private static int number(String text, int radix, int max, String address)
            throws ConfigTextException {
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, radix) : -1;
            value = value * radix + digit;
            if (digit < 0 || value > max) {
                throw notAnAddress(address);
            }
        }
        if (text.isEmpty()) {
            throw notAnAddress(address);
        }
        return value;
    }

    /// `::ffff:a.b.c.d`, which Java takes for the IPv4 address.
    private static boolean isMappedIpv4(List<Integer> groups) {
        return groups.subList(0, 5).stream().allMatch(group -> group == 0)
                && groups.get(5) == 0xffff;
    }

    private static String ipv4(int high, int low) {
        return (high >> 8) + "." + (high & 0xff) + "." + (low >> 8) + "." + (low & 0xff);
    }

    private static ConfigTextException notAnAddress(String address) {
        return new ConfigTextException(quoted(address) + " is not an IPv6 address");
    }
}
