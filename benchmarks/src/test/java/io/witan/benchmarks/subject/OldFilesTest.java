package io.witan.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.stream.Stream;

class OldFilesTest {

    @Test
    void three_snapshots_stay_and_the_log_that_holds_what_follows_the_oldest_of_them() {
        var snapshots = "snapshot.0 snapshot.10 snapshot.20 snapshot.30 snapshot.100 ";

        assertThat(unneeded(snapshots + "log.1 log.11 log.1e log.22 log.31"))
                .containsExactlyInAnyOrder("snapshot.0", "snapshot.10", "log.1", "log.11");
    }

    @Test
    void nothing_goes_with_three_snapshots() {
        assertThat(unneeded("snapshot.0 snapshot.10 snapshot.20 log.1 log.11")).isEmpty();
    }

    @Test
    void what_is_neither_a_snapshot_nor_a_log_stays() {
        var snapshots = "snapshot.0 snapshot.10 snapshot.20 snapshot.30 ";

        assertThat(unneeded(snapshots + "snapshot.40.tmp acceptedEpoch log.1"))
                .containsExactly("snapshot.0");
    }

    private static Stream<String> unneeded(String names) {
        var files = Stream.of(names.split(" ")).map(Path::of).toList();
        return OldFiles.unneeded(files).stream().map(Path::toString);
    }
}
