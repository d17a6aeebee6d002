package io.witan.simulation.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

/// Nothing runs on options that leave nothing to run.
class SimulateCommandTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--seeds=0",
                "--minutes=0",
                "--minutes=-1",
                "--threads=0",
                "--voters=0",
                "--clients=-1",
                "--seed=3 --seeds=4",
                "--seed=3 --from=4",
                "--seed=3 --out=nowhere/at/all"
            })
    void is_refused(String options) {
        var errors = new StringWriter();

        int code =
                new CommandLine(new SimulateCommand())
                        .setErr(new PrintWriter(errors))
                        .execute(options.split(" ", -1));

        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).startsWith("--");
    }
}
