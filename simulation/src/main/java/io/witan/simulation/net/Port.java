package io.witan.simulation.net;

/// The doors of a server.
public enum Port {
    ELECTION,
    QUORUM,

    /// Where followers take observers.
    OBSERVER,
    CLIENT
}
