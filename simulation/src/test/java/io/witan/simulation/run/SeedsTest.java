package io.witan.simulation.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.check.Checkers;
import io.witan.simulation.fault.Profile;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Runs that must be clean. `-Dsimulation.seconds=N` says how long fresh seeds are tried; a failure
/// names its seed, and `./witan simulate --profile P --seed S` shows and shrinks it.
class SeedsTest {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final Options OPTIONS = Options.with(Checkers::all).withKeptEvents(1);

    /// Each of these has shown a defect once: `docs/simulator-findings.md`.
    @Test
    void seeds_that_have_found_defects_find_none_any_more() {
        for (long seed : new long[] {3, 7, 11, 16, 18, 20, 37, 42, 43, 46, 55, 57}) {
            check(seed, Profile.DEFAULT);
        }
    }

    @Test
    void each_profile_runs_clean_on_some_fixed_seeds() {
        for (Profile profile : Profile.values()) {
            for (long seed = 1; seed <= 4; seed++) {
                check(seed, profile);
            }
        }
    }

    @Test
    void fresh_seeds_run_clean() {
        long until = System.nanoTime() + Long.getLong("simulation.seconds", 60) * NANOS_PER_SECOND;
        List<Profile> profiles = List.of(Profile.values());
        for (long seed = System.currentTimeMillis(); System.nanoTime() < until; seed++) {
            check(seed, profiles.get((int) (seed % profiles.size())));
        }
    }

    private static void check(long seed, Profile profile) {
        Result result = Simulation.run(seed, profile, OPTIONS);
        assertThat(result.violation())
                .as("./witan simulate --profile %s --seed %d", profile.text(), seed)
                .isNull();
    }
}
