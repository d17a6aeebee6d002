package io.witan.benchmarks.micro;

import io.witan.storage.LogListener;
import io.witan.storage.LogReader;
import io.witan.storage.LogSettings;
import io.witan.storage.LogWriter;
import io.witan.storage.PosixDisk;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnDigest;
import io.witan.wire.txn.TxnHeader;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// How long does a group of transactions take into the log, with the wait for the disk and without
/// it, and how fast is a log read again? The directory is that of `java.io.tmpdir`: it must not be
/// in memory, or there is no disk to wait for.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LogBenchmark {

    private static final int ZXID_OFFSET = 12;
    private static final int RECORDS_READ = 100_000;

    @Param({"1", "10", "100", "1000"})
    private int group;

    private final PosixDisk disk = new PosixDisk();
    private byte[] payload = {};
    private Path directory = Path.of("");
    private Path readFile = Path.of("");
    private long zxid;
    private LogWriter forced = newWriter(true);
    private LogWriter unforced = newWriter(false);

    @Setup(Level.Iteration)
    public void open() throws IOException {
        directory = Files.createTempDirectory("witan-log-benchmark");
        payload = payload();
        zxid = 0;
        var writer = newWriter(false);
        for (var i = 0; i < RECORDS_READ; i++) {
            append(writer);
        }
        writer.commit();
        writer.close();
        readFile = directory.resolve("log.1");
        forced = newWriter(true);
        unforced = newWriter(false);
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        forced.close();
        unforced.close();
        for (var name : disk.list(directory)) {
            disk.delete(directory.resolve(name));
        }
        disk.delete(directory);
    }

    /// One group, durable.
    @Benchmark
    public void commit() {
        appendGroup(forced);
    }

    /// One group, handed to the operating system.
    @Benchmark
    public void commitWithoutForce() {
        appendGroup(unforced);
    }

    /// A log of 100,000 records.
    @Benchmark
    public long read() throws IOException {
        try (var reader = LogReader.open(disk, readFile)) {
            var sum = 0L;
            while (reader.next()) {
                sum += reader.zxid();
            }
            return sum;
        }
    }

    private void appendGroup(LogWriter writer) {
        for (var i = 0; i < group; i++) {
            append(writer);
        }
        writer.commit();
    }

    private void append(LogWriter writer) {
        zxid++;
        ByteBuffer.wrap(payload).putLong(ZXID_OFFSET, zxid);
        writer.append(payload, 0, payload.length);
    }

    private LogWriter newWriter(boolean force) {
        return new LogWriter(
                disk,
                directory,
                LogSettings.DEFAULT.withForceSync(force).withRollBytes(1 << 30),
                LogListener.NONE,
                zxid);
    }

    private static byte[] payload() {
        var out = new JuteWriter();
        TxnCodec.write(
                out,
                new TxnHeader(0x100000000001234L, 1, 1, 1_700_000_000_000L, 1),
                new Txn.Create(
                        "/benchmark/node0000000001".getBytes(StandardCharsets.UTF_8),
                        new byte[100],
                        Acl.OPEN,
                        false,
                        1),
                new TxnDigest(TxnDigest.VERSION, 1));
        return out.toByteArray();
    }
}
