package io.witan.benchmarks.micro;

import io.witan.tree.TreeListener;
import io.witan.tree.TreeSettings;
import io.witan.tree.TxnOutcome;
import io.witan.tree.Znode;
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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// What do looking up a path and applying a transaction cost, in a tree that fits the processor's
/// cache and in one that does not?
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class TreeBenchmark {

    private static final int PARENTS = 10;
    private static final int CREATE = 1;
    private static final int DELETE = 2;
    private static final int SET_DATA = 5;
    private static final long SESSION = 0x100000000001234L;

    @Param({"1000", "1000000"})
    private int znodes;

    @Param({"false", "true"})
    private boolean digest;

    private ZnodeTree tree = newTree(false);
    private byte[][] paths = {};
    private final byte[] extra = bytes("/p00/extra");
    private final byte[] data = new byte[100];
    private final JuteWriter out = new JuteWriter();
    private long zxid;
    private int next;

    @Setup
    public void fill() {
        tree = newTree(digest);
        paths = new byte[znodes][];
        for (var parent = 0; parent < PARENTS; parent++) {
            create(bytes("/p%02d".formatted(parent)));
        }
        for (var i = 0; i < znodes; i++) {
            paths[i] = bytes("/p%02d/n%010d".formatted(i % PARENTS, i));
            create(paths[i]);
        }
    }

    @Benchmark
    public @Nullable Znode find() {
        return tree.find(somePath());
    }

    @Benchmark
    public int findAndWriteStat() {
        var znode = tree.find(somePath());
        out.reset();
        if (znode != null) {
            znode.writeStat(out);
        }
        return out.length();
    }

    @Benchmark
    public TxnOutcome applySetData() {
        return apply(SET_DATA, new Txn.SetData(somePath(), data, 1));
    }

    @Benchmark
    @OperationsPerInvocation(2)
    public TxnOutcome applyCreateAndDelete() {
        create(extra);
        return apply(DELETE, new Txn.Delete(extra));
    }

    /// Strides through all paths, so that a large tree is never warm in the cache.
    private byte[] somePath() {
        next += 7919;
        if (next >= paths.length) {
            next %= paths.length;
        }
        return paths[next];
    }

    private void create(byte[] path) {
        apply(CREATE, new Txn.Create(path, data, Acl.OPEN, false, -1));
    }

    private TxnOutcome apply(int type, Txn txn) {
        zxid++;
        return tree.apply(
                new TxnHeader(SESSION, (int) zxid, zxid, 1_700_000_000_000L, type),
                txn,
                TreeListener.NONE);
    }

    private static ZnodeTree newTree(boolean digest) {
        return new ZnodeTree(new TreeSettings(false, false, digest, 1));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
