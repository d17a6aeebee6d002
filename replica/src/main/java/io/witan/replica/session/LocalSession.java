package io.witan.replica.session;

/// A session that only this server knows, on its way from one serving period to the next.
public record LocalSession(long id, int timeoutMillis) {}
