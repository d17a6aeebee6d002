package io.witan.server.fourletter;

/// Requests and replies counted, and how long it took from the one to the other.
///
/// @param latencyMinMillis 0 when there was no request
public record Traffic(
        long received,
        long sent,
        long latencyMinMillis,
        double latencyMeanMillis,
        long latencyMaxMillis) {}
