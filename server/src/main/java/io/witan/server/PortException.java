package io.witan.server;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Locale;

/// The client port cannot be opened.
public final class PortException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private PortException(String message, IOException cause) {
        super(message, cause);
    }

    /// Says what stands in the way, by the words of the system.
    static PortException of(InetSocketAddress address, BindException cause) {
        var reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        int port = address.getPort();
        if (reason.contains("in use")) {
            return new PortException(
                    """
                    Client port %d on %s is in use by another process. If it is another server, stop it; `ss -ltnp 'sport \
                    = :%d'` shows which process it is. To use another port, change clientPort in the configuration file, \
                    or start without one: witan server PORT DATADIR.\
                    """
                            .formatted(port, addressOf(address), port),
                    cause);
        }
        if (reason.contains("assign")) {
            return new PortException(
                    """
                    %s is not an address of this machine, so client port %d cannot be opened on it. Correct \
                    clientPortAddress, or take it out to listen on all addresses.\
                    """
                            .formatted(addressOf(address), port),
                    cause);
        }
        if (reason.contains("denied")) {
            return new PortException(
                    """
                    The user that runs the server may not open client port %d on %s. Ports below 1024 are for root: choose \
                    a clientPort above.\
                    """
                            .formatted(port, addressOf(address)),
                    cause);
        }
        return new PortException(
                "Client port %d on %s cannot be opened: %s. See clientPort and clientPortAddress in the configuration."
                        .formatted(port, addressOf(address), cause.getMessage()),
                cause);
    }

    /// In words where it is the wildcard.
    static String addressOf(InetSocketAddress address) {
        if (address.isUnresolved()) {
            return address.getHostString();
        }
        return address.getAddress().isAnyLocalAddress()
                ? "all addresses"
                : address.getAddress().getHostAddress();
    }
}
