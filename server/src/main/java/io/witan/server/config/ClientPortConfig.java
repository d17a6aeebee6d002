package io.witan.server.config;

import java.net.InetSocketAddress;

/// The plain client port.
///
/// @param address where to listen; the wildcard address unless `clientPortAddress` is set
/// @param backlogConnections connections the kernel may queue before they are accepted; -1 leaves
///   it to the system
/// @param tcpKeepAlive whether the kernel probes idle connections
/// @param sessionlessTimeoutMillis a connection that asks for no session is closed after one to two
///   times this
public record ClientPortConfig(
        InetSocketAddress address,
        int backlogConnections,
        boolean tcpKeepAlive,
        long sessionlessTimeoutMillis) {}
