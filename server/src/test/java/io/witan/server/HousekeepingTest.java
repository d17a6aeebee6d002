package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.server.config.StorageConfig;
import io.witan.storage.DataDirectory;
import io.witan.storage.SnapshotCompression;
import io.witan.storage.SnapshotTrailer;
import io.witan.storage.SnapshotWriter;
import io.witan.storage.testing.DiskFaults.Operation;
import io.witan.storage.testing.FakeDisk;
import io.witan.wire.data.StoredStat;
import io.witan.wire.jute.JuteWriter;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Old snapshots go at the start and then at every interval (`autopurge.*`). The clock of these
/// tests moves when they say so.
class HousekeepingTest {

    private static final Path DATA = Path.of("/data");

    private final FakeDisk disk = new FakeDisk();
    private final DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true);
    private final Timer timer = new Timer();

    @AfterEach
    void close() {
        timer.shutdownNow();
        directory.close();
    }

    @Test
    void old_snapshots_go_at_the_start_and_at_every_interval() throws IOException {
        snapshots(1, 5);
        try (var housekeeping = housekeeping(3, 2)) {
            housekeeping.start();

            timer.pass(0);
            assertThat(snapshots()).containsExactly("snapshot.3", "snapshot.4", "snapshot.5");

            snapshots(6, 7);
            timer.pass(119);
            assertThat(snapshots()).hasSize(5);
            timer.pass(1);
            assertThat(snapshots()).containsExactly("snapshot.5", "snapshot.6", "snapshot.7");

            snapshots(8, 8);
            timer.pass(120);
            assertThat(snapshots()).containsExactly("snapshot.6", "snapshot.7", "snapshot.8");
        }
    }

    @Test
    void without_an_interval_nothing_goes() throws IOException {
        snapshots(1, 5);
        try (var housekeeping = housekeeping(3, 0)) {
            housekeeping.start();
            timer.pass(1000 * 60);
            assertThat(snapshots()).hasSize(5);
        }
    }

    @Test
    void a_purge_that_fails_is_tried_again_at_the_next_interval() throws IOException {
        snapshots(1, 5);
        try (var housekeeping = housekeeping(3, 1)) {
            disk.faults((operation, path) -> {
                if (operation == Operation.DELETE) {
                    throw new IOException("Permission denied");
                }
            });
            housekeeping.start();
            timer.pass(0);
            assertThat(snapshots()).hasSize(5);

            disk.faults((operation, path) -> {});
            timer.pass(60);
            assertThat(snapshots()).hasSize(3);
        }
    }

    @Test
    void sizes_are_known_at_once_and_kept_fresh() {
        try (var housekeeping = housekeeping(3, 0)) {
            housekeeping.start();
            timer.pass(0);
            long before = housekeeping.dataDirBytes();
            snapshots(1, 1);
            timer.pass(1);
            assertThat(housekeeping.dataDirBytes()).isGreaterThan(before);
            assertThat(housekeeping.logDirBytes()).isEqualTo(housekeeping.dataDirBytes());
        }
    }

    private Housekeeping housekeeping(int snapshotsRetained, int intervalHours) {
        return new Housekeeping(
                directory, new StorageConfig.Purge(snapshotsRetained, intervalHours), timer);
    }

    private void snapshots(int from, int to) {
        var stream = new JuteWriter();
        stream.writeInt(0).writeInt(0).writeBuffer(new byte[0]).writeBuffer(null).writeLong(-1);
        StoredStat.ZERO.write(stream);
        for (int zxid = from; zxid <= to; zxid++) {
            try (var writer =
                    new SnapshotWriter(
                            disk, directory.snapshotDirectory(), zxid, SnapshotCompression.NONE)) {
                writer.write(stream.bytes(), 0, stream.length());
                writer.finish(SnapshotTrailer.NONE);
            }
        }
    }

    private List<String> snapshots() throws IOException {
        return disk.list(directory.snapshotDirectory()).stream()
                .filter(name -> name.startsWith("snapshot."))
                .toList();
    }

    /// Runs what is due when time passes, on the thread of the test.
    private static final class Timer extends ScheduledThreadPoolExecutor {

        private final List<Task> tasks = new ArrayList<>();
        private long nowSeconds;

        private static final class Task {

            final Runnable what;
            final long periodSeconds;
            long dueSeconds;

            Task(Runnable what, long dueSeconds, long periodSeconds) {
                this.what = what;
                this.dueSeconds = dueSeconds;
                this.periodSeconds = periodSeconds;
            }
        }

        Timer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(
                Runnable what, long delay, long period, TimeUnit unit) {
            tasks.add(new Task(what, nowSeconds + unit.toSeconds(delay), unit.toSeconds(period)));
            return schedule(() -> {}, 0, unit);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(
                Runnable what, long delay, long period, TimeUnit unit) {
            return scheduleAtFixedRate(what, delay, period, unit);
        }

        void pass(long minutes) {
            nowSeconds += TimeUnit.MINUTES.toSeconds(minutes);
            for (Task task : tasks) {
                while (task.dueSeconds <= nowSeconds) {
                    task.dueSeconds += task.periodSeconds;
                    task.what.run();
                }
            }
        }
    }
}
