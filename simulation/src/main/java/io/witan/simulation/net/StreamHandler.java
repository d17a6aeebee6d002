package io.witan.simulation.net;

/// What one end of a connection hears.
public interface StreamHandler {

    /// The connection is up.
    void opened(ByteStream stream);

    /// Some bytes; cut anywhere.
    void received(byte[] bytes);

    /// The connection is gone, or could not be made; nothing follows.
    void closed(String reason);

    /// Everything that was written has left this end.
    default void drained() {}
}
