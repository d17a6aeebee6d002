package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.storage.testing.DiskFaults.Operation;
import io.witan.storage.testing.FakeDisk;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

class LogWriterTest {

    private static final Path DIRECTORY = Path.of("/data/version-2");
    private static final LogSettings SETTINGS = LogSettings.DEFAULT.withPreallocBytes(4096);

    private final FakeDisk disk = new FakeDisk();
    private final List<String> operations = new ArrayList<>();
    private final List<String> events = new ArrayList<>();

    LogWriterTest() throws IOException {
        disk.createDirectories(DIRECTORY);
    }

    @Test
    void writes_what_the_original_wrote() {
        byte[] recorded = Vectors.disk("small").content(DIRECTORY.resolve("log.1"));
        byte[] next = Vectors.disk("small").content(DIRECTORY.resolve("log.b"));
        try (LogWriter writer = writer(SETTINGS, 0)) {
            appendRecordsOf(recorded, writer);
            writer.roll();
            appendRecordsOf(next, writer);
        }

        assertThat(disk.content(DIRECTORY.resolve("log.1"))).isEqualTo(recorded);
        assertThat(disk.content(DIRECTORY.resolve("log.b"))).isEqualTo(next);
    }

    /// Sizes recorded from an original with preAllocSize 4 KiB and records of 1000 bytes are those
    /// of the rule in section 9.2.
    @Test
    void extends_the_file_by_the_rule_of_the_original() {
        long position = 16;
        long size = 16;
        try (LogWriter writer = writer(SETTINGS, 0)) {
            for (long zxid = 1; zxid <= 60; zxid++) {
                byte[] payload = Txns.createLarge(zxid, zxid % 20 == 0 ? 20_000 : 900);
                if (position + 4096 >= size) {
                    size = position > size ? (position + 4096) / 4096 * 4096 : size + 4096;
                }
                writer.append(payload, 0, payload.length);
                writer.commit();
                position += 12 + payload.length + 1;
                assertThat(disk.content(DIRECTORY.resolve("log.1")).length)
                        .isEqualTo((int) Math.max(size, position));
            }
        }
    }

    @Test
    void a_fresh_log_has_64_mebibytes_and_16_bytes_by_default() throws IOException {
        try (LogWriter writer = writer(LogSettings.DEFAULT, 0)) {
            append(writer, 1, 1);
        }
        assertThat(disk.size(DIRECTORY.resolve("log.1"))).isEqualTo(67108880);
    }

    @Test
    void writes_no_padding_if_told_so() {
        byte[] payload = Txns.create(1);
        try (LogWriter writer = writer(LogSettings.DEFAULT.withPreallocBytes(0), 0)) {
            append(writer, 1, 1);
        }
        assertThat(disk.content(DIRECTORY.resolve("log.1"))).hasSize(16 + 12 + payload.length + 1);
    }

    @Test
    void of_a_long_log_only_the_end_needs_to_stay_in_memory() throws IOException {
        Path path = DIRECTORY.resolve("log.1");
        try (LogWriter writer = writer(LogSettings.DEFAULT, 0)) {
            long bytes = 0;
            for (long zxid = 1; bytes < 2L * LogWriter.REMEMBERED_BYTES; zxid++) {
                byte[] payload = Txns.createLarge(zxid, 100_000);
                writer.append(payload, 0, payload.length);
                writer.commit();
                bytes += payload.length;
            }
            assertThat(disk.forgottenBytes(path))
                    .isBetween(bytes - LogWriter.REMEMBERED_BYTES - (1 << 20), bytes);
            assertThat(disk.forgottenBytes(path))
                    .isLessThanOrEqualTo(bytes + 100_000 - LogWriter.REMEMBERED_BYTES);
        }
    }

    @Test
    void what_is_never_flushed_is_not_forgotten() throws IOException {
        Path path = DIRECTORY.resolve("log.1");
        try (LogWriter writer = writer(LogSettings.DEFAULT.withForceSync(false), 0)) {
            for (long zxid = 1; zxid <= 400; zxid++) {
                byte[] payload = Txns.createLarge(zxid, 100_000);
                writer.append(payload, 0, payload.length);
                writer.commit();
            }
        }
        assertThat(disk.forgottenBytes(path)).isZero();
    }

    @Test
    void a_group_costs_one_write_and_one_flush() {
        LogWriter writer = writer(SETTINGS.withPreallocBytes(1 << 20), 0);
        append(writer, 1, 1);
        record();

        for (long zxid = 2; zxid <= 30; zxid++) {
            byte[] payload = Txns.create(zxid);
            writer.append(payload, 0, payload.length);
        }
        writer.commit();

        assertThat(operations).containsExactly("WRITE log.1", "FORCE log.1");
        assertThat(writer.durableZxid()).isEqualTo(30);
    }

    @Test
    void a_new_file_is_durable_with_its_name_before_the_first_commit_returns() {
        record();
        try (LogWriter writer = writer(SETTINGS, 0)) {
            append(writer, 1, 1);
        }
        assertThat(operations)
                .containsExactly(
                        "CREATE log.1",
                        "SET_SIZE log.1",
                        "WRITE log.1",
                        "FORCE log.1",
                        "SYNC_DIRECTORY version-2");
        assertThat(events).containsExactly("started log.1");
    }

    @Test
    void does_not_wait_for_the_disk_if_told_so() {
        record();
        try (LogWriter writer = writer(SETTINGS.withForceSync(false), 0)) {
            append(writer, 1, 1);
        }
        assertThat(operations).doesNotContain("FORCE log.1");
    }

    @Test
    void a_commit_without_anything_new_does_nothing() {
        LogWriter writer = writer(SETTINGS, 0);
        append(writer, 1, 3);
        record();
        writer.commit();
        assertThat(operations).isEmpty();
    }

    @Test
    void nothing_is_durable_while_the_flush_stalls() throws Exception {
        LogWriter writer = writer(SETTINGS, 0);
        append(writer, 1, 1);
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        disk.faults((operation, path) -> {
            if (operation == Operation.FORCE) {
                stalled.countDown();
                awaitQuietly(release);
            }
        });
        AtomicBoolean returned = new AtomicBoolean();
        Thread logThread =
                Thread.ofPlatform()
                        .start(() -> {
                            append(writer, 2, 2);
                            returned.set(true);
                        });

        assertThat(stalled.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(returned).isFalse();
        assertThat(writer.durableZxid()).isEqualTo(1);

        release.countDown();
        logThread.join();
        assertThat(returned).isTrue();
        assertThat(writer.durableZxid()).isEqualTo(2);
    }

    @Test
    void a_failed_flush_is_final() {
        LogWriter writer = writer(SETTINGS, 0);
        append(writer, 1, 1);
        disk.faults((operation, path) -> {
            if (operation == Operation.FORCE) {
                throw new IOException("Input/output error");
            }
        });
        byte[] payload = Txns.create(2);
        writer.append(payload, 0, payload.length);

        assertThatThrownBy(writer::commit)
                .isInstanceOf(LogWriteException.class)
                .hasMessageContaining("flush transaction log /data/version-2/log.1")
                .hasMessageContaining("Input/output error")
                .hasMessageContaining("dataLogDir");
        disk.faults((operation, path) -> {});
        assertThatThrownBy(writer::commit).isInstanceOf(LogWriteException.class);
        assertThatThrownBy(() -> writer.append(payload, 0, payload.length))
                .isInstanceOf(LogWriteException.class);
        assertThatThrownBy(writer::roll).isInstanceOf(LogWriteException.class);
        assertThat(writer.durableZxid()).isEqualTo(1);
        writer.close();
        assertThat(writer.durableZxid()).isEqualTo(1);
    }

    @Test
    void a_directory_that_cannot_be_flushed_is_final_too() {
        disk.faults((operation, path) -> {
            if (operation == Operation.SYNC_DIRECTORY) {
                throw new IOException("Input/output error");
            }
        });
        LogWriter writer = writer(SETTINGS, 0);
        byte[] payload = Txns.create(1);
        writer.append(payload, 0, payload.length);
        assertThatThrownBy(writer::commit).isInstanceOf(LogWriteException.class);
        assertThat(writer.durableZxid()).isEqualTo(0);
    }

    @Test
    void a_full_disk_ends_the_log_and_what_was_acknowledged_is_there() throws IOException {
        disk.capacityBytes(20_000);
        LogWriter writer = writer(SETTINGS, 0);
        long acknowledged = 0;
        try {
            for (long zxid = 1; ; zxid++) {
                append(writer, zxid, zxid);
                acknowledged = zxid;
            }
        } catch (LogWriteException e) {
            assertThat(e).hasMessageContaining("No space left on device");
        }
        assertThat(acknowledged).isGreaterThan(50);

        List<Long> found = new ArrayList<>();
        try (LogReader reader = LogReader.open(disk, DIRECTORY.resolve("log.1"))) {
            while (reader.next()) {
                found.add(reader.zxid());
            }
            assertThat(reader.end().kind()).isNotEqualTo(LogEnd.Kind.DAMAGED);
        }
        assertThat(found.getLast()).isEqualTo(acknowledged);
    }

    @Test
    void an_existing_log_is_never_appended_to() {
        try (LogWriter writer = writer(SETTINGS, 0)) {
            append(writer, 1, 3);
        }
        byte[] before = disk.content(DIRECTORY.resolve("log.1"));
        try (LogWriter writer = writer(SETTINGS, 3)) {
            append(writer, 4, 5);
        }
        assertThat(disk.content(DIRECTORY.resolve("log.1"))).isEqualTo(before);
        assertThat(disk.kind(DIRECTORY.resolve("log.4"))).isEqualTo(Disk.Kind.FILE);
    }

    @Test
    void a_log_that_holds_transactions_is_never_replaced() {
        try (LogWriter writer = writer(SETTINGS, 0)) {
            append(writer, 1, 3);
        }
        byte[] before = disk.content(DIRECTORY.resolve("log.1"));

        LogWriter writer = writer(SETTINGS, 0);
        byte[] payload = Txns.create(1);
        assertThatThrownBy(() -> writer.append(payload, 0, payload.length))
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining("log.1");
        assertThat(disk.content(DIRECTORY.resolve("log.1"))).isEqualTo(before);
    }

    @Test
    void what_a_crash_left_of_a_first_transaction_is_replaced() {
        byte[] torn = new byte[8208];
        System.arraycopy(Vectors.disk("small").content(DIRECTORY.resolve("log.1")), 0, torn, 0, 40);
        disk.put(DIRECTORY.resolve("log.1"), torn);
        try (LogWriter writer = writer(SETTINGS, 0)) {
            append(writer, 1, 2);
        }
        assertThat(zxidsIn("log.1")).containsExactly(1L, 2L);
    }

    @Test
    void a_file_beyond_its_limit_is_followed_by_a_new_one() {
        try (LogWriter writer = writer(SETTINGS.withRollBytes(10_000), 0)) {
            for (long zxid = 1; zxid <= 20; zxid++) {
                append(writer, zxid, zxid, 900);
            }
        }
        assertThat(zxidsIn("log.1")).startsWith(1L);
        long second = zxidsIn("log.1").getLast() + 1;
        assertThat(zxidsIn("log." + Long.toHexString(second))).startsWith(second);
    }

    @Test
    void counts_what_the_snapshot_policy_asks_for() {
        try (LogWriter writer = writer(SETTINGS, 0)) {
            append(writer, 1, 3);
            assertThat(writer.txnsSinceRoll()).isEqualTo(3);
            assertThat(writer.bytesSinceRoll()).isEqualTo(3L * 13 + Txns.create(1).length * 3L);
            writer.roll();
            assertThat(writer.txnsSinceRoll()).isZero();
            assertThat(writer.bytesSinceRoll()).isZero();
        }
    }

    @Test
    void a_hole_is_never_written() {
        LogWriter writer = writer(SETTINGS, 5);
        for (long zxid : new long[] {4, 5, 7}) {
            byte[] payload = Txns.create(zxid);
            assertThatThrownBy(() -> writer.append(payload, 0, payload.length))
                    .isInstanceOf(IllegalStateException.class);
        }
        append(writer, 6, 6);
        append(writer, 0x100000001L, 0x100000001L);
        writer.continueAfter(0x200000003L);
        append(writer, 0x200000004L, 0x200000004L);
        assertThat(zxidsIn("log.200000004")).containsExactly(0x200000004L);
    }

    @Test
    void a_transaction_larger_than_the_buffer_is_written_whole() {
        LogSettings small = new LogSettings(4096, 0, true, true, 1_000_000_000L, 4096);
        try (LogWriter writer = writer(small, 0)) {
            append(writer, 1, 1, 100);
            append(writer, 2, 2, 4_060);
            append(writer, 3, 3, 100_000);
            append(writer, 4, 4, 1);
        }
        assertThat(zxidsIn("log.1")).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void a_slow_flush_is_told() {
        LogSettings impatient = new LogSettings(4096, 0, true, true, -1, 4096);
        try (LogWriter writer = writer(impatient, 0)) {
            append(writer, 1, 1);
        }
        assertThat(events).contains("slow log.1");
    }

    private LogWriter writer(LogSettings settings, long lastZxid) {
        LogListener listener =
                new LogListener() {
                    @Override
                    public void slowForce(Path file, long nanos, long fileBytes) {
                        events.add("slow " + file.getFileName());
                    }

                    @Override
                    public void started(Path file) {
                        events.add("started " + file.getFileName());
                    }
                };
        return new LogWriter(disk, DIRECTORY, settings, listener, lastZxid);
    }

    private void record() {
        disk.faults((operation, path) -> operations.add(operation + " " + path.getFileName()));
    }

    private static void append(LogWriter writer, long from, long to) {
        append(writer, from, to, 10);
    }

    private static void append(LogWriter writer, long from, long to, int bytes) {
        for (long zxid = from; zxid <= to; zxid++) {
            byte[] payload = bytes == 10 ? Txns.create(zxid) : Txns.createLarge(zxid, bytes);
            byte[] shifted = new byte[payload.length + 7];
            new Random(zxid).nextBytes(shifted);
            System.arraycopy(payload, 0, shifted, 7, payload.length);
            writer.append(shifted, 7, payload.length);
        }
        writer.commit();
    }

    private static void appendRecordsOf(byte[] log, LogWriter writer) {
        ByteBuffer in = ByteBuffer.wrap(log).position(16);
        while (true) {
            in.getLong();
            int length = in.getInt();
            if (length == 0) {
                return;
            }
            writer.append(
                    Arrays.copyOfRange(log, in.position(), in.position() + length), 0, length);
            writer.commit();
            in.position(in.position() + length + 1);
        }
    }

    private List<Long> zxidsIn(String name) {
        List<Long> found = new ArrayList<>();
        try (LogReader reader = LogReader.open(disk, DIRECTORY.resolve(name))) {
            while (reader.next()) {
                found.add(reader.zxid());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return found;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
