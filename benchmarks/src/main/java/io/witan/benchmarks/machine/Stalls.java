package io.witan.benchmarks.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/// How long a thread that does nothing but read the clock was kept from doing so: by another
/// program, or by a hypervisor that gave the processor to another machine. No server on this
/// machine can promise shorter pauses.
///
/// @param nanos each time that it was kept for half a millisecond or more
public record Stalls(List<Long> nanos) {

    private static final Duration SHORTEST = Duration.ofNanos(500_000);

    private static final Duration LONG = Duration.ofMillis(3);

    private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);

    public Stalls {
        nanos = List.copyOf(nanos);
    }

    /// Of one thread for each processor, all at the same time.
    public static List<Stalls> measure(Duration length) {
        var threads = new ArrayList<CompletableFuture<Stalls>>();
        for (var i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(
                    CompletableFuture.supplyAsync(() -> seenBy(System::nanoTime, length), THREADS));
        }
        return threads.stream().map(CompletableFuture::join).toList();
    }

    static Stalls seenBy(LongSupplier clock, Duration length) {
        var nanos = new ArrayList<Long>();
        var start = clock.getAsLong();
        var before = start;
        while (before - start < length.toNanos()) {
            var now = clock.getAsLong();
            if (now - before >= SHORTEST.toNanos()) {
                nanos.add(now - before);
            }
            before = now;
        }
        return new Stalls(nanos);
    }

    public long count(Duration atLeast) {
        return nanos.stream().filter(stall -> stall >= atLeast.toNanos()).count();
    }

    public Duration longest() {
        return Duration.ofNanos(nanos.stream().mapToLong(Long::longValue).max().orElse(0));
    }

    public Duration sum() {
        return Duration.ofNanos(nanos.stream().mapToLong(Long::longValue).sum());
    }

    /// How many and how long, in words.
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "kept waiting %,d times for %.1f ms or longer, %,d of them for %d ms; the longest"
                        + " %.2f ms, all together %,.0f ms",
                nanos.size(),
                millis(SHORTEST),
                count(LONG),
                LONG.toMillis(),
                millis(longest()),
                millis(sum()));
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
