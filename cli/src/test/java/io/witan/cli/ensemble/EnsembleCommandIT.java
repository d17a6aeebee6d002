package io.witan.cli.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/// The command as a process, its servers as processes of that.
@Timeout(120)
class EnsembleCommandIT {

    private static final int BY_SIGTERM = 143;

    @TempDir Path scratch;

    @Test
    void three_servers_and_an_observer_stand_and_go_with_the_command() throws Exception {
        try (var command = start("--observers", "1")) {
            Matcher leader =
                    command.await("The ensemble stands after .*: server\\.([123]) leads\\.");
            String clients = command.await("clients +(127.*)").group(1);
            List<ProcessHandle> servers = command.servers();

            assertThat(clients.split(",")).hasSize(4);
            assertThat(command.said()).anyMatch(line -> line.matches(".*server\\.4 observes"));
            assertThat(command.said())
                    .anyMatch(line -> line.matches(".*server\\." + leader.group(1) + " leads"));
            assertThat(servers).hasSize(4);
            assertThat(scratch.resolve("server-4/server.log")).isNotEmptyFile();

            command.terminate();
            command.await("All servers are stopped; .*");

            assertThat(command.exitCode()).isEqualTo(BY_SIGTERM);
            assertThat(servers).noneMatch(ProcessHandle::isAlive);
        }
    }

    @Test
    void a_leader_that_is_killed_is_said_to_be_replaced() throws Exception {
        try (var command = start()) {
            String leader = command.await(".*: server\\.([123]) leads\\.").group(1);
            long pid = Long.parseLong(command.await(".*kill -9 ([0-9]+),.*").group(1));

            command.forget();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();

            command.await(".*server\\.%s has ended with code 137\\..*".formatted(leader));
            command.await(".*server\\.[123&&[^%s]] leads".formatted(leader));
        }
    }

    @Test
    void a_server_that_does_not_start_ends_the_whole_and_says_why() throws Exception {
        Files.createDirectories(scratch.resolve("server-2"));
        Files.createFile(scratch.resolve("server-2/version-2"));
        try (var command = start()) {
            command.await("server\\.2 has ended with code 3\\. .*");
            command.await(".*version-2.*");
            command.await("The ensemble is not started\\.");

            assertThat(command.exitCode()).isEqualTo(1);
        }
    }

    private RunningCommand start(String... options) throws IOException {
        var line =
                new ArrayList<>(
                        List.of(
                                "--client-port=0",
                                "--quorum-port=0",
                                "--election-port=0",
                                "--data=" + scratch));
        line.addAll(List.of(options));
        return RunningCommand.start(line);
    }
}
