package io.witan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

/// What the command line says of what it does not understand.
class MainTest {

    private final StringWriter errors = new StringWriter();

    @Test
    void a_command_that_is_none_is_named() {
        assertThat(run("frobnicate")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString().lines())
                .containsExactly(
                        "There is no command or option 'frobnicate'.",
                        "witan --help has what there is.");
    }

    @Test
    void a_wrong_option_is_not_hidden_by_a_page_of_options() {
        assertThat(run("ensemble", "--servers=x")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString().lines())
                .containsExactly(
                        "Invalid value for option '--servers': 'x' is not an int",
                        "witan ensemble --help has what there is.");
    }

    @Test
    void the_help_of_the_server_has_both_forms() {
        var help = new StringWriter();

        Main.commandLine().setOut(new PrintWriter(help)).execute("server", "--help");

        assertThat(help.toString())
                .contains("[CONFIG]", "PORT DATADIR [TICKTIME [MAXCLIENTCNXNS]]");
    }

    private int run(String... arguments) {
        return Main.commandLine().setErr(new PrintWriter(errors)).execute(arguments);
    }
}
