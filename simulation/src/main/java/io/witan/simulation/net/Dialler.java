package io.witan.simulation.net;

/// How a client reaches servers.
public interface Dialler {

    /// Dials the client port of a server; the outcome is told to the handler.
    void dial(int clientNumber, long serverSid, StreamHandler handler);
}
