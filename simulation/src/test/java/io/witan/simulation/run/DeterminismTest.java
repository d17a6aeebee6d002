package io.witan.simulation.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

class DeterminismTest {

    private static final long FROM = 1000;
    private static final int COUNT = 20;

    @Test
    void a_seed_gives_the_same_run_twice_and_in_another_process() throws Exception {
        List<String> here = TraceHashes.hashes(FROM, COUNT);

        assertThat(TraceHashes.hashes(FROM, COUNT)).isEqualTo(here);
        assertThat(inAnotherProcess()).isEqualTo(here);
        assertThat(here).doesNotHaveDuplicates();
    }

    private static List<String> inAnotherProcess() throws IOException, InterruptedException {
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                // Another heap, another collector, other hash seeds.
                                "-Xmx700m",
                                "-XX:+UseParallelGC",
                                "-XX:+UnlockExperimentalVMOptions",
                                "-XX:hashCode=2",
                                "-cp",
                                classPath,
                                TraceHashes.class.getName(),
                                String.valueOf(FROM),
                                String.valueOf(COUNT))
                        .redirectErrorStream(true)
                        .start();
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> printed = lines.lines().toList();
            assertThat(process.waitFor()).as(() -> String.join("\n", printed)).isZero();
            return printed;
        }
    }
}
