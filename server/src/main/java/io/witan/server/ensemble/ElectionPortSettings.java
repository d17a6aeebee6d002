package io.witan.server.ensemble;

/// How the election port behaves (quorum, sections 1.1 and 2). Times are milliseconds.
///
/// @param sid this server's id
/// @param listenOnAll whether it listens on every address of the machine
/// @param connectMillis how long dialling another server may take
/// @param handshakeMillis how long a server that has connected may take to say who it is
/// @param bindAttempts how often taking the port is tried; 0: without end
/// @param bindPauseMillis between two attempts
/// @param keepAlive whether the system probes connections on which nothing happens
public record ElectionPortSettings(
        long sid,
        boolean listenOnAll,
        int connectMillis,
        int handshakeMillis,
        int bindAttempts,
        int bindPauseMillis,
        boolean keepAlive) {}
