package io.witan.simulation.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.check.Checkers;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.trace.Violation;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Runs that must be clean: seeds that have found defects, some of each profile, and fresh ones. A
/// failure names its seed and the command that shows and shrinks it.
class SeedsTest {

    private static final Options OPTIONS = Options.with(Checkers::all).withKeptEvents(1);

    private static final List<String> SIMULATED =
            List.of("wire", "tree", "storage", "zab", "replica", "simulation");

    private static final List<Profile> PROFILES = List.of(Profile.values());

    private static final List<Profile> FAULTY =
            PROFILES.stream().filter(profile -> !profile.isCalm()).toList();

    /// Each of these has shown a defect once: `docs/simulator-findings.md`.
    @Test
    void seeds_that_have_found_defects_find_none_any_more() {
        for (long seed : new long[] {3, 7, 11, 16, 18, 20, 37, 42, 43, 46, 55, 57}) {
            check(seed, Profile.DEFAULT);
        }
        check(1795265601172L, Profile.NETWORK);
        check(1795265601403L, Profile.NETWORK);
        check(1795265552053L, Profile.RECONFIG);
        check(1795270265201L, Profile.NETWORK);
        check(1795275638396L, Profile.DEFAULT);
        check(1795275394056L, Profile.BRUTAL);
        check(1795275514885L, Profile.RECONFIG);
        check(1795294614878L, Profile.NETWORK);
        check(1795310592040L, Profile.BRUTAL);
        check(1795313711432L, Profile.NETWORK);
    }

    @Test
    void each_profile_runs_clean_on_some_fixed_seeds() {
        for (Profile profile : PROFILES) {
            for (long seed = 1; seed <= 4; seed++) {
                check(seed, profile);
            }
        }
    }

    /// Others with each change of what is simulated, and the same for all who build the same
    /// sources, so that what fails once fails again. It takes about a minute;
    /// `-Dsimulation.seeds=N` says how many there are.
    @Test
    void fresh_seeds_run_clean() throws Exception {
        long first = seedOfSources();
        long end = first + Long.getLong("simulation.seeds", 300);
        AtomicLong next = new AtomicLong(first);
        Queue<String> violations = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (long seed = next.getAndIncrement();
                                        seed < end && violations.isEmpty();
                                        seed = next.getAndIncrement()) {
                                    tell(seed, FAULTY.get((int) (seed % FAULTY.size())))
                                            .ifPresent(violations::add);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(violations).isEmpty();
    }

    private static long seedOfSources() throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        for (String module : SIMULATED) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    digest.update(Files.readAllBytes(file));
                }
            }
        }
        return ByteBuffer.wrap(digest.digest()).getInt() & 0xffff_ffffL;
    }

    private static void check(long seed, Profile profile) {
        assertThat(tell(seed, profile)).isEmpty();
    }

    /// What is wrong with the run of a seed, with the command that shows and shrinks it.
    private static Optional<String> tell(long seed, Profile profile) {
        try {
            Violation violation = Simulation.run(seed, profile, OPTIONS).violation();
            return Optional.ofNullable(violation).map(found -> found + again(seed, profile));
        } catch (RuntimeException | AssertionError e) {
            // The simulator itself fails: that too must say which run it was.
            return Optional.of(e + again(seed, profile));
        }
    }

    private static String again(long seed, Profile profile) {
        return "%n  again: ./witan simulate --profile %s --seed %d".formatted(profile.text(), seed);
    }
}
