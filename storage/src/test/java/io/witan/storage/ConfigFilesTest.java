package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.storage.testing.DiskFaults.Operation;
import io.witan.storage.testing.FakeDisk;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

class ConfigFilesTest {

    private static final Path CONFIG = Path.of("/conf/zoo.cfg");

    private static final String STATIC =
            """
            # Three servers
            tickTime=2000
            server.1=a:1:2
            server.2 = b:1:2
              server.3:c:1:2
            serverCnxnFactory=netty
            group.1=1:2:\\
            3
            weight.1=1
            peerType=participant
            clientPort=2181
            clientPortAddress=0.0.0.0
            secureClientPort=2281
            metricsProvider.className=a.\\
              server.b
            dynamicConfigFile=/old
            """;

    private final FakeDisk disk = new FakeDisk();
    private final ConfigFiles files = new ConfigFiles(disk, CONFIG);

    @BeforeEach
    void writeConfig() {
        disk.put(CONFIG, STATIC.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void the_static_file_names_the_members_file_and_no_members() {
        Path dynamic = files.writeDynamic(0x100000005L, "server.1=a:1:2:participant");
        assertThat(dynamic).isEqualTo(Path.of("/conf/zoo.cfg.dynamic.100000005"));
        assertThat(files.dynamic(0x100000005L)).isEqualTo("server.1=a:1:2:participant");
        files.rewriteStatic(dynamic, true);
        assertThat(text(CONFIG))
                .isEqualTo(
                        """
                        # Three servers
                        tickTime=2000
                        serverCnxnFactory=netty
                        secureClientPort=2281
                        metricsProvider.className=a.\\
                          server.b
                        dynamicConfigFile=/conf/zoo.cfg.dynamic.100000005
                        """);
        files.rewriteStatic(dynamic, true);
        assertThat(text(CONFIG)).containsOnlyOnce("dynamicConfigFile");
    }

    @Test
    void the_client_port_stays_unless_the_own_entry_has_it() {
        files.rewriteStatic(Path.of("/d"), false);
        assertThat(text(CONFIG)).contains("\nclientPort=2181\nclientPortAddress=0.0.0.0\n");
    }

    @Test
    void a_last_line_that_goes_on_does_not_swallow_the_new_one() {
        assertThat(ConfigFiles.rewritten("a=b\\", Path.of("/d"), true))
                .isEqualTo("a=b\\\n\ndynamicConfigFile=/d\n");
        assertThat(ConfigFiles.rewritten("a=b\\\\\nserver.1=x\\", Path.of("/d"), true))
                .isEqualTo("a=b\\\\\ndynamicConfigFile=/d\n");
    }

    @Test
    void the_configuration_last_seen_is_kept_until_it_is_committed() {
        assertThat(files.next()).isNull();
        files.writeNext("server.1=a:1:2\nversion=5");
        assertThat(files.next()).isEqualTo("server.1=a:1:2\nversion=5");
        files.deleteNext();
        files.deleteNext();
        disk.crash(new Random(1));
        assertThat(files.next()).isNull();
    }

    @Test
    void the_operators_file_is_kept() {
        String operators = STATIC.replace("dynamicConfigFile=/old\n", "");
        disk.put(CONFIG, operators.getBytes(StandardCharsets.UTF_8));
        files.backUp();
        files.rewriteStatic(Path.of("/d"), true);
        assertThat(text(Path.of("/conf/zoo.cfg.bak"))).isEqualTo(operators);

        files.backUp();
        assertThat(text(Path.of("/conf/zoo.cfg.bak")))
                .as("after the next change of the ensemble")
                .isEqualTo(operators);
    }

    @Test
    void a_crash_leaves_the_old_text_or_the_new() {
        String after = ConfigFiles.rewritten(STATIC, Path.of("/d"), true);
        for (int step = 0; step < 8; step++) {
            for (int seed = 0; seed < 20; seed++) {
                FakeDisk crashing = disk.copy();
                int[] left = {step};
                crashing.faults((operation, path) -> {
                    if (left[0]-- <= 0) {
                        throw new IllegalStateException("power cut");
                    }
                });
                boolean done = false;
                try {
                    new ConfigFiles(crashing, CONFIG).rewriteStatic(Path.of("/d"), true);
                    done = true;
                } catch (IllegalStateException expected) {
                    // The machine is off.
                }
                crashing.crash(new Random(seed));
                String found = new String(crashing.content(CONFIG), StandardCharsets.UTF_8);
                assertThat(found).isIn(done ? new String[] {after} : new String[] {STATIC, after});
            }
        }
    }

    @Test
    void a_directory_that_cannot_be_written_is_named() {
        disk.faults((operation, path) -> {
            if (operation == Operation.CREATE) {
                throw new IOException("Permission denied");
            }
        });
        assertThatThrownBy(() -> files.writeNext("version=1"))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("zoo.cfg.dynamic.next")
                .hasMessageContaining("Permission denied");
    }

    private String text(Path path) {
        return new String(disk.content(path), StandardCharsets.UTF_8);
    }
}
