package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.storage.testing.DiskFaults.Operation;
import io.witan.storage.testing.FakeDisk;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Snapshots are taken while the server serves, when enough has been logged (client-and-disk,
/// section 9.5); that one cannot be written is no reason to stop.
class SnapshotsIT {

    private static final Path FILES = Path.of("/data/version-2");

    @TempDir private Path scratch;

    private final FakeDisk disk = new FakeDisk();

    @Test
    void one_is_taken_after_so_many_transactions_and_loads_after_a_power_cut() throws Exception {
        var renamed = new CountDownLatch(1);
        try (var server = new RunningServer(disk, scratch, "snapCount=50");
                var client = server.connectWithSession()) {
            disk.faults((operation, path) -> {
                if (operation == Operation.SYNC_DIRECTORY && snapshots().size() > 1) {
                    renamed.countDown();
                }
            });
            int created = 0;
            while (renamed.getCount() > 0) {
                created++;
                assertThat(client.create(created, "/n" + created, new byte[10]).err())
                        .isEqualTo(ErrorCode.OK);
            }
            assertThat(created).isGreaterThan(20);
            server.server().close();
            disk.faults((operation, path) -> {});
            disk.crash(new SplittableRandom(3));

            try (var again = new RunningServer(disk, scratch);
                    var reader = again.connectWithSession()) {
                for (int i = 1; i <= created; i++) {
                    var reply =
                            reader.call(i, OpCode.EXISTS, WireClient.pathAndWatch("/n" + i, false));
                    assertThat(reply.err()).isEqualTo(ErrorCode.OK);
                }
            }
        }
    }

    @Test
    void what_was_logged_before_a_restart_counts_for_the_next_one() throws Exception {
        var begun = new CountDownLatch(1);
        disk.faults((operation, path) -> {
            if (operation == Operation.CREATE && !isLog(path) && snapshots().size() == 1) {
                begun.countDown();
            }
        });
        for (int start = 0; start < 8; start++) {
            try (var server = new RunningServer(disk, scratch, "snapCount=50");
                    var client = server.connectWithSession()) {
                for (int i = 1; i <= 10; i++) {
                    client.create(i, "/n%d-%d".formatted(start, i), new byte[10]);
                }
                if (start == 7) {
                    assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
                }
            }
        }
    }

    @Test
    void one_that_is_due_when_another_is_complete_waits_for_no_transaction() throws Exception {
        var written = new CountDownLatch(1);
        var secondBegun = new CountDownLatch(1);
        disk.faults((operation, path) -> {
            if (operation != Operation.CREATE || isLog(path)) {
                return;
            }
            if (snapshots().size() == 1) {
                await(written);
            } else if (snapshots().size() == 2) {
                secondBegun.countDown();
            }
        });
        try (var server = new RunningServer(disk, scratch, "snapCount=50");
                var client = server.connectWithSession()) {
            for (int i = 1; i <= 120; i++) {
                client.create(i, "/n" + i, new byte[10]);
            }

            written.countDown();

            assertThat(secondBegun.await(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void one_that_cannot_be_written_leaves_the_server_serving() throws Exception {
        var refused = new CountDownLatch(2);
        try (var server = new RunningServer(disk, scratch, "snapCount=20");
                var client = server.connectWithSession()) {
            disk.faults((operation, path) -> {
                if (operation == Operation.CREATE && !isLog(path)) {
                    refused.countDown();
                    throw new IOException("No space left on device");
                }
            });
            int created = 0;
            while (refused.getCount() > 0) {
                created++;
                assertThat(client.create(created, "/n" + created, new byte[10]).err())
                        .isEqualTo(ErrorCode.OK);
            }
            assertThat(server.server().failure()).isNotDone();
            assertThat(snapshots()).containsExactly("snapshot.0");
        }
    }

    @Test
    void a_server_stops_while_one_is_written_and_leaves_nothing_of_it() throws Exception {
        var writing = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        try (var server = new RunningServer(disk, scratch, "snapCount=20");
                var client = server.connectWithSession()) {
            disk.faults((operation, path) -> {
                if (operation == Operation.WRITE && !isLog(path)) {
                    writing.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException stopped) {
                        throw new IOException("stopped", stopped);
                    }
                }
            });
            for (int i = 1; writing.getCount() > 0; i++) {
                client.create(i, "/n" + i, new byte[10]);
            }

            server.server().close();

            assertThat(server.server().failure()).isNotDone();
            assertThat(disk.list(FILES)).allMatch(SnapshotsIT::isFinished);
        }
    }

    private List<String> snapshots() throws IOException {
        return disk.list(FILES).stream().filter(name -> name.startsWith("snapshot.")).toList();
    }

    private static boolean isLog(Path path) {
        return path.getFileName().toString().startsWith("log.");
    }

    private static boolean isFinished(String name) {
        return name.startsWith("snapshot.") || name.startsWith("log.") || name.endsWith(".lock");
    }
}
