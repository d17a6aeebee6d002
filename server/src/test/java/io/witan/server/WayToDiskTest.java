package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioIoHandler;
import io.witan.replica.metrics.Summary;
import io.witan.server.log.LogThread;
import io.witan.server.net.CoreLoop;
import io.witan.server.net.NoClients;
import io.witan.server.net.RelayedEventLoop;
import io.witan.storage.LogListener;
import io.witan.storage.LogSettings;
import io.witan.storage.LogWriter;
import io.witan.storage.testing.FakeDisk;
import io.witan.wire.txn.TxnHeader;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The loop syncs where nobody has to wait for it who would not wait anyway, and only there.
@Timeout(60)
class WayToDiskTest {

    private static final Path DIRECTORY = Path.of("/data/version-2");
    private static final long NO_TICK = 3_600_000;

    private final FakeDisk disk = new FakeDisk();
    private final BlockingQueue<Durable> durable = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final RelayedEventLoop loop =
            new RelayedEventLoop("loop", NioIoHandler.newFactory(), failures::add);
    private final CoreLoop core = new CoreLoop(loop, failures::add);
    private LogThread log;
    private WayToDisk wayToDisk;
    private long zxid;

    // Owned by the loop.
    private int clients;
    private boolean everyClientWaits;

    private record Durable(long zxid, String thread) {

        boolean isByTheLoop() {
            return thread.startsWith("loop");
        }
    }

    @BeforeEach
    void start() throws IOException {
        disk.createDirectories(DIRECTORY);
        var writer =
                new LogWriter(
                        disk,
                        DIRECTORY,
                        LogSettings.DEFAULT.withPreallocBytes(4096),
                        LogListener.NONE,
                        0);
        log =
                new LogThread(
                        writer,
                        (upTo, _, _) ->
                                durable.add(new Durable(upTo, Thread.currentThread().getName())),
                        failures::add);
        log.start();
        wayToDisk = new WayToDisk(core, log.commits());
        core.start(
                new NoClients(),
                () -> wayToDisk.take(clients, everyClientWaits),
                () -> {},
                NO_TICK,
                new Summary());
    }

    @AfterEach
    void stop() {
        core.stop();
        log.close(10_000);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        assertThat(failures).isEmpty();
    }

    @Test
    void writes_of_clients_of_which_some_do_not_wait_never_hold_up_the_loop() throws Exception {
        for (int round = 0; round < 200; round++) {
            batch(3, 10, false);
            assertThat(awaitDurable().isByTheLoop()).isFalse();
        }
    }

    @Test
    void the_write_of_a_client_that_is_alone_is_synced_on_the_loop() throws Exception {
        batch(1, 1, true);
        assertThat(awaitDurable().isByTheLoop()).isTrue();
    }

    @Test
    void where_every_client_waits_again_and_again_the_loop_syncs() throws Exception {
        do {
            batch(10, 10, true);
        } while (!awaitDurable().isByTheLoop());
    }

    /// Some clients do not come back, and those that have are not kept waiting for them.
    @Test
    void nothing_that_is_handed_over_is_left_behind() throws Exception {
        var random = new Random(2026);
        for (int round = 0; round < 2_000; round++) {
            int writers = random.nextInt(20) == 0 ? 1 + random.nextInt(9) : 10;
            batch(writers, 10, writers == 10);
            awaitDurable();
        }
    }

    private void batch(int txns, int connected, boolean allWait) {
        long first = zxid + 1;
        zxid += txns;
        core.execute(() -> {
            clients = connected;
            everyClientWaits = allWait;
            for (long next = first; next < first + txns; next++) {
                byte[] txn = ByteBuffer.allocate(TxnHeader.BYTES + 4).putLong(12, next).array();
                log.propose(next, txn, 0, txn.length);
            }
        });
    }

    /// The group in which the last transaction became durable.
    private Durable awaitDurable() throws InterruptedException {
        Durable group = durable.take();
        while (group.zxid() < zxid) {
            group = durable.take();
        }
        return group;
    }
}
