package io.witan.benchmarks.micro;

import io.witan.tree.TreeListener;
import io.witan.tree.TreeSettings;
import io.witan.tree.Znode;
import io.witan.tree.ZnodeTree;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

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
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// How does the cost of one child's name grow when the children no longer fit the processor's
/// caches? It decided that names are written several at a time.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ChildrenBenchmark {

    private static final int CREATE = 1;
    private static final long SESSION = 0x100000000001234L;

    @Param({"100", "10000", "100000", "1000000"})
    private int children;

    private final ZnodeTree tree = new ZnodeTree(new TreeSettings(false, false, true, 1));
    private final byte[] parent = bytes("/parent");
    private final JuteWriter out = new JuteWriter();
    private long zxid;

    @Setup
    public void fill() {
        create(parent);
        for (var i = 0; i < children; i++) {
            create(bytes("/parent/n%010d".formatted(i)));
        }
    }

    @Benchmark
    public int writeChildNames() {
        Znode znode = Objects.requireNonNull(tree.find(parent));
        out.reset();
        znode.writeChildNames(out);
        return out.length();
    }

    private void create(byte[] path) {
        zxid++;
        tree.apply(
                new TxnHeader(SESSION, (int) zxid, zxid, 1_700_000_000_000L, CREATE),
                new Txn.Create(path, new byte[100], Acl.OPEN, false, -1),
                TreeListener.NONE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
