package io.witan.simulation.server;

import io.witan.simulation.world.Clock;

/// The clocks of one machine. The monotonic one runs at its own rate and begins anywhere; the wall
/// clock is that one plus an offset which can jump.
final class LocalClock {

    /// 2026-01-01, so that times look like times.
    private static final long EPOCH_MILLIS = 1_767_225_600_000L;

    private final Clock world;
    private long sinceWorldMicros;
    private long sinceLocalMicros;
    private double rate = 1;
    private long wallOffsetMillis = EPOCH_MILLIS;

    LocalClock(Clock world) {
        this.world = world;
    }

    /// The machine has started: nobody knows where its monotonic clock stands.
    void startAt(long localMillis) {
        long wall = wallMillis();
        sinceWorldMicros = world.nowMicros();
        sinceLocalMicros = localMillis * 1000;
        wallOffsetMillis = wall - localMillis;
    }

    long nowMillis() {
        return localMicros() / 1000;
    }

    private long localMicros() {
        return sinceLocalMicros + (long) ((world.nowMicros() - sinceWorldMicros) * rate);
    }

    long wallMillis() {
        return nowMillis() + wallOffsetMillis;
    }

    /// In how much of the world's time it is so late here.
    long worldMicrosUntil(long localMillis) {
        long left = localMillis * 1000 - localMicros();
        return left <= 0 ? 0 : (long) StrictMath.ceil(left / rate) + 1;
    }

    void rate(double newRate) {
        sinceLocalMicros = localMicros();
        sinceWorldMicros = world.nowMicros();
        rate = newRate;
    }

    void jumpWall(long millis) {
        wallOffsetMillis += millis;
    }
}
