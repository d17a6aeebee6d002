package io.witan.simulation.world;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Draws from one seeded stream. Each concern has its own, so that a change in how often one draws
/// leaves the others as they were, and a shrunken run stays close to the one it comes from.
public final class Chance {

    private final SplittableRandom random;

    private Chance(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /// The stream of one concern of a run, such as `network` or `disk of server 2`.
    public static Chance of(long seed, String concern) {
        // FNV-1a, then mixed: streams of neighbouring seeds have nothing in common.
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < concern.length(); i++) {
            hash = (hash ^ concern.charAt(i)) * 0x100000001b3L;
        }
        return new Chance(mix(seed ^ mix(hash)));
    }

    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /// For whoever wants the plain generator.
    public RandomGenerator generator() {
        return random;
    }

    public boolean hit(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /// @return at least `from`, below `to`
    public int between(int from, int to) {
        return random.nextInt(from, to);
    }

    /// @return at least `from`, below `to`
    public long between(long from, long to) {
        return random.nextLong(from, to);
    }

    /// @return at least `from`, below `to`
    public double between(double from, double to) {
        return random.nextDouble(from, to);
    }

    /// Between the two, all orders of magnitude alike: for times and rates.
    public double magnitude(double from, double to) {
        return StrictMath.exp(random.nextDouble(StrictMath.log(from), StrictMath.log(to)));
    }

    /// The time to the next of something that happens once in `meanMicros`.
    public long exponential(double meanMicros) {
        return (long) (-StrictMath.log(1 - random.nextDouble()) * meanMicros);
    }

    public <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
