package io.witan.server.net;

import io.witan.replica.ClientConnection;
import io.witan.replica.ClientLink;
import io.witan.replica.ClientService;

/// For loops to which nobody connects.
public final class NoClients implements ClientService {

    @Override
    public void timeIs(long nowMillis, long wallMillis) {
        // Nothing here has a clock.
    }

    @Override
    public void tick() {
        // Nothing here has a clock.
    }

    @Override
    public ClientConnection connected(ClientLink link) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void received(ClientConnection connection, byte[] bytes, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void disconnected(ClientConnection connection) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void outputDrained(ClientConnection connection) {
        throw new UnsupportedOperationException();
    }
}
