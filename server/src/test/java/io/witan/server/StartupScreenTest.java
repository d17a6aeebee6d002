package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.server.config.ConfigReader;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class StartupScreenTest {

    @Test
    void says_in_a_few_lines_what_runs_where_with_what_state() {
        var loaded = new ConfigReader(Map.of()).read(List.of("2181", "/var/lib/zk"));

        var screen =
                new StartupScreen(
                        "0.1.0",
                        "standalone",
                        loaded.source(),
                        loaded.config(),
                        new InetSocketAddress(2181),
                        new StartupScreen.State(
                                0x1a, 12345, 1, "snapshot.10 and 10 logged transactions"),
                        Duration.ofMillis(312));

        assertThat(screen.toString())
                .isEqualTo(
                        """
                        Witan 0.1.0, standalone
                          clients   port 2181 on all addresses
                          data      /var/lib/zk
                          state     zxid 0x1a, 12,345 znodes, 1 session, from snapshot.10 and 10 logged transactions
                          settings  arguments 2181 /var/lib/zk
                          ready     in 0.31 s. Stop it with Ctrl-C.
                        """);
    }

    @Test
    void names_the_logs_directory_where_it_is_another() {
        var config = new ConfigReader(Map.of()).read(List.of("2181", "/var/lib/zk")).config();
        var storage = config.storage();
        var elsewhere =
                new io.witan.server.config.ServerConfig(
                        config.clientPort(),
                        config.sessions(),
                        config.limits(),
                        new io.witan.server.config.StorageConfig(
                                storage.dataDir(),
                                java.nio.file.Path.of("/log"),
                                true,
                                storage.recovery(),
                                storage.log(),
                                storage.snapshots(),
                                storage.purge()),
                        config.auth(),
                        config.tree(),
                        config.fourLetterWords(),
                        null);

        assertThat(
                        new StartupScreen(
                                        "0.1.0",
                                        "standalone",
                                        "",
                                        elsewhere,
                                        new InetSocketAddress(
                                                InetAddress.getLoopbackAddress(), 2181),
                                        new StartupScreen.State(0, 4, 0, "nothing: a new database"),
                                        Duration.ZERO)
                                .toString())
                .contains("data      /var/lib/zk, log in /log\n")
                .contains("port 2181 on 127.0.0.1\n");
    }

    /// The launcher may have built the server in the same process.
    @Test
    void the_time_to_serve_begins_when_the_launcher_has_done_its_work() {
        var since = Duration.ofMillis(90_500);
        long now = 1_090_500;

        assertThat(StartupScreen.timeToServe(since, "1090000", now)).hasMillis(500);
        assertThat(StartupScreen.timeToServe(since, null, now)).isEqualTo(since);
        assertThat(StartupScreen.timeToServe(since, "tomorrow", now)).isEqualTo(since);
        assertThat(StartupScreen.timeToServe(since, "2000000", now)).isEqualTo(since);
    }
}
