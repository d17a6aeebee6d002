package io.witan.replica.session;

/// Whoever speaks for a session at present: a client connection of this server.
public interface SessionHolder {}
