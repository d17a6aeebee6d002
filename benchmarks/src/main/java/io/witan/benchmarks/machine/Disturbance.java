package io.witan.benchmarks.machine;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;

/// Waits for a moment at which other programs leave the machine alone, but not for ever.
public final class Disturbance {

    /// From here on a reader should be told that something else kept the machine busy.
    public static final double CORES_MAX = 0.1;

    private static final Duration LOOK = Duration.ofMillis(300);

    /// Between looks, once the machine was found busy.
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Duration waitMax;
    private final Consumer<String> terminal;

    /// @param waitMax how long one measurement waits at most; zero does not even look
    /// @param terminal is told what is waited for
    public Disturbance(Duration waitMax, Consumer<String> terminal) {
        this.waitMax = waitMax;
        this.terminal = terminal;
    }

    /// @param servers whose CPU time is no disturbance
    public void awaitQuiet(Collection<ProcessHandle> servers) {
        if (waitMax.isZero()) {
            return;
        }
        var begin = System.nanoTime();
        var busy = otherCores(servers);
        if (busy <= CORES_MAX) {
            return;
        }
        terminal.accept("waiting for a quiet machine: others use %.2f cores".formatted(busy));
        while (busy > CORES_MAX && System.nanoTime() - begin < waitMax.toNanos()) {
            sleep(PAUSE);
            busy = otherCores(servers);
        }
        terminal.accept(
                busy > CORES_MAX
                        ? "not quiet after %d s; going on".formatted(waitMax.toSeconds())
                        : "quiet");
    }

    private static double otherCores(Collection<ProcessHandle> servers) {
        var before = CpuTimes.now(servers);
        sleep(LOOK);
        return CpuTimes.now(servers).since(before).otherCores();
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a quiet machine", e);
        }
    }
}
