package io.witan.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class ServerProcessIT {

    @TempDir private Path scratch;

    @Test
    void a_server_that_ends_too_soon_leaves_its_last_words() {
        assertThatExceptionOfType(SetupException.class)
                .isThrownBy(() -> start("echo the disk is full; exit 3"))
                .withMessageContaining("broken ended before it served")
                .withMessageContaining("the disk is full");
    }

    private void start(String script) {
        ServerProcess.start(
                new Shell(script),
                scratch,
                new JvmFlags("64m", true, List.of()),
                ServerProcess.baseConfiguration());
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
