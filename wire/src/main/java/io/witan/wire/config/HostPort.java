package io.witan.wire.config;

import static io.witan.wire.config.ConfigTextException.quoted;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A host and a port, `host:port` in text.
///
/// @param host a name or an address, an IPv6 address without its square brackets
public record HostPort(String host, int port) {

    public static HostPort parse(String text) throws ConfigTextException {
        List<String> parts = Syntax.partsOf(text);
        if (parts.size() != 2) {
            throw new ConfigTextException(quoted(text) + " is not host:port");
        }
        return new HostPort(
                Syntax.host(parts.get(0), text), Syntax.port(parts.get(1), "port", text));
    }

    /// Whether this stands for all addresses of the machine.
    public boolean isWildcard() {
        return host.equals("0.0.0.0") || host.equals("::") || host.equals("0:0:0:0:0:0:0:0");
    }

    /// Whether this is a machine's own name for itself.
    public boolean isLoopback() {
        return host.equalsIgnoreCase("localhost")
                || host.startsWith("127.")
                || host.equals("::1")
                || host.equals("0:0:0:0:0:0:0:1");
    }

    // By hand, as is hashCode: what a record has by itself is put together when it is first called,
    // which costs a starting server some milliseconds (decision 0004).
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HostPort that && port == that.port && host.equals(that.host);
    }

    @Override
    public int hashCode() {
        return 31 * host.hashCode() + port;
    }

    /// As it is written in configurations.
    @Override
    public String toString() {
        return Syntax.bracketed(host) + ":" + port;
    }
}
