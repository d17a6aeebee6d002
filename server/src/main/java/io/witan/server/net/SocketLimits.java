package io.witan.server.net;

/// Limits that the shell holds by itself, before the core sees anything.
///
/// @param frameBytesMax longest frame taken from a client (`jute.maxbuffer`)
/// @param outputBytesMax what may wait to be sent to a client that does not read; a client beyond
///   it is disconnected
/// @param connectionsPerAddressMax connections from one address, 0: no limit (`maxClientCnxns`)
/// @param connectionsMax connections in total, 0: no limit (`zookeeper.maxCnxns`)
/// @param sessionlessMillis how long a connection may be without a session
///   (`zookeeper.nio.sessionlessCnxnTimeout`)
public record SocketLimits(
        int frameBytesMax,
        long outputBytesMax,
        int connectionsPerAddressMax,
        int connectionsMax,
        int sessionlessMillis) {}
