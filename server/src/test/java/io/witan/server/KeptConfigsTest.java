package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.storage.ConfigFiles;
import io.witan.storage.testing.FakeDisk;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

class KeptConfigsTest {

    private static final Path CONFIG = Path.of("/conf/zoo.cfg");

    private final FakeDisk disk = new FakeDisk();
    private final ConfigFiles files = new ConfigFiles(disk, CONFIG);
    private final KeptConfigs kept = new KeptConfigs(files, 1);

    KeptConfigsTest() {
        disk.put(CONFIG, "tickTime=2000\nserver.1=a:1:2;3\n".getBytes(StandardCharsets.UTF_8));
    }

    private static EnsembleConfig config(long version) throws ConfigTextException {
        return EnsembleConfig.parse(
                "server.1=a:1:2:participant;3\nversion=" + Long.toHexString(version));
    }

    @Test
    void one_that_comes_into_force_is_the_one_that_is_started_with() throws Exception {
        kept.keepLastSeen(config(5));
        kept.keepCommitted(config(5));

        assertThat(files.next()).isNull();
        assertThat(files.dynamic(5)).isEqualTo(config(5).fileText());
        assertThat(new String(disk.content(CONFIG), StandardCharsets.UTF_8))
                .isEqualTo("tickTime=2000\ndynamicConfigFile=/conf/zoo.cfg.dynamic.5\n");
    }

    @Test
    void one_that_was_seen_since_is_not_forgotten_with_it() throws Exception {
        kept.keepLastSeen(config(7));
        kept.keepCommitted(config(5));

        assertThat(files.next()).isEqualTo(config(7).text());
    }
}
