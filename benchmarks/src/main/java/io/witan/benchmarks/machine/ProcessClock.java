package io.witan.benchmarks.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The CPU time of another process to the nanosecond, where the hundredths of a second of
/// `/proc/PID/stat` are too coarse: its CPU clock, as `clock_gettime(2)` reads it.
///
/// ```
/// struct timespec { long tv_sec; long tv_nsec; }
/// ```
public final class ProcessClock {

    @SuppressWarnings("restricted") // a function of the C library that changes nothing
    private static final MethodHandle CLOCK_GETTIME =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS));

    private static final int TIMESPEC_BYTES = 16;

    /// What a process used, all its threads together; the kernel names the clock by the id's
    /// complement and the kind of clock, 2 for the time that the scheduler counted.
    private static final int SCHEDULED = 2;

    private ProcessClock() {}

    public static long nanos(ProcessHandle process) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(TIMESPEC_BYTES, Long.BYTES);
            int clock = (int) (~process.pid() << 3 | SCHEDULED);
            if ((int) CLOCK_GETTIME.invokeExact(clock, time) != 0) {
                throw new IllegalStateException(
                        "the system does not tell the CPU time of process " + process.pid());
            }
            return time.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L
                    + time.get(ValueLayout.JAVA_LONG, Long.BYTES);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("clock_gettime", e);
        }
    }
}
