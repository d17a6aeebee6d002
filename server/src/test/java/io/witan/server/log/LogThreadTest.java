package io.witan.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.storage.LogListener;
import io.witan.storage.LogReader;
import io.witan.storage.LogSettings;
import io.witan.storage.LogWriter;
import io.witan.storage.testing.DiskFaults.Operation;
import io.witan.storage.testing.FakeDisk;
import io.witan.wire.txn.TxnHeader;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/// What is handed over becomes durable, in order, in groups.
@Timeout(60)
class LogThreadTest {

    private static final Path DIRECTORY = Path.of("/data/version-2");

    private final FakeDisk disk = new FakeDisk();
    private final BlockingQueue<Group> durable = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private LogThread log;

    private record Group(long zxid, int txns) {}

    @BeforeEach
    void start() throws IOException {
        disk.createDirectories(DIRECTORY);
        log =
                new LogThread(
                        new LogWriter(
                                disk,
                                DIRECTORY,
                                LogSettings.DEFAULT.withPreallocBytes(4096),
                                LogListener.NONE,
                                0),
                        (zxid, txns, nanos) -> durable.add(new Group(zxid, txns)),
                        failures::add);
        log.start();
    }

    @AfterEach
    void stop() {
        log.close(10_000);
        assertThat(failures).isEmpty();
    }

    @Test
    void what_comes_while_a_group_is_synced_is_one_group() throws Exception {
        var syncBegins = new CountDownLatch(1);
        var syncMayEnd = new CountDownLatch(1);
        disk.faults((operation, path) -> {
            if (operation == Operation.FORCE) {
                syncBegins.countDown();
                awaitUninterrupted(syncMayEnd);
            }
        });
        propose(1, 1);
        log.commits().flush();
        syncBegins.await();
        propose(2, 4);
        log.commits().flush();
        propose(5, 5);
        log.commits().flush();
        assertThat(durable).isEmpty();

        syncMayEnd.countDown();

        assertThat(durable.take()).isEqualTo(new Group(1, 1));
        assertThat(durable.take()).isEqualTo(new Group(5, 4));
    }

    /// However the groups form, and whether one was waited for or not.
    @Test
    void everything_handed_over_becomes_durable_without_anything_after_it() throws Exception {
        long zxid = 0;
        for (int round = 0; round < 300; round++) {
            int count = 1 + round % 7;
            for (int i = 0; i < count; i++) {
                zxid++;
                propose(zxid, zxid);
                log.commits().flush();
            }
            awaitDurable(zxid);
        }
        assertThat(zxidsInTheLog()).hasSize((int) zxid).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void a_client_that_is_alone_again_is_served_where_it_asks() throws Exception {
        for (long zxid = 1; zxid <= 9; zxid++) {
            propose(zxid, zxid);
            log.commits().flush();
        }
        awaitDurable(9);
        for (long zxid = 10; zxid <= 200; zxid++) {
            propose(zxid, zxid);
            if (log.commits().takeToCommit(true)) {
                log.commits().commitTaken();
            } else {
                log.commits().flush();
            }
            awaitDurable(zxid);
        }
        assertThat(zxidsInTheLog()).hasSize(200).isSorted().doesNotHaveDuplicates();
    }

    /// Whichever thread commits what.
    @Test
    void the_log_is_in_order_however_both_threads_take_turns() throws Exception {
        int count = 20_000;
        for (long zxid = 2; zxid <= count; zxid += 2) {
            propose(zxid - 1, zxid - 1);
            log.commits().flush();
            propose(zxid, zxid);
            // As soon as the log thread lets it.
            while (!log.commits().takeToCommit(true)) {
                assertThat(failures).isEmpty();
            }
            log.commits().commitTaken();
        }
        awaitDurable(count);
        assertThat(zxidsInTheLog()).hasSize(count).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void closing_writes_what_has_been_handed_over() throws Exception {
        for (long zxid = 1; zxid <= 20; zxid++) {
            propose(zxid, zxid);
            log.commits().flush();
        }
        log.close(10_000);
        assertThat(zxidsInTheLog()).hasSize(20);
    }

    private void awaitDurable(long zxid) throws InterruptedException {
        while (durable.take().zxid() < zxid) {
            // An earlier group.
        }
    }

    private void propose(long from, long to) {
        for (long zxid = from; zxid <= to; zxid++) {
            byte[] txn = ByteBuffer.allocate(TxnHeader.BYTES + 4).putLong(12, zxid).array();
            log.propose(zxid, txn, 0, txn.length);
        }
    }

    private List<Long> zxidsInTheLog() throws IOException {
        List<Long> found = new ArrayList<>();
        try (LogReader reader = LogReader.open(disk, DIRECTORY.resolve("log.1"))) {
            while (reader.next()) {
                found.add(reader.zxid());
            }
        }
        return found;
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
