package io.witan.replica;

/// What serves clients, whether it stands alone or is a member of an ensemble: the events of client
/// connections and of time. Owned by one thread, which makes all calls.
public interface ClientService {

    /// Sets the time of the events that follow.
    ///
    /// @param nowMillis on a clock that never runs back
    /// @param wallMillis since 1970
    void timeIs(long nowMillis, long wallMillis);

    /// Time has passed.
    void tick();

    /// A client has connected. The result is its name in later events.
    ClientConnection connected(ClientLink link);

    /// A whole frame has come in, without its length. The bytes are valid during this call only.
    void received(ClientConnection connection, byte[] bytes, int offset, int length);

    /// The client's connection is gone.
    void disconnected(ClientConnection connection);

    /// The client has taken enough of its replies for more to be made.
    void outputDrained(ClientConnection connection);
}
