package io.witan.torment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/// What is refused before a server is started.
class TormentCommandTest {

    @TempDir Path scratch;

    private final StringWriter errors = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rounds=0",
                "--minutes=-1",
                "--servers=-3",
                "--round-seconds=0",
                "--progress-seconds=0",
                "--apache=9",
                "--servers=3 --apache=4",
                "--apache=1 --apache-class-path=nowhere.jar"
            })
    void numbers_that_make_no_round_and_jars_that_are_not_there(String options) {
        assertThat(run(options.split(" ", -1))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).startsWith("--");
    }

    @Test
    void a_place_where_nothing_can_be_kept() throws IOException {
        Path file = Files.createFile(scratch.resolve("file"));

        assertThat(run("--out=" + file)).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).startsWith("--out: ").contains(file.toString());
    }

    private int run(String... options) {
        return new CommandLine(new TormentCommand(false))
                .setErr(new PrintWriter(errors))
                .execute(options);
    }
}
