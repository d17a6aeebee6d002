package io.witan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class SnapshotWatcherTest {

    private static final long MILLIS = 1_000_000;

    @TempDir private Path directory;

    @Test
    void signs_of_life_close_together_are_one_snapshot() {
        var watcher = SnapshotWatcher.of(directory);

        watcher.saw(0, 10 * MILLIS);
        watcher.saw(10 * MILLIS, 20 * MILLIS);
        watcher.saw(300 * MILLIS, 310 * MILLIS);
        watcher.saw(2_000 * MILLIS, 2_010 * MILLIS);

        assertThat(watcher.spans())
                .containsExactly(
                        new SnapshotWatcher.Span(0, 310 * MILLIS),
                        new SnapshotWatcher.Span(2_000 * MILLIS, 2_010 * MILLIS));
    }

    @Test
    void a_write_touches_a_snapshot_when_they_share_a_moment() {
        var span = new SnapshotWatcher.Span(100, 200);

        assertThat(span.touches(50, 99)).isFalse();
        assertThat(span.touches(50, 100)).isTrue();
        assertThat(span.touches(150, 160)).isTrue();
        assertThat(span.touches(50, 300)).isTrue();
        assertThat(span.touches(201, 300)).isFalse();
    }

    @Test
    void logs_are_no_snapshots() throws IOException {
        Files.writeString(directory.resolve("log.1"), "abc");
        Files.writeString(directory.resolve("snapshot.5"), "abcd");

        assertThat(SnapshotWatcher.sizes(directory))
                .containsExactlyEntriesOf(Map.of("snapshot.5", 4L));
    }
}
