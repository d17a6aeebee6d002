package io.witan.simulation.fault;

import io.witan.simulation.trace.Trace;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.world.Clock;

/// Faults that last: while they do, the trace says so now and then, so that nobody takes the time
/// long after their beginning for a calm one.
final class Lasting {

    private static final long REMINDER_MICROS = 3_000_000;

    private final Clock clock;
    private final Trace trace;

    Lasting(Clock clock, Trace trace) {
        this.clock = clock;
        this.trace = trace;
    }

    /// Ends the fault after that time.
    void endAfter(FaultKind kind, long micros, Runnable end) {
        if (micros > REMINDER_MICROS) {
            clock.after(
                    REMINDER_MICROS,
                    () -> {
                        remind(kind, "goes on");
                        endAfter(kind, micros - REMINDER_MICROS, end);
                    });
        } else {
            clock.after(
                    micros,
                    () -> {
                        end.run();
                        remind(kind, "is over");
                    });
        }
    }

    private void remind(FaultKind kind, String what) {
        trace.record(new TraceEvent.FaultInjected(clock.nowMicros(), kind.name(), what));
    }
}
