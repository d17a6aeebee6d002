package io.witan.benchmarks.micro;

import io.witan.storage.BadSnapshotException;
import io.witan.storage.PosixDisk;
import io.witan.storage.SnapshotCompression;
import io.witan.storage.SnapshotFile;
import io.witan.storage.SnapshotReader;
import io.witan.storage.SnapshotTrailer;
import io.witan.storage.SnapshotWriter;
import io.witan.tree.TreeSettings;
import io.witan.tree.ZnodeTree;
import io.witan.wire.data.Acl;
import io.witan.wire.data.StoredStat;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// How long does a snapshot of a million znodes take: written, read and checked alone, and loaded
/// into a tree?
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(1)
public class SnapshotBenchmark {

    private static final int ZNODES = 1_000_000;
    private static final int DATA_BYTES = 100;

    @Param({"NONE", "GZIP", "SNAPPY"})
    private SnapshotCompression compression = SnapshotCompression.NONE;

    private final PosixDisk disk = new PosixDisk();
    private Path directory = Path.of("");
    private JuteWriter stream = new JuteWriter();
    private @Nullable SnapshotFile file;

    @Setup
    public void fill() throws IOException {
        directory = Files.createTempDirectory("witan-snapshot-benchmark");
        stream = stream();
        file = write();
    }

    @TearDown
    public void clean() throws IOException {
        for (var name : disk.list(directory)) {
            disk.delete(directory.resolve(name));
        }
        disk.delete(directory);
    }

    @Benchmark
    public SnapshotFile write() {
        try (var writer = new SnapshotWriter(disk, directory, 1, compression)) {
            var slice = 48 << 10;
            for (var at = 0; at < stream.length(); at += slice) {
                writer.write(stream.bytes(), at, Math.min(slice, stream.length() - at));
            }
            return writer.finish(SnapshotTrailer.NONE);
        }
    }

    @Benchmark
    public @Nullable String check() {
        return file == null ? "" : SnapshotReader.problemOf(disk, file);
    }

    @Benchmark
    public int load() throws BadSnapshotException {
        var tree = new ZnodeTree(new TreeSettings(false, false, true, 1));
        if (file != null) {
            SnapshotReader.read(disk, file, tree.loader(1), position -> {});
        }
        return tree.znodeCount();
    }

    private static JuteWriter stream() {
        var out = new JuteWriter(256 << 20);
        out.writeInt(0);
        out.writeInt(1).writeLong(1);
        Acl.writeList(out, Acl.OPEN);
        var data = new byte[DATA_BYTES];
        var random = new Random(1);
        znode(out, "", data);
        znode(out, "/parent", data);
        for (var i = 0; i < ZNODES; i++) {
            for (var j = 0; j < DATA_BYTES; j++) {
                data[j] = (byte) ('a' + random.nextInt(16));
            }
            znode(out, "/parent/n%010d".formatted(i), data);
        }
        return out;
    }

    private static void znode(JuteWriter out, String path, byte[] data) {
        out.writeBuffer(path.getBytes(StandardCharsets.UTF_8)).writeBuffer(data).writeLong(1);
        StoredStat.ZERO.write(out);
    }
}
