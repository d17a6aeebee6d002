package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.storage.testing.DiskFaults.Operation;
import io.witan.storage.testing.FakeDisk;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;

class DataDirectoryTest {

    private static final Path DATA = Path.of("/srv/data");
    private static final Path LOGS = Path.of("/srv/logs");

    private final FakeDisk disk = new FakeDisk();

    @Test
    void creates_what_is_missing() {
        try (DataDirectory directory = open(LOGS)) {
            assertThat(directory.snapshotDirectory()).isEqualTo(DATA.resolve("version-2"));
            assertThat(directory.logDirectory()).isEqualTo(LOGS.resolve("version-2"));
            assertThat(disk.kind(directory.logDirectory())).isEqualTo(Disk.Kind.DIRECTORY);
        }
    }

    @Test
    void creates_nothing_if_told_so() {
        assertThatThrownBy(() -> DataDirectory.open(disk, DATA, DATA, false))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("dataDir /srv/data")
                .hasMessageContaining("zookeeper.datadir.autocreate=false")
                .hasMessageContaining("mounted");
    }

    @Test
    void a_file_in_place_of_a_directory_is_named() {
        disk.put(DATA, new byte[] {1});
        assertThatThrownBy(() -> open(DATA))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("/srv/data is not a directory");

        FakeDisk other = new FakeDisk();
        other.put(DATA.resolve("version-2"), new byte[] {1});
        assertThatThrownBy(() -> DataDirectory.open(other, DATA, DATA, true))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("/srv/data/version-2 is not a directory");
    }

    @Test
    void a_directory_that_cannot_be_written_is_named() throws IOException {
        disk.createDirectories(LOGS.resolve("version-2"));
        disk.readOnly(LOGS.resolve("version-2"));
        assertThatThrownBy(() -> open(LOGS))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("dataLogDir: cannot write to /srv/logs/version-2");
    }

    @Test
    void a_directory_that_cannot_be_created_is_named() {
        disk.faults((operation, path) -> {
            if (operation == Operation.CREATE_DIRECTORY) {
                throw new IOException("Permission denied");
            }
        });
        assertThatThrownBy(() -> open(DATA))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("cannot create /srv/data/version-2: Permission denied");
    }

    @Test
    void a_full_disk_is_named() {
        disk.capacityBytes(500_000);
        assertThatThrownBy(() -> open(DATA))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("dataDir: the disk under /srv/data/version-2 is full")
                .hasMessageContaining("500000 bytes are left");
        disk.capacityBytes(Long.MAX_VALUE);
        open(DATA).close();
    }

    @Test
    void two_servers_do_not_share_a_directory() {
        DataDirectory first = open(LOGS);
        assertThatThrownBy(() -> open(DATA))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("/srv/data is in use by another server");
        assertThatThrownBy(() -> DataDirectory.open(disk, LOGS, LOGS, true))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("/srv/logs is in use by another server");
        first.close();
        open(LOGS).close();
    }

    @Test
    void a_failed_opening_holds_no_lock() {
        disk.put(LOGS.resolve("version-2/snapshot.0"), new byte[] {1});
        assertThatThrownBy(() -> open(LOGS)).isInstanceOf(DataDirectoryException.class);
        open(DATA).close();
    }

    @Test
    void files_in_the_wrong_directory_are_named() {
        disk.put(LOGS.resolve("version-2/snapshot.25"), new byte[] {1});
        assertThatThrownBy(() -> open(LOGS))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("/srv/logs/version-2/snapshot.25 lies in dataLogDir")
                .hasMessageContaining("Move all snapshot.* files to /srv/data/version-2");

        FakeDisk other = new FakeDisk();
        other.put(DATA.resolve("version-2/log.1"), new byte[] {1});
        assertThatThrownBy(() -> DataDirectory.open(other, DATA, LOGS, true))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("/srv/data/version-2/log.1 lies in dataDir");
    }

    @Test
    void names_are_read_as_the_original_reads_them() {
        for (String name :
                new String[] {
                    "log.1",
                    "log.ff",
                    "log.",
                    "log.x",
                    "log",
                    "log.-1",
                    "logs.1",
                    "log.a.b",
                    "log.ffffffffffffffff",
                    "snapshot.1",
                    "snapshot.a.gz",
                    "snapshot.A.GZ",
                    "snapshot.c.tmp",
                    "snapshot.b.snappy",
                    "snapshot",
                    "currentEpoch",
                    "witan.lock"
                }) {
            disk.put(DATA.resolve("version-2").resolve(name), new byte[] {1});
        }
        try (DataDirectory directory = open(DATA)) {
            assertThat(directory.logs())
                    .extracting(LogFile::zxid)
                    .containsExactly(0x1L, 0xaL, 0xffL);
            assertThat(directory.snapshots())
                    .extracting(SnapshotFile::zxid)
                    .containsExactly(0xcL, 0xbL, 0xaL, 0xaL, 0x1L);
            assertThat(directory.snapshots())
                    .extracting(SnapshotFile::compression)
                    .containsExactly(
                            SnapshotCompression.NONE,
                            SnapshotCompression.SNAPPY,
                            SnapshotCompression.GZIP,
                            SnapshotCompression.GZIP,
                            SnapshotCompression.NONE);
            assertThat(directory.snapshotDirectoryBytes()).isEqualTo(17);
        }
    }

    @Test
    void unfinished_snapshots_are_removed() {
        Path unfinished = DATA.resolve("version-2/unfinished.snapshot.7");
        disk.put(unfinished, new byte[] {1});
        open(DATA).close();
        assertThat(disk.kind(unfinished)).isEqualTo(Disk.Kind.MISSING);
    }

    private DataDirectory open(Path logs) {
        return DataDirectory.open(disk, DATA, logs, true);
    }
}
