package io.witan.simulation.server;

import io.witan.simulation.net.Network;
import io.witan.simulation.trace.Trace;
import io.witan.simulation.world.Scheduler;

/// What all servers of a run share.
public record Surroundings(long seed, Scheduler scheduler, Network network, Trace trace) {}
