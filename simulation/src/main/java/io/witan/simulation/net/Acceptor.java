package io.witan.simulation.net;

/// Listens on a port.
public interface Acceptor {

    /// Somebody has dialled.
    ///
    /// @return who hears of the connection from now on, [StreamHandler#opened] first
    StreamHandler accepted(Host from);
}
