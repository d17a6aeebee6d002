package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.storage.testing.DiskFaults.Operation;
import io.witan.storage.testing.FakeDisk;
import io.witan.wire.jute.DecodeException;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

class RecoveryTest {

    private static final Path DATA = Path.of("/data");
    private static final Path LOGS = Path.of("/logs");
    private static final RecoverySettings NOTHING_BY_ITSELF = new RecoverySettings(false, false);

    private final FakeDisk disk = new FakeDisk();
    private final Collected state = new Collected();

    @Test
    void an_empty_directory_begins_a_new_database() {
        Recovered recovered = recover(RecoverySettings.DEFAULT);
        assertThat(recovered.origin()).isEqualTo(Recovered.Origin.NEW);
        assertThat(recovered.lastZxid()).isZero();
    }

    @Test
    void an_empty_directory_is_no_new_database_if_that_is_switched_off() {
        Recovered recovered = recover(NOTHING_BY_ITSELF);
        assertThat(recovered.origin()).isEqualTo(Recovered.Origin.UNKNOWN);
        assertThat(recovered.lastZxid()).isEqualTo(-1);
    }

    @Test
    void a_file_initialize_in_either_place_begins_a_new_database_once() {
        for (Path parent : List.of(DATA, LOGS)) {
            disk.put(parent.resolve("initialize"), new byte[0]);
            assertThat(recover(NOTHING_BY_ITSELF).origin()).isEqualTo(Recovered.Origin.NEW);
            assertThat(recover(NOTHING_BY_ITSELF).origin()).isEqualTo(Recovered.Origin.NEW);
            begun();
            assertThat(disk.kind(parent.resolve("initialize"))).isEqualTo(Disk.Kind.MISSING);
            assertThat(recover(NOTHING_BY_ITSELF).origin()).isEqualTo(Recovered.Origin.UNKNOWN);
        }
    }

    @Test
    void what_is_left_of_a_lost_state_is_no_empty_directory() {
        disk.put(DATA.resolve("version-2/snapshot.5"), new byte[] {1, 2, 3});
        assertThatThrownBy(this::recoverOneDirectory)
                .isInstanceOf(NoUsableSnapshotException.class)
                .hasMessageContaining("snapshot.5 is not whole");
    }

    @Test
    void a_first_snapshot_that_was_not_finished_is_an_empty_directory() {
        disk.put(DATA.resolve("version-2/snapshot.0"), new byte[] {1, 2, 3});
        assertThat(recoverOneDirectory().origin()).isEqualTo(Recovered.Origin.NEW);
    }

    @Test
    void a_looking_tool_changes_nothing() throws IOException {
        disk.putDirectory(DATA, Vectors.path("torn-eof"));
        disk.put(DATA.resolve("initialize"), new byte[0]);
        byte[] before = disk.content(DATA.resolve("version-2/log.b"));
        try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, false)) {
            disk.faults((operation, path) -> {
                if (operation != Operation.READ) {
                    throw new IOException(operation + " " + path);
                }
            });
            Recovered recovered = Recovery.inspect(directory, RecoverySettings.DEFAULT, state);
            assertThat(recovered.lastZxid()).isEqualTo(0xd);
            assertThat(recovered.findings()).hasSize(1);
        }
        assertThat(disk.content(DATA.resolve("version-2/log.b"))).isEqualTo(before);
    }

    @Test
    void progress_reaches_the_total() throws IOException {
        disk.putDirectory(DATA, Vectors.path("main"));
        recoverOneDirectory();
        assertThat(state.progressTotal).isEqualTo(6346 + 16400);
        assertThat(state.progressDone).isEqualTo(state.progressTotal);
    }

    @Test
    void a_fuzzy_snapshot_without_the_log_after_it_is_warned_about() {
        byte[] stream = Snapshots.stream(3);
        try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true);
                SnapshotWriter writer =
                        new SnapshotWriter(
                                disk, directory.snapshotDirectory(), 5, SnapshotCompression.NONE)) {
            writer.write(stream, 0, stream.length);
            writer.finish(new SnapshotTrailer(null, 9L));
        }
        Recovered recovered = recoverOneDirectory();
        assertThat(recovered.lastZxid()).isEqualTo(5);
        assertThat(recovered.findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Finding.Severity.WARN);
                    assertThat(finding.text()).contains("0x9", "0x5");
                });
    }

    @Test
    void a_visitor_that_finds_a_snapshot_impossible_gets_the_one_before() throws IOException {
        disk.putDirectory(DATA, Vectors.path("small"));
        Collected picky =
                new Collected() {
                    @Override
                    public void end() {
                        if (snapshotZxid == 0xa) {
                            throw new DecodeException("a znode lacks its parent");
                        }
                    }
                };
        try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true)) {
            Recovered recovered = Recovery.recover(directory, RecoverySettings.DEFAULT, picky);
            assertThat(recovered.lastZxid()).isEqualTo(0xe);
            assertThat(picky.zxids).hasSize(14);
            assertThat(recovered.findings())
                    .singleElement()
                    .satisfies(finding ->
                            assertThat(finding.text())
                                    .contains("snapshot.a", "a znode lacks its parent"));
        }
    }

    @Test
    void a_left_over_temporary_file_of_the_original_is_looked_at_like_a_snapshot()
            throws IOException {
        disk.putDirectory(DATA, Vectors.path("small"));
        byte[] whole = disk.content(DATA.resolve("version-2/snapshot.a"));
        disk.put(DATA.resolve("version-2/snapshot.c.tmp"), whole);
        recoverOneDirectory();
        assertThat(state.snapshotZxid).isEqualTo(0xc);
    }

    @Test
    void snapshots_and_logs_may_lie_apart() throws IOException {
        FakeDisk small = Vectors.disk("small");
        for (String name : small.list(DATA.resolve("version-2"))) {
            disk.put(
                    (name.startsWith("log") ? LOGS : DATA).resolve("version-2").resolve(name),
                    small.content(DATA.resolve("version-2").resolve(name)));
        }
        assertThat(recover(RecoverySettings.DEFAULT).lastZxid()).isEqualTo(0xe);
    }

    @Test
    void a_disk_that_cannot_be_written_stops_the_start() throws IOException {
        disk.putDirectory(DATA, Vectors.path("torn-eof"));
        try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true)) {
            disk.faults((operation, path) -> {
                if (operation == Operation.SET_SIZE) {
                    throw new IOException("Read-only file system");
                }
            });
            assertThatThrownBy(() -> Recovery.recover(directory, RecoverySettings.DEFAULT, state))
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining("Read-only file system");
        }
    }

    @Test
    void the_first_transaction_of_an_epoch_follows_any_and_a_later_one_does_not()
            throws IOException {
        disk.putDirectory(DATA, Vectors.path("small"));
        log(0x100000001L);
        assertThat(recoverOneDirectory().lastZxid()).isEqualTo(0x100000001L);

        disk.remove(DATA.resolve("version-2/log.100000001"));
        log(0x100000005L);
        assertThatThrownBy(this::recoverOneDirectory)
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining("log.b has transaction 0xe")
                .hasMessageContaining("0x100000005");
    }

    @Test
    void epochs_are_remembered_atomically() {
        try (DataDirectory directory = DataDirectory.open(disk, DATA, LOGS, true)) {
            assertThat(EpochFile.CURRENT.read(directory)).isEmpty();
            EpochFile.CURRENT.write(directory, 7);
            EpochFile.ACCEPTED.write(directory, 8);
            assertThat(disk.content(DATA.resolve("version-2/currentEpoch")))
                    .isEqualTo("7".getBytes(StandardCharsets.UTF_8));
            for (int step = 0; step < 7; step++) {
                for (int seed = 0; seed < 10; seed++) {
                    FakeDisk crashing = disk.copy();
                    int[] left = {step};
                    crashing.faults((operation, path) -> {
                        if (left[0]-- == 0) {
                            throw new IllegalStateException("power cut");
                        }
                    });
                    long least = 7;
                    try (DataDirectory again = DataDirectory.open(crashing, DATA, LOGS, true)) {
                        EpochFile.CURRENT.write(again, 9);
                        least = 9;
                    } catch (IllegalStateException expected) {
                        // The machine is off.
                    }
                    crashing.crash(new Random(seed));
                    try (DataDirectory again = DataDirectory.open(crashing, DATA, LOGS, true)) {
                        assertThat(EpochFile.CURRENT.read(again).getAsLong()).isBetween(least, 9L);
                        assertThat(EpochFile.ACCEPTED.read(again)).hasValue(8);
                    }
                }
            }
        }
    }

    @Test
    void an_epoch_that_is_no_number_is_refused() {
        disk.put(DATA.resolve("version-2/acceptedEpoch"), "x".getBytes(StandardCharsets.UTF_8));
        try (DataDirectory directory = DataDirectory.open(disk, DATA, LOGS, true)) {
            assertThatThrownBy(() -> EpochFile.ACCEPTED.read(directory))
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining("acceptedEpoch does not hold a number");
        }
    }

    private void log(long zxid) {
        byte[] payload = Txns.create(zxid);
        try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true);
                LogWriter writer =
                        new LogWriter(
                                disk,
                                directory.logDirectory(),
                                LogSettings.DEFAULT.withPreallocBytes(0),
                                LogListener.NONE,
                                zxid - 1)) {
            writer.append(payload, 0, payload.length);
            writer.commit();
        }
    }

    private Recovered recover(RecoverySettings settings) {
        try (DataDirectory directory = DataDirectory.open(disk, DATA, LOGS, true)) {
            return Recovery.recover(directory, settings, state);
        }
    }

    private void begun() {
        try (DataDirectory directory = DataDirectory.open(disk, DATA, LOGS, true)) {
            Recovery.begun(directory);
        }
    }

    private Recovered recoverOneDirectory() {
        try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true)) {
            return Recovery.recover(directory, RecoverySettings.DEFAULT, state);
        }
    }
}
