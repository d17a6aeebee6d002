package io.witan.simulation.net;

import java.util.Set;

/// Something that keeps bytes from getting through. What was sent waits until it is lifted, as TCP
/// repeats it, unless the connection has ended by then.
///
/// @param from hosts whose bytes do not arrive; empty for all
/// @param to hosts where they do not arrive; empty for all
/// @param ports on connections to these; empty for all
public record Barrier(Set<Host> from, Set<Host> to, Set<Port> ports) {

    boolean stops(Host sender, Host receiver, Port port) {
        return (from.isEmpty() || from.contains(sender))
                && (to.isEmpty() || to.contains(receiver))
                && (ports.isEmpty() || ports.contains(port));
    }
}
