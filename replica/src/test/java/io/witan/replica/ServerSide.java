package io.witan.replica;

/// What a [TestClient] is connected to.
interface ServerSide {

    ClientConnection connected(ClientLink link);

    void received(ClientConnection c, byte[] bytes, int offset, int length);

    void disconnected(ClientConnection c);

    void outputDrained(ClientConnection c);

    /// After each event.
    void settles();
}
