package io.witan.interop.torment;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.torment.TormentMain;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where the system permits no namespaces the servers share 127.0.0.1 and only processes are
/// broken; the output says so. `-Dtorment.minutes=N` makes it longer than the two minutes of a
/// build.
class TormentIT {

    /// A round is one; a second is needed where the logs of the first do not tell what was
    /// committed.
    private static final String MINUTES_UNTIL_ONE_IS_JUDGED = "10";

    @TempDir private Path directory;

    @SuppressWarnings("NullAway.Init") // JUnit fills in the fields
    TormentIT() {}

    @Test
    void an_ensemble_that_is_tormented_keeps_its_promises() throws Exception {
        String minutes = System.getProperty("torment.minutes", "2");

        assertAllIsWell("--servers", "3", "--minutes", minutes);
    }

    @Test
    void an_ensemble_mixed_with_apaches_servers_that_is_tormented_keeps_its_promises()
            throws Exception {
        // Apache's server has known defects that break promises when disks fail or leaders are
        // silent; killing is what operators do to it.
        assertAllIsWell(
                "--servers",
                "3",
                "--rounds",
                "1",
                "--minutes",
                MINUTES_UNTIL_ONE_IS_JUDGED,
                "--round-seconds",
                "20",
                "--apache",
                "1",
                "--only",
                "KILL,RESTART,FREEZE",
                "--apache-class-path",
                System.getProperty("java.class.path"));
    }

    /// Fresh seeds each time: a failure prints its seed and where its files are.
    private void assertAllIsWell(String... arguments) throws IOException, InterruptedException {
        Path out = Path.of("target", "torment").toAbsolutePath();
        Files.createDirectories(out);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.add(TormentMain.class.getName());
        command.addAll(List.of("--out", out.toString(), "--progress-seconds", "10"));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines = process.inputReader()) {
            lines.lines()
                    .forEach(line -> {
                        System.out.println(line);
                        output.append(line).append('\n');
                    });
            assertThat(process.waitFor()).as(output.toString()).isZero();
        } finally {
            process.destroy();
        }
    }
}
