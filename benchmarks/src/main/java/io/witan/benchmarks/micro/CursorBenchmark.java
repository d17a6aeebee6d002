package io.witan.benchmarks.micro;

import io.witan.tree.SnapshotCursor;
import io.witan.tree.TreeListener;
import io.witan.tree.TreeSettings;
import io.witan.tree.ZnodeTree;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

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
import org.openjdk.jmh.annotations.Warmup;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// How large may a slice of a snapshot be, so that the longest keeps the core from its clients for
/// far less than a millisecond? Slices of a tree of a million znodes below one parent, where a
/// slice also has to find the next children in order.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class CursorBenchmark {

    private static final int ZNODES = 1_000_000;
    private static final int DATA_BYTES = 100;
    private static final int CREATE = 1;

    @Param({"16384", "49152", "262144"})
    private int sliceBytes;

    private final ZnodeTree tree = new ZnodeTree(new TreeSettings(false, false, true, 1));
    private final JuteWriter out = new JuteWriter(1 << 20);
    private @Nullable SnapshotCursor cursor;
    private long zxid;

    @Setup
    public void fill() {
        create("/parent", 0);
        for (var i = 0; i < ZNODES; i++) {
            create("/parent/n%010d".formatted(i), DATA_BYTES);
        }
    }

    @Benchmark
    public int advance() {
        if (cursor == null) {
            cursor = tree.snapshot();
        }
        if (cursor.advance(out.reset(), sliceBytes)) {
            cursor = null;
        }
        return out.length();
    }

    private void create(String path, int dataBytes) {
        zxid++;
        tree.apply(
                new TxnHeader(1, 1, zxid, 1_700_000_000_000L, CREATE),
                new Txn.Create(
                        path.getBytes(StandardCharsets.UTF_8),
                        new byte[dataBytes],
                        Acl.OPEN,
                        false,
                        -1),
                TreeListener.NONE);
    }
}
