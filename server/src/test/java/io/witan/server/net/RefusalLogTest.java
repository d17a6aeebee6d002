package io.witan.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Whoever is refused is named, but nobody can fill the log by being refused.
class RefusalLogTest {

    private final List<String> lines = new ArrayList<>();
    private final RefusalLog log = RefusalLog.ofClients(lines::add);

    @Test
    void says_who_and_why() {
        log.say(0, "192.0.2.1", "a frame of -1 bytes");

        assertThat(lines)
                .containsExactly("Client disconnected: a frame of -1 bytes client=192.0.2.1");
    }

    @Test
    void between_servers_it_is_called_by_what_it_is() {
        RefusalLog.ofServers(lines::add).say(0, "192.0.2.1", "a frame of -1 bytes");

        assertThat(lines)
                .containsExactly(
                        "Connection of a server refused: a frame of -1 bytes from=192.0.2.1");
    }

    @Test
    void says_a_few_in_a_while_and_how_many_more_there_were() {
        for (int i = 0; i < RefusalLog.LINES_MAX + 90; i++) {
            log.say(1_000 + i, "192.0.2.1", "too many");
        }
        assertThat(lines).hasSize(RefusalLog.LINES_MAX);

        log.say(1_000 + RefusalLog.PERIOD_MILLIS, "192.0.2.2", "too many");

        assertThat(lines).hasSize(RefusalLog.LINES_MAX + 2);
        assertThat(lines.get(RefusalLog.LINES_MAX))
                .isEqualTo("Client disconnected, more of the same: count=90");
    }
}
