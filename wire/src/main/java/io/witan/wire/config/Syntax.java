package io.witan.wire.config;

import static io.witan.wire.config.ConfigTextException.quoted;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The small pieces that configurations are made of.
final class Syntax {

    private static final int PORT_MAX = 65_535;

    private Syntax() {}

    /// `host:a:b` as its parts. The host can stand in square brackets, and must if it contains
    /// colons; they are not part of the result.
    static List<String> partsOf(String text) throws ConfigTextException {
        List<String> parts = new ArrayList<>();
        if (!text.startsWith("[")) {
            parts.addAll(Arrays.asList(text.split(":", -1)));
            return parts;
        }
        int close = text.indexOf(']');
        if (close < 0) {
            throw new ConfigTextException("no ] behind the host of " + quoted(text));
        }
        parts.add(text.substring(1, close));
        String rest = text.substring(close + 1);
        if (!rest.isEmpty()) {
            if (!rest.startsWith(":")) {
                throw new ConfigTextException("no : behind the host of " + quoted(text));
            }
            parts.addAll(Arrays.asList(rest.substring(1).split(":", -1)));
        }
        return parts;
    }

    /// A host name or address, IPv6 addresses in the form that the original writes. Names are not
    /// resolved and may not exist (yet).
    static String host(String host, String what) throws ConfigTextException {
        if (host.isEmpty()) {
            throw new ConfigTextException("no host in " + quoted(what));
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (!Character.isLetterOrDigit(c) && ".-_%:".indexOf(c) < 0) {
                throw new ConfigTextException(
                        quoted(host) + " in " + quoted(what) + " is not a host");
            }
        }
        return host.indexOf(':') < 0 ? host : Ipv6.canonical(host);
    }

    static int port(String text, String name, String what) throws ConfigTextException {
        boolean isNumber = !text.isEmpty() && text.length() <= 5 && isDecimal(text);
        int port = isNumber ? Integer.parseInt(text) : 0;
        if (port < 1 || port > PORT_MAX) {
            throw new ConfigTextException(
                    quoted(text) + " in " + quoted(what) + " is not a " + name);
        }
        return port;
    }

    static long sid(String text, String what) throws ConfigTextException {
        return number(text, Long.MAX_VALUE, "server number", what);
    }

    static long number(String text, long max, String name, String what) throws ConfigTextException {
        try {
            if (isDecimal(text)) {
                long number = Long.parseLong(text);
                if (number <= max) {
                    return number;
                }
            }
        } catch (NumberFormatException e) {
            // Empty or too large; told below.
        }
        throw new ConfigTextException(quoted(text) + " in " + quoted(what) + " is not a " + name);
    }

    static long version(String text) throws ConfigTextException {
        try {
            if (!text.startsWith("+")) {
                return Long.parseUnsignedLong(text, 16);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new ConfigTextException("the version " + quoted(text) + " is not a hex number");
    }

    /// A host as it is written before a port.
    static String bracketed(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    private static boolean isDecimal(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
