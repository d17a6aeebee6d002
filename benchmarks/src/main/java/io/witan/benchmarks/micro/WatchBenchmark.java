package io.witan.benchmarks.micro;

import io.witan.tree.watch.WatchTable;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Which part of telling thousands of watchers is the table's, and does a change that nobody
/// watches pay for the watches of others?
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class WatchBenchmark {

    private static final int WATCHERS = 5_000;
    private static final int OTHER_PATHS = 100_000;
    private static final int OPEN_ACL = 1;

    private final WatchTable table = new WatchTable(1);
    private final List<CountingWatcher> watchers = new ArrayList<>();
    private final byte[] watched = bytes("/applications/orders/leader");
    private byte[][] unwatched = {};
    private long zxid;
    private int next;

    @Setup
    public void fill() {
        for (var i = 0; i < WATCHERS; i++) {
            watchers.add(new CountingWatcher(table));
        }
        for (var i = 0; i < OTHER_PATHS; i++) {
            var path = bytes("/p%02d/n%010d".formatted(i % 10, i));
            for (var k = 0; k < 10; k++) {
                table.addData(path, 0, path.length, watchers.get((i * 10 + k) % WATCHERS));
            }
        }
        unwatched = new byte[1 << 14][];
        for (var i = 0; i < unwatched.length; i++) {
            unwatched[i] = bytes("/q%02d/n%010d".formatted(i % 10, i));
        }
    }

    /// A change that nobody watches, beside a million watches of others.
    @Benchmark
    public WatchTable fireNone() {
        next = (next + 7919) % unwatched.length;
        table.dataChanged(unwatched[next], OPEN_ACL, ++zxid);
        return table;
    }

    /// A watch is set and fires.
    @Benchmark
    public long watchAndFireOne() {
        var watcher = watchers.getFirst();
        table.addData(watched, 0, watched.length, watcher);
        table.dataChanged(watched, OPEN_ACL, ++zxid);
        return watcher.events();
    }

    /// Each of 5,000 watches is set, and one change fires them all; the time of one of them.
    @Benchmark
    @OperationsPerInvocation(WATCHERS)
    public long watchAndFireAll() {
        for (var watcher : watchers) {
            table.addData(watched, 0, watched.length, watcher);
        }
        table.dataChanged(watched, OPEN_ACL, ++zxid);
        return watchers.getLast().events();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
