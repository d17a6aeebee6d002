package io.witan.simulation.command;

import io.witan.simulation.fault.FaultKind;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.run.Result;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/// What has been run so far. Used by all threads.
final class Progress {

    private static final double MICROS_PER_HOUR = 3.6e9;
    private static final String LEADERS = "leader activated";

    private final Profile profile;
    private final long start = System.nanoTime();
    private final Map<FaultKind, Long> faults = new EnumMap<>(FaultKind.class);
    private final Map<String, Long> reached = new TreeMap<>();

    private long seeds;
    private long events;
    private long micros;
    private long longestMicros;
    private @Nullable Result violation;

    Progress(Profile profile) {
        this.profile = profile;
    }

    synchronized void add(Result result) {
        seeds++;
        events += result.events();
        micros += result.micros();
        longestMicros = Math.max(longestMicros, result.micros());
        result.faults().forEach((kind, count) -> faults.merge(kind, count, Long::sum));
        result.reached().forEach((what, count) -> reached.merge(what, count, Long::sum));
        if (violation == null && !result.isClean()) {
            violation = result;
        }
    }

    synchronized @Nullable Result violation() {
        return violation;
    }

    synchronized void show() {
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "\r%d seeds, %.1f virtual hours, %,.0f events/s, %d faults, %d leaders, %d states"
                        + " and transitions reached   ",
                seeds,
                micros / MICROS_PER_HOUR,
                events / seconds,
                faultCount(),
                reached.getOrDefault(LEADERS, 0L),
                reached.size());
        System.out.flush();
    }

    private long faultCount() {
        return faults.values().stream().mapToLong(Long::longValue).sum();
    }

    synchronized String summary() {
        double seconds = (System.nanoTime() - start) / 1e9;
        StringBuilder text = new StringBuilder();
        text.append(
                "%d seeds of profile %s in %.1f s: %.2f virtual hours (longest run %.0f s), %,d events, %d leaders%n"
                        .formatted(
                                seeds,
                                profile.text(),
                                seconds,
                                micros / MICROS_PER_HOUR,
                                longestMicros / 1e6,
                                events,
                                reached.getOrDefault(LEADERS, 0L)));
        text.append("Faults: ").append(faults).append(System.lineSeparator());
        text.append("Reached: ").append(reached);
        return text.toString();
    }
}
