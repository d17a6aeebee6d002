package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// The real disk keeps what [Disk] promises, as far as that can be seen without cutting the power.
class PosixDiskIT {

    @TempDir private Path home;

    private final PosixDisk disk = new PosixDisk();

    @Test
    void a_server_s_life_on_the_real_disk() {
        Path data = home.resolve("data");
        for (int life = 0; life < 3; life++) {
            try (DataDirectory directory = DataDirectory.open(disk, data, data, true)) {
                Collected state = new Collected();
                Recovered recovered = Recovery.recover(directory, RecoverySettings.DEFAULT, state);
                assertThat(recovered.lastZxid()).isEqualTo(life * 10L);
                Snapshots.write(
                        disk,
                        directory.snapshotDirectory(),
                        recovered.lastZxid(),
                        List.of(SnapshotCompression.values()).get(life));
                try (LogWriter writer =
                        new LogWriter(
                                disk,
                                directory.logDirectory(),
                                LogSettings.DEFAULT,
                                LogListener.NONE,
                                recovered.lastZxid())) {
                    for (long zxid = life * 10L + 1; zxid <= life * 10L + 10; zxid++) {
                        byte[] payload = Txns.create(zxid);
                        writer.append(payload, 0, payload.length);
                        writer.commit();
                    }
                }
            }
        }
    }

    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            architectures = {"amd64", "aarch64"})
    void a_file_that_the_system_may_forget_is_still_there() throws Exception {
        byte[] content = new byte[1 << 20];
        new Random(1).nextBytes(content);
        Path path = home.resolve("forgotten");
        try (DiskFile file = disk.create(path)) {
            file.write(ByteBuffer.wrap(content), 0);
            file.force();
            file.forget(0, content.length);
            file.write(ByteBuffer.wrap(content, 0, 10), content.length);
        }

        assertThat(CLibrary.ofThisSystem()).isNotNull();
        assertThat(Files.readAllBytes(path)).startsWith(content).hasSize(content.length + 10);
    }

    /// Whether past the cache or through it is the file system's choice.
    @Test
    void a_log_is_what_was_appended_to_it() throws Exception {
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
        Path path = home.resolve("log");
        try (DiskFile file = disk.createForAppending(path)) {
            file.setSize(1 << 20);
            for (int end = 0; end < content.length; end += 1_000) {
                file.write(ByteBuffer.wrap(content, end, 1_000), end);
                file.force();
                ByteBuffer last = ByteBuffer.allocate(1_000);
                file.read(last, end);
                assertThat(last.array()).isEqualTo(Arrays.copyOfRange(content, end, end + 1_000));
            }
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(Arrays.copyOf(content, 1 << 20));
    }

    @Test
    void a_second_server_in_this_process_or_another_is_refused() {
        try (DataDirectory held = DataDirectory.open(disk, home, home, true)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> DataDirectory.open(disk, home, home, true))
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining(
                            "in use by another server (process "
                                    + ProcessHandle.current().pid()
                                    + ")");
        }
        DataDirectory.open(disk, home, home, true).close();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void what_is_new_is_its_owner_s_alone() throws Exception {
        Path data = home.resolve("a/b");
        try (DataDirectory directory = DataDirectory.open(disk, data, data, true)) {
            SnapshotFile file =
                    Snapshots.write(
                            disk, directory.snapshotDirectory(), 0, SnapshotCompression.NONE);
            assertThat(modeOf(data)).isEqualTo("rwx------");
            assertThat(modeOf(directory.snapshotDirectory())).isEqualTo("rwx------");
            assertThat(modeOf(file.path())).isEqualTo("rw-------");
        }
    }

    @Test
    void files_are_written_extended_and_cut() throws Exception {
        Path path = home.resolve("file");
        try (DiskFile file = disk.create(path)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 2);
            file.setSize(10);
            assertThat(file.size()).isEqualTo(10);
            ByteBuffer read = ByteBuffer.allocate(20);
            assertThat(file.read(read, 1)).isEqualTo(9);
            assertThat(file.read(read, 10)).isZero();
            file.setSize(4);
            file.force();
        }
        disk.syncDirectory(home);
        assertThat(Files.readAllBytes(path)).containsExactly(0, 0, 1, 2);
        assertThatThrownBy(() -> disk.create(path)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(disk.usableSpace(path)).isPositive();
        Path other = home.resolve("other");
        disk.rename(path, other);
        assertThat(disk.list(home)).containsExactly("other");
        disk.delete(other);
        assertThat(disk.kind(other)).isEqualTo(Disk.Kind.MISSING);
    }

    private static String modeOf(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
