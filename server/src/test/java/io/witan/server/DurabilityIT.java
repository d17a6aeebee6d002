package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.storage.LogWriteException;
import io.witan.storage.testing.DiskFaults.Operation;
import io.witan.storage.testing.FakeDisk;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Nothing is acknowledged before the disk has it (safety, D1; design, failure policy).
class DurabilityIT {

    private static final byte[] DATA = {1, 2, 3};

    @TempDir private Path scratch;

    private final FakeDisk disk = new FakeDisk();

    @Test
    void a_write_is_neither_answered_nor_seen_while_its_sync_stalls() throws Exception {
        try (var server = new RunningServer(disk, scratch);
                var writer = server.connectWithSession();
                var reader = server.connectWithSession()) {
            var syncBegins = new CountDownLatch(1);
            var syncMayEnd = new CountDownLatch(1);
            disk.faults((operation, path) -> {
                if (operation == Operation.FORCE) {
                    syncBegins.countDown();
                    awaitUninterrupted(syncMayEnd);
                }
            });

            writer.send(1, OpCode.CREATE, WireClient.createBody("/a", DATA));
            syncBegins.await();
            var seen = reader.call(1, OpCode.EXISTS, WireClient.pathAndWatch("/a", false));

            assertThat(seen.err()).isEqualTo(ErrorCode.NO_NODE);
            assertThat(writer.available()).isZero();

            syncMayEnd.countDown();
            assertThat(writer.receive().err()).isEqualTo(ErrorCode.OK);
            seen = reader.call(2, OpCode.EXISTS, WireClient.pathAndWatch("/a", false));
            assertThat(seen.err()).isEqualTo(ErrorCode.OK);
        }
    }

    /// The loop itself waits for the disk then, and another thread goes on with it when that takes
    /// long (docs/decisions/0009).
    @Test
    void while_the_sync_of_a_lone_client_stalls_others_are_served() throws Exception {
        try (var server = new RunningServer(disk, scratch);
                var writer = server.connectWithSession()) {
            assertServesWhileSyncsStall(server.server(), writer, "standalone");
        }
    }

    @Test
    void while_the_sync_of_a_lone_client_stalls_a_member_goes_on() throws Exception {
        try (var member = new RunningMember(disk, scratch);
                var writer = member.connectWithSession()) {
            assertServesWhileSyncsStall(member.server(), writer, "leader");
        }
    }

    private void assertServesWhileSyncsStall(ServerInstance server, WireClient writer, String mode)
            throws Exception {
        for (int i = 1; i <= 3; i++) {
            var syncBegins = new CountDownLatch(1);
            var syncMayEnd = new CountDownLatch(1);
            disk.faults((operation, path) -> {
                if (operation == Operation.FORCE) {
                    syncBegins.countDown();
                    awaitUninterrupted(syncMayEnd);
                }
            });
            writer.send(i, OpCode.CREATE, WireClient.createBody("/n" + i, DATA));
            syncBegins.await();

            assertThat(WireClient.ask(server.address().getPort(), "srvr"))
                    .contains("Mode: " + mode);
            assertThat(writer.available()).isZero();

            // The threads have changed their places, and do so again in the next round.
            syncMayEnd.countDown();
            assertThat(writer.receive().err()).isEqualTo(ErrorCode.OK);
        }
    }

    @Test
    void a_failed_sync_ends_the_server_and_the_write_is_never_acknowledged() throws Exception {
        try (var server = new RunningServer(disk, scratch);
                var writer = server.connectWithSession()) {
            disk.faults((operation, path) -> {
                if (operation == Operation.FORCE) {
                    throw new IOException("Input/output error");
                }
            });

            writer.send(1, OpCode.CREATE, WireClient.createBody("/a", DATA));
            Throwable reason = server.server().failure().get(1, TimeUnit.MINUTES);

            assertThat(reason)
                    .isInstanceOf(LogWriteException.class)
                    .hasMessageContaining("log.")
                    .hasMessageContaining("Input/output error");
            server.server().close();
            assertThat(writer.receiveToTheEnd()).isEmpty();
        }
    }

    @Test
    void what_was_acknowledged_is_there_after_a_power_cut() throws Exception {
        try (var server = new RunningServer(disk, scratch);
                var writer = server.connectWithSession()) {
            for (int i = 1; i <= 100; i++) {
                assertThat(writer.create(i, "/n" + i, DATA).err()).isEqualTo(ErrorCode.OK);
            }
            server.server().close();
        }
        disk.crash(new SplittableRandom(7));

        try (var server = new RunningServer(disk, scratch);
                var reader = server.connectWithSession()) {
            for (int i = 1; i <= 100; i++) {
                var reply =
                        reader.call(i, OpCode.GET_DATA, WireClient.pathAndWatch("/n" + i, false));
                assertThat(reply.err()).isEqualTo(ErrorCode.OK);
                assertThat(reply.reader().readBuffer()).isEqualTo(DATA);
            }
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
