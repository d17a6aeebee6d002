package io.witan.replica;

import java.util.List;

/// What the operator can set about how clients are served; fixed at start.
///
/// @param serverId goes into the ids of sessions made here, 1 for a server that stands alone
/// @param tickTimeMillis granularity of session expiry
/// @param sessionTimeoutMinMillis shortest session timeout that is granted
/// @param sessionTimeoutMaxMillis longest session timeout that is granted
/// @param localSessions new sessions stay on this server until they make an ephemeral znode
/// @param localSessionsUpgrading whether they may make one, by becoming global
/// @param outstandingMax requests in progress above which no more are read from connections that
///   have some
/// @param outstandingBytesMax the same, in bytes of request frames
/// @param largeRequestBytes frames longer than this are large; -1: none is
/// @param largeRequestsBytesMax sum of large frames in progress above which their senders are
///   disconnected
/// @param decodeBytesMax longest string or buffer in a request
/// @param watchBytesMax about what the watches of all clients may take in memory; a client that
///   then sets another one is disconnected
/// @param requiredSchemes a connection needs an identity of one of these before it is served;
///   empty: none needed
/// @param connectThrottle admission of new connections to sessions
/// @param containerSweep when containers and TTL znodes are looked for that have had their day
public record ReplicaSettings(
        long serverId,
        int tickTimeMillis,
        int sessionTimeoutMinMillis,
        int sessionTimeoutMaxMillis,
        boolean localSessions,
        boolean localSessionsUpgrading,
        int outstandingMax,
        long outstandingBytesMax,
        int largeRequestBytes,
        long largeRequestsBytesMax,
        int decodeBytesMax,
        long watchBytesMax,
        List<String> requiredSchemes,
        ConnectThrottle.Settings connectThrottle,
        ContainerSweep.Settings containerSweep) {}
