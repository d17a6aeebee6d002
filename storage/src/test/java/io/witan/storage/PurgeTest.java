package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.storage.testing.FakeDisk;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

class PurgeTest {

    private static final Path DATA = Path.of("/data");
    private static final Path DIRECTORY = DATA.resolve("version-2");

    private final FakeDisk disk = new FakeDisk();

    /// Snapshots at 0, 10, 20, 30, 40, each followed by a new log: log.1, log.b, log.15, ...
    PurgeTest() {
        try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true);
                LogWriter writer =
                        new LogWriter(
                                disk,
                                directory.logDirectory(),
                                LogSettings.DEFAULT.withPreallocBytes(0),
                                LogListener.NONE,
                                0)) {
            for (long zxid = 0; zxid <= 45; zxid++) {
                if (zxid > 0) {
                    byte[] payload = Txns.create(zxid);
                    writer.append(payload, 0, payload.length);
                    writer.commit();
                }
                if (zxid % 10 == 0) {
                    writer.roll();
                    Snapshots.write(disk, DIRECTORY, zxid, SnapshotCompression.NONE);
                }
            }
        }
    }

    @Test
    void keeps_the_newest_snapshots_and_the_logs_after_the_oldest_of_them() throws Exception {
        purge(3);
        assertThat(names())
                .containsExactly(
                        "log.15",
                        "log.1f",
                        "log.29",
                        "log.b",
                        "snapshot.14",
                        "snapshot.1e",
                        "snapshot.28");
        assertThat(recover(disk).lastZxid()).isEqualTo(45);
    }

    @Test
    void deletes_nothing_while_there_are_not_enough() throws Exception {
        List<String> before = names();
        purge(6);
        assertThat(names()).isEqualTo(before);
    }

    @Test
    void counts_no_snapshot_that_is_not_whole() throws Exception {
        cut("snapshot.28");
        purge(3);
        assertThat(names())
                .contains("snapshot.28", "snapshot.1e", "snapshot.14", "snapshot.a")
                .doesNotContain("snapshot.0");
        assertThat(recover(disk).lastZxid()).isEqualTo(45);
    }

    /// Their last bytes are right: the original counts them, and deletes what is needed.
    @Test
    void deletes_nothing_that_is_needed_when_the_newest_snapshots_are_hurt() throws Exception {
        hurt("snapshot.28");
        hurt("snapshot.1e");
        hurt("snapshot.14");
        purge(1);
        assertThat(names()).contains("snapshot.a", "log.b", "log.1").doesNotContain("snapshot.0");
        assertThat(recover(disk).lastZxid()).isEqualTo(45);
    }

    @Test
    void deletes_nothing_without_a_good_snapshot() throws Exception {
        for (String name : names()) {
            if (name.startsWith("snapshot")) {
                hurt(name);
            }
        }
        List<String> before = names();
        purge(1);
        assertThat(names()).isEqualTo(before);
    }

    @Test
    void truncation_leaves_nothing_beyond_its_point() throws Exception {
        for (long zxid : new long[] {44, 41, 40, 39, 31, 30, 25, 11, 10, 1}) {
            FakeDisk copy = disk.copy();
            try (DataDirectory directory = DataDirectory.open(copy, DATA, DATA, true)) {
                LogTruncation.truncateTo(directory, zxid);
            }
            // What was not made durable is lost, what was deleted without a flush comes back.
            copy.crash(new Random(zxid));
            Collected state = new Collected();
            try (DataDirectory directory = DataDirectory.open(copy, DATA, DATA, true)) {
                Recovered recovered = Recovery.recover(directory, RecoverySettings.DEFAULT, state);
                assertThat(recovered.lastZxid()).isEqualTo(zxid);
                assertThat(recovered.findings()).isEmpty();
                assertThat(directory.snapshots()).allMatch(file -> file.zxid() <= zxid);
            }
        }
    }

    @Test
    void truncation_to_a_transaction_that_is_not_there_changes_nothing() throws Exception {
        List<String> before = names();
        try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true)) {
            for (long zxid : new long[] {46, 100, 0x100000001L}) {
                assertThatThrownBy(() -> LogTruncation.truncateTo(directory, zxid))
                        .isInstanceOf(DataDirectoryException.class)
                        .hasMessageContaining("Nothing was changed");
            }
        }
        assertThat(names()).isEqualTo(before);
    }

    private void purge(int kept) {
        try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true)) {
            new Purge(directory, kept).run();
        }
    }

    private static Recovered recover(FakeDisk disk) {
        try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true)) {
            return Recovery.recover(directory, RecoverySettings.DEFAULT, new Collected());
        }
    }

    private List<String> names() throws Exception {
        return disk.list(DIRECTORY).stream().filter(name -> !name.equals("witan.lock")).toList();
    }

    private void hurt(String name) {
        byte[] content = disk.content(DIRECTORY.resolve(name));
        content[100] ^= 4;
        disk.put(DIRECTORY.resolve(name), content);
    }

    private void cut(String name) {
        byte[] content = disk.content(DIRECTORY.resolve(name));
        disk.put(DIRECTORY.resolve(name), Arrays.copyOf(content, content.length - 30));
    }
}
