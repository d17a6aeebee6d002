/// Clients that speak the real client protocol, byte for byte, and behave as badly as clients do:
/// they pipeline, move, go silent, come back with sessions that have expired and with passwords
/// that are wrong. Everything they ask and are told goes into the trace.
@NullMarked
package io.witan.simulation.client;

import org.jspecify.annotations.NullMarked;
