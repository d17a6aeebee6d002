package io.witan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Results;
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

/// That servers are lost and come back, and that what clients saw reaches the reports. The values
/// mean nothing here.
class OutagesIT {

    private static final Path APACHE = Path.of("apache").toAbsolutePath();

    @TempDir private Path directory;

    @Test
    void every_server_is_lost_once_and_no_session_with_it() throws IOException {
        var apache =
                new ApacheZooKeeper(
                        APACHE.resolve("target/classpath.txt"), APACHE.resolve("logback.xml"));
        var settings =
                new OutageSettings(
                        3,
                        3,
                        1,
                        0,
                        Duration.ofMillis(500),
                        new JvmFlags("128m", false, List.of()),
                        directory.resolve("scratch"));
        var results = new Results();
        var console = new ByteArrayOutputStream();
        var progress = new Progress(new PrintStream(console, true, StandardCharsets.UTF_8));
        var outages = new Outages(settings, List.of(apache), results, progress);

        outages.failover();
        outages.rollingRestart();
        var report =
                new OutageReport(settings, List.of(apache), "./witan bench")
                        .write(
                                directory.resolve("results"),
                                "outages",
                                "Outages",
                                Metric.WRITE_GAP,
                                results);

        assertThat(Files.readString(report))
                .contains("| leader killed | 3 sync | 3 servers | 1 |")
                .contains("| restart of a follower | 3 sync | 3 servers | 1 |")
                .contains("| restart of the leader | 3 sync | 3 servers | 1 |")
                .contains("| rolling restart | 3 sync | 3 servers | 1 | **0.000** |");
        assertThat(directory.resolve("results"))
                .isDirectoryContaining("glob:**/outages.svg")
                .isDirectoryContaining("glob:**/outages-values.csv");
        assertThat(console.toString(StandardCharsets.UTF_8)).contains("apache  leader killed");
        assertThat(directory.resolve("scratch")).isEmptyDirectory();
    }
}
