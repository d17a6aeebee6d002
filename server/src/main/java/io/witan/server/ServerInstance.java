package io.witan.server;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/// A server that runs, alone or as a member of an ensemble.
public interface ServerInstance extends AutoCloseable {

    /// The address that clients connect to.
    InetSocketAddress address();

    /// Completes with the reason if the server cannot go on. It must be closed then.
    CompletableFuture<Throwable> failure();

    /// Stops. From any thread but the server's own; may be called again.
    @Override
    void close();
}
