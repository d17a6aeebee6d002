package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class RecoveryProgressTest {

    private static final Path SNAPSHOT = Path.of("/data/version-2/snapshot.1f");
    private static final long MEBIBYTE = 1 << 20;

    private final List<String> log = new ArrayList<>();
    private long nowNanos = Long.MAX_VALUE - 1_500_000_000; // it is an odd clock that never wraps
    private final RecoveryProgress progress = new RecoveryProgress(() -> nowNanos, log::add);

    @Test
    void a_recovery_within_a_second_says_nothing() {
        after(0, 0);
        after(999, 100);

        assertThat(log).isEmpty();
    }

    @Test
    void after_a_second_it_says_how_much_is_done_of_how_much_and_how_long_the_rest_takes() {
        after(1_000, 50);

        assertThat(log)
                .containsExactly(
                        "Reading the data directory: file=/data/version-2/snapshot.1f done=50.0MiB"
                                + " total=200.0MiB percent=25 left=3.0s");
    }

    @Test
    void after_that_it_says_so_every_three_seconds() {
        for (int mebibytes = 1; mebibytes <= 10; mebibytes++) {
            after(1_000, mebibytes);
        }

        assertThat(log).hasSize(4);
        assertThat(log.getLast()).contains("percent=5 left=190.0s");
    }

    private void after(long millis, long mebibytes) {
        nowNanos += millis * 1_000_000;
        progress.read(SNAPSHOT, mebibytes * MEBIBYTE, 200 * MEBIBYTE);
    }
}
