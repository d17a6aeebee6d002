package io.witan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.benchmarks.subject.ApacheZooKeeper;
import io.witan.benchmarks.subject.JvmFlags;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// A whole run in small: that each measurement runs through against a real server and reaches the
/// report. The values mean nothing here.
class SideBySideIT {

    private static final Path APACHE = Path.of("apache").toAbsolutePath();
    private static final Duration SHORT = Duration.ofMillis(100);

    @TempDir private Path directory;

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();

    @Test
    void everything_that_is_measured_reaches_the_report() throws IOException {
        var settings =
                new Settings(
                        1,
                        List.of(new Cell(Workload.MIX_50_50, 2, 3, 100)),
                        Set.of(Special.values()),
                        1,
                        SHORT,
                        SHORT,
                        SHORT,
                        new Settings.Scale(
                                1_000,
                                new Settings.Watches(1_000, 100),
                                new Settings.Idle(20, Duration.ofSeconds(1)),
                                new Settings.FanOut(30, 1, 2),
                                1,
                                new Settings.Paced(500, Duration.ofSeconds(2)),
                                new Settings.Large(2_000, Duration.ofMillis(200))),
                        Duration.ZERO,
                        new JvmFlags("256m", true, List.of()),
                        directory.resolve("scratch"));

        var outcome = run(settings);

        assertThat(Files.readString(outcome.report()))
                .contains("| mix-50-50 | 2 × 3 | 100 B |")
                .contains("| start on an empty directory |")
                .contains("| one of 1,000 znodes |")
                .contains("| one of 1,000 watches over 100 znodes | 100 sessions |")
                .contains("| one of 20 idle sessions |")
                .contains("| start of three servers, first read at all |")
                .contains("| start with 1,000 znodes, stopped |")
                .contains("| start with 1,000 znodes, killed |")
                .contains("| as it is after loading 1,000 znodes |")
                .contains("| 20 sessions | 2 pings/s |")
                .contains("| 30 sessions watch one znode |")
                .contains("| writes and snapshots | 500 setData/s |")
                .contains("| mix-50-50 | 10 × 10 | 2,000 znodes, heap of 4g |")
                .contains("Apache ZooKeeper 3.9.4");
        assertThat(directory.resolve("results"))
                .isDirectoryContaining("glob:**/values.csv")
                .isDirectoryContaining("glob:**/server-CPU.svg");
        assertThat(outcome.complete()).isTrue();
        assertThat(console.toString(StandardCharsets.UTF_8)).contains("mix-50-50 2 × 3, 100 B");
        assertThat(directory.resolve("scratch")).isEmptyDirectory();
    }

    @Test
    void an_ensemble_has_a_report_of_its_own() throws IOException {
        var settings =
                new Settings(
                        3,
                        List.of(new Cell(Workload.MIX_50_50, 3, 2, 100)),
                        Set.of(),
                        1,
                        SHORT,
                        SHORT,
                        SHORT,
                        Settings.Scale.quick(),
                        Duration.ZERO,
                        new JvmFlags("128m", false, List.of()),
                        directory.resolve("scratch"));

        var outcome = run(settings);

        assertThat(outcome.report()).hasFileName("ensemble-of-3-report.md");
        assertThat(Files.readString(outcome.report()))
                .contains("| mix-50-50 | 3 × 2 | 100 B |")
                .contains("ensembles of 3");
        assertThat(outcome.complete()).isTrue();
        assertThat(directory.resolve("scratch")).isEmptyDirectory();
    }

    private SideBySide.Outcome run(Settings settings) {
        var apache =
                new ApacheZooKeeper(
                        APACHE.resolve("target/classpath.txt"), APACHE.resolve("logback.xml"));
        var progress = new Progress(new PrintStream(console, true, StandardCharsets.UTF_8));
        return new SideBySide(settings, List.of(apache), progress, "./witan bench")
                .run(directory.resolve("results"));
    }
}
