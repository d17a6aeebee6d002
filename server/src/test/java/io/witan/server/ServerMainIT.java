package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.storage.DataDirectory;
import io.witan.storage.PosixDisk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Every way in which a server does not start: what the operator reads, and the exit code.
class ServerMainIT {

    @TempDir Path scratch;

    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @Test
    void a_port_in_use_and_the_data_directory_is_free_again() throws IOException {
        var data = scratch.resolve("data");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int code =
                    run(
                            "dataDir=" + data,
                            "clientPortAddress=127.0.0.1",
                            "clientPort=" + taken.getLocalPort());

            assertThat(code).isEqualTo(1);
            assertThat(errors())
                    .startsWith(
                            "Client port %d on 127.0.0.1 is in use by another process."
                                    .formatted(taken.getLocalPort()));
            DataDirectory.open(new PosixDisk(), data, data, false).close();
        }
    }

    @Test
    void a_data_directory_that_is_a_file() throws IOException {
        var file = Files.createFile(scratch.resolve("data"));

        assertThat(run("dataDir=" + file, "clientPort=0")).isEqualTo(3);
        assertThat(errors()).contains(file + " is not a directory");
    }

    @Test
    void a_data_directory_that_is_missing_and_may_not_be_made() throws IOException {
        var missing = scratch.resolve("data");

        assertThat(run("dataDir=" + missing, "clientPort=0", "datadir.autocreate=false"))
                .isEqualTo(3);
        assertThat(errors()).contains(missing.toString());
    }

    @Test
    void a_data_directory_in_use_by_another_server() throws IOException {
        var data = scratch.resolve("data");
        try (var _ = DataDirectory.open(new PosixDisk(), data, data, true)) {
            assertThat(run("dataDir=" + data, "clientPort=0")).isEqualTo(3);
            assertThat(errors()).contains(data + " is in use by another server");
        }
    }

    @Test
    void a_log_without_the_snapshot_before_it() throws IOException {
        var data = scratch.resolve("data");
        Files.createDirectories(data.resolve("version-2"));
        Files.writeString(data.resolve("version-2/log.5"), "x".repeat(100));

        assertThat(run("dataDir=" + data, "clientPort=0")).isEqualTo(1);
        assertThat(errors()).contains("There is no snapshot in " + data.resolve("version-2"));
    }

    @Test
    void a_configuration_file_that_is_missing() {
        int code = run(List.of(scratch.resolve("zoo.cfg").toString()));

        assertThat(code).isEqualTo(2);
        assertThat(errors())
                .startsWith("There is no configuration file " + scratch.resolve("zoo.cfg"));
    }

    @Test
    void a_configuration_file_with_problems() throws IOException {
        assertThat(run("dataDir=" + scratch.resolve("data"), "clientPort=99999", "tickTme=2000"))
                .isEqualTo(2);
        assertThat(errors())
                .contains("The configuration has a problem. The server does not start.")
                .contains(
                        "zoo.cfg, line 2: clientPort=99999: 99999 is not a whole number from 0 to 65535.")
                .contains("docs/operations/configuration.md");
        assertThat(scratch.resolve("data")).doesNotExist();
    }

    @Test
    void too_many_arguments() {
        assertThat(run(List.of("1", "2", "3", "4", "5"))).isEqualTo(2);
        assertThat(errors()).contains("Usage: witan server");
    }

    private int run(String... lines) throws IOException {
        return run(List.of(Files.write(scratch.resolve("zoo.cfg"), List.of(lines)).toString()));
    }

    private int run(List<String> arguments) {
        return ServerMain.run(
                arguments,
                Map.of(),
                new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    private String errors() {
        return errors.toString(StandardCharsets.UTF_8);
    }
}
