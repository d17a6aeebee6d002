package io.witan.simulation.trace;

/// When and where something happened to a client.
///
/// @param micros virtual time
/// @param client number of the client, from 1; it has one session at a time
/// @param connection number of the client's connection, from 1 for each client; 0 for none
public record ClientStamp(long micros, int client, int connection) {}
