package io.witan.cli.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// What the command refuses, before it touches anything.
class EnsembleCommandTest {

    private static final int WRONG = CommandLine.ExitCode.USAGE;

    @TempDir Path scratch;

    private final StringWriter errors = new StringWriter();

    @Test
    void ports_in_use_are_all_named_and_nothing_is_started() throws IOException {
        try (var one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int code =
                    run(
                            "--servers=1",
                            "--client-port=" + one.getLocalPort(),
                            "--quorum-port=" + other.getLocalPort(),
                            "--election-port=0");

            assertThat(code).isEqualTo(WRONG);
            assertThat(errors.toString())
                    .contains(one.getLocalPort() + ", for server.1: another process has it")
                    .contains(other.getLocalPort() + ", for server.1: another process has it")
                    .contains("Nothing was started")
                    .contains("--client-port PORT");
            assertThat(scratch.resolve("data")).doesNotExist();
        }
    }

    @Test
    void a_port_is_not_given_to_two_servers() throws IOException {
        List<Integer> free = new Ports().from(0, 6);
        var ensemble =
                LocalEnsemble.of(
                        scratch,
                        2,
                        List.of(free.get(0), free.get(1)),
                        List.of(free.get(2), free.get(3)),
                        List.of(free.get(4), free.get(2)));

        assertThat(ensemble.portsInUse())
                .containsExactly("%d, for server.2: server.1 has it".formatted(free.get(2)));
    }

    @Test
    void the_data_of_another_ensemble_is_not_mixed_up() throws IOException {
        List<Integer> free = new Ports().from(0, 4);
        LocalEnsemble.of(scratch.resolve("data"), 3, free, free, free).write();

        int code = run("--servers=5", "--client-port=0");

        assertThat(code).isEqualTo(WRONG);
        assertThat(errors.toString())
                .contains("holds the data of an ensemble of 3 servers and 1 observers")
                .contains("--servers 3 --observers 1")
                .contains("--data DIR");
        assertThat(scratch.resolve("data/server-5")).doesNotExist();
    }

    @Test
    void a_file_in_the_place_of_the_data_is_named() throws IOException {
        Files.createFile(scratch.resolve("data"));

        assertThat(run("--client-port=0", "--quorum-port=0", "--election-port=0")).isEqualTo(WRONG);
        assertThat(errors.toString())
                .contains("cannot be written to " + scratch.resolve("data"))
                .contains("--data DIR")
                .doesNotContain("\tat ");
    }

    @Test
    void an_ensemble_without_servers() {
        assertThat(run("--servers=0")).isEqualTo(WRONG);
        assertThat(errors.toString()).contains("at least one server");
    }

    @Test
    void each_server_knows_itself_and_the_others() throws IOException {
        LocalEnsemble.of(scratch, 1, List.of(2181, 2182), List.of(2888, 2889), List.of(3888, 3889))
                .write();

        assertThat(scratch.resolve("server-2/myid")).hasContent("2");
        assertThat(Files.readString(scratch.resolve("server-2/zoo.cfg")))
                .contains("dataDir=" + scratch.resolve("server-2"))
                .contains("clientPort=2182")
                .contains("server.1=127.0.0.1:2888:3888:participant")
                .contains("server.2=127.0.0.1:2889:3889:observer");
    }

    private int run(String... options) {
        return new CommandLine(new EnsembleCommand())
                .setErr(new PrintWriter(errors))
                .execute(
                        Stream.concat(
                                        Stream.of("--data=" + scratch.resolve("data")),
                                        Arrays.stream(options))
                                .toArray(String[]::new));
    }
}
