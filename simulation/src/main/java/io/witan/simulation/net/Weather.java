package io.witan.simulation.net;

import io.witan.simulation.world.Chance;

/// How the network behaves in one run, apart from what is broken on purpose.
///
/// @param delayMicrosMin each segment takes at least that long
/// @param delayMicrosMean and on average so much longer
/// @param spikeChance a segment is held up by up to `spikeMicrosMax`
/// @param bytesPerMilli how fast a connection is
/// @param splitChance a write arrives in pieces, sometimes byte by byte
/// @param resetChance a close throws away what is still on its way
/// @param hangChance a dial to a server that is down hears nothing instead of a refusal
public record Weather(
        long delayMicrosMin,
        double delayMicrosMean,
        double spikeChance,
        long spikeMicrosMax,
        double bytesPerMilli,
        double splitChance,
        double resetChance,
        double hangChance) {

    public static final Weather CALM = new Weather(50, 100, 0, 1, 100_000, 0.01, 0, 0);

    /// How long `bytes` take.
    long delayMicros(Chance chance, int bytes) {
        long delay = delayMicrosMin + chance.exponential(delayMicrosMean);
        if (chance.hit(spikeChance)) {
            delay += chance.between(0, spikeMicrosMax);
        }
        return delay + (long) (bytes * 1000 / bytesPerMilli);
    }

    /// The same, but all that is written arrives in pieces.
    public Weather inPieces() {
        return new Weather(
                delayMicrosMin,
                delayMicrosMean,
                spikeChance,
                spikeMicrosMax,
                bytesPerMilli,
                1,
                resetChance,
                hangChance);
    }

    /// The same, but nothing is lost or late beyond measure any more.
    public Weather calmedDown() {
        return new Weather(
                delayMicrosMin,
                Math.min(delayMicrosMean, 20_000),
                0,
                1,
                Math.max(bytesPerMilli, 100),
                splitChance,
                0,
                0);
    }
}
