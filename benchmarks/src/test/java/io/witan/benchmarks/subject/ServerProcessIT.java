package io.witan.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

class ServerProcessIT {

    private static final JvmFlags FLAGS = new JvmFlags("64m", true, List.of());

    @TempDir private Path scratch;

    @Test
    void a_server_that_ends_too_soon_leaves_its_last_words() {
        assertThatExceptionOfType(SetupException.class)
                .isThrownBy(() -> start("echo the disk is full; exit 3"))
                .withMessageContaining("broken ended before it served")
                .withMessageContaining("the disk is full");
    }

    @Test
    void a_server_that_ended_by_itself_is_told_from_one_that_was_stopped() throws IOException {
        var ended = launch("echo the disk is full; exit 3");
        ended.handle().onExit().join();
        var stopped = launch("exec sleep 1000");

        ended.close();
        stopped.close();

        assertThat(ended.lastWords().orElseThrow())
                .contains("broken ended by itself with 3")
                .contains("the disk is full");
        assertThat(stopped.lastWords()).isEmpty();
    }

    private void start(String script) {
        ServerProcess.start(new Shell(script), scratch, FLAGS, ServerProcess.baseConfiguration());
    }

    private ServerProcess launch(String script) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var home = ServerHome.create(scratch, "broken", address, ServerProcess.baseConfiguration());
        return ServerProcess.launch(new Shell(script), home, FLAGS);
    }

    private record Shell(String script) implements Subject {

        @Override
        public String name() {
            return "broken";
        }

        @Override
        public String description() {
            return "no server at all";
        }

        @Override
        public void check() {}

        @Override
        public List<String> command(Path config, JvmFlags flags) {
            return List.of("sh", "-c", script);
        }
    }
}
