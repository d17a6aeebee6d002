package io.witan.simulation.command;

import io.witan.simulation.fault.FaultKind;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.run.Result;
import io.witan.simulation.trace.Violation;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/// What has been run so far. Used by all threads.
final class Progress {

    private static final double MICROS_PER_HOUR = 3.6e9;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_HOUR = 3.6e12;
    private static final String LEADERS = "leader activated";

    /// How often something was seen, and in how many runs.
    static final class Tally {
        private long count;
        private long runs;

        void add(long more) {
            count += more;
            runs++;
        }

        long count() {
            return count;
        }

        long runs() {
            return runs;
        }
    }

    private final Profile profile;
    private final long start = System.nanoTime();
    private final long cpuAtStart = cpuNanos();
    private final Map<FaultKind, Tally> faults = new EnumMap<>(FaultKind.class);
    private final Map<String, Tally> reached = new TreeMap<>();
    private final Map<String, Tally> violations = new TreeMap<>();

    private long seeds;
    private long events;
    private long recorded;
    private long micros;
    private long longestMicros;
    private @Nullable Result violation;

    Progress(Profile profile) {
        this.profile = profile;
    }

    synchronized void add(Result result) {
        seeds++;
        events += result.events();
        recorded += result.recorded();
        micros += result.micros();
        longestMicros = Math.max(longestMicros, result.micros());
        result.faults().forEach((kind, count) -> tally(faults, kind, count));
        result.reached().forEach((what, count) -> tally(reached, what, count));
        Violation found = result.violation();
        if (found != null) {
            tally(violations, found.invariant(), 1);
            if (violation == null) {
                violation = result;
            }
        }
    }

    private static <K> void tally(Map<K, Tally> tallies, K key, long count) {
        tallies.computeIfAbsent(key, _ -> new Tally()).add(count);
    }

    /// The first run that broke an invariant.
    synchronized @Nullable Result violation() {
        return violation;
    }

    /// One line.
    synchronized String line() {
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        return "%,d seeds, %.1f virtual hours, %,.0f events/s, %,d faults, %,d leaders, %d states and transitions%s"
                .formatted(
                        seeds,
                        micros / MICROS_PER_HOUR,
                        events / seconds,
                        faults.values().stream().mapToLong(Tally::count).sum(),
                        count(reached, LEADERS),
                        reached.size(),
                        violations.isEmpty() ? "" : ", violations " + counts(violations));
    }

    private static String counts(Map<String, Tally> tallies) {
        StringBuilder text = new StringBuilder();
        tallies.forEach((key, tally) ->
                text.append(text.isEmpty() ? "" : ", ")
                        .append(key)
                        .append(' ')
                        .append(tally.count()));
        return text.toString();
    }

    private static long count(Map<String, Tally> tallies, String key) {
        Tally tally = tallies.get(key);
        return tally == null ? 0 : tally.count();
    }

    synchronized String summary() {
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        long cpuNanos = cpuNanos() - cpuAtStart;
        String figures =
                """
                %,d seeds of profile %s in %.1f s: %.2f virtual hours (longest run %.0f s), \
                %,d events, %,d in traces, %,d leaders
                %.0f virtual hours per CPU hour (%.1f s of CPU)
                """
                        .formatted(
                                seeds,
                                profile.text(),
                                seconds,
                                micros / MICROS_PER_HOUR,
                                longestMicros / 1e6,
                                events,
                                recorded,
                                count(reached, LEADERS),
                                micros / MICROS_PER_HOUR / (cpuNanos / NANOS_PER_HOUR),
                                cpuNanos / NANOS_PER_SECOND);
        return figures + new CoverageTable(seeds, faults, reached, violations).text();
    }

    /// What this process has used of all processors.
    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }
}
