package io.witan.simulation.world;

/// Virtual time.
public interface Clock {

    /// Microseconds since the run began.
    long nowMicros();

    /// Runs `event` so much later, after everything that was due at that moment before.
    void after(long micros, Runnable event);
}
