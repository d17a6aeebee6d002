package io.witan.benchmarks.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

class GcLogTest {

    private static final String BEFORE =
            "[1.0s][info][gc] GC(0) Pause Full (System.gc()) 9M->1M(2M) 99.500ms\n";

    @TempDir private Path directory;

    @Test
    void pauses_of_every_collector_count_and_what_it_does_beside_the_program_does_not() {
        var text =
                """
                [0.010s][info][gc] Using G1
                [1.2s][info][gc] GC(1) Pause Young (Normal) (G1 Evacuation Pause) 81M->4M(256M) 6.021ms
                [1.3s][info][gc] GC(2) Concurrent Mark Cycle 12.500ms
                [1.4s][info][gc,phases] GC(3) Y: Pause Mark Start 0.011ms
                [1.5s][info][gc,phases] GC(3) Y: Concurrent Mark 4.100ms
                """;

        assertThat(GcLog.of(text)).isEqualTo(new GcLog.Pauses(2, 6.021, 6.032));
    }

    @Test
    void a_log_without_pauses_has_none() {
        assertThat(GcLog.of("")).isEqualTo(new GcLog.Pauses(0, 0, 0));
    }

    @Test
    void what_was_logged_before_a_point_does_not_count() throws IOException {
        var log = GcLog.at(directory.resolve("gc.log"));
        Files.writeString(log.file(), BEFORE);
        var begin = log.end();
        Files.writeString(
                log.file(),
                "[2.0s][info][gc] GC(1) Pause Young (Allocation Failure) 9M->1M(2M) 1.500ms\n",
                StandardOpenOption.APPEND);

        assertThat(log.since(begin)).isEqualTo(new GcLog.Pauses(1, 1.5, 1.5));
    }
}
