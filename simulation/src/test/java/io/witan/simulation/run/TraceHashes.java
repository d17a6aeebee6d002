package io.witan.simulation.run;

import io.witan.simulation.check.Checkers;
import io.witan.simulation.fault.Limits;
import io.witan.simulation.fault.Profile;

import java.util.ArrayList;
import java.util.List;

/// Prints the hashes of some runs: what another JVM process runs in [DeterminismTest].
final class TraceHashes {

    private static final long SAFETY_MICROS_MAX = 10_000_000;

    private TraceHashes() {}

    public static void main(String[] arguments) {
        hashes(Long.parseLong(arguments[0]), Integer.parseInt(arguments[1]))
                .forEach(System.out::println);
    }

    static List<String> hashes(long from, int count) {
        Options options =
                Options.with(Checkers::all)
                        .withLimits(Limits.NONE.withClients(2).withSafetyMicros(SAFETY_MICROS_MAX))
                        .withKeptEvents(1);
        List<Profile> profiles = List.of(Profile.values());
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Profile profile = profiles.get(i % profiles.size());
            Result result = Simulation.run(from + i, profile, options);
            hashes.add("%d %s %s".formatted(from + i, profile.text(), result.hash()));
        }
        return hashes;
    }
}
