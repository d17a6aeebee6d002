package io.witan.simulation.server;

import io.witan.simulation.world.Chance;

/// How long a disk takes.
///
/// @param forceMicrosMin for making something durable, at least
/// @param forceMicrosMean and on average so much longer
/// @param stallChance now and then it takes up to `stallMicrosMax`
public record DiskSpeed(
        long forceMicrosMin, double forceMicrosMean, double stallChance, long stallMicrosMax) {

    public static final DiskSpeed CALM = new DiskSpeed(200, 800, 0, 1);

    long draw(Chance chance) {
        return forceMicrosMin
                + chance.exponential(forceMicrosMean)
                + (chance.hit(stallChance) ? chance.between(0, stallMicrosMax) : 0);
    }
}
