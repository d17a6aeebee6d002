package io.witan.benchmarks.micro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.witan.tree.SnapshotCursor;
import io.witan.tree.TreeListener;
import io.witan.tree.TreeSettings;
import io.witan.tree.Znode;
import io.witan.tree.ZnodeTree;
import io.witan.tree.watch.WatchTable;
import io.witan.tree.watch.Watcher;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// What the tree costs: bytes of heap for a znode and for a watch, nanoseconds for a look-up and a
/// change, speed of a snapshot.
///
///     mvn -q -pl benchmarks -am compile
///     java -XX:+UseCompactObjectHeaders -XX:+UseSerialGC -Xmx3g \
///         -cp wire/target/classes:tree/target/classes:benchmarks/target/classes \
///         io.witan.benchmarks.micro.TreeFigures [ZNODES]
///
/// Memory is the live heap after collections, before and after, so it needs an otherwise idle JVM.
/// Times are CPU times of the one thread, the best of several rounds: good for a factor, not for a
/// percent.
public final class TreeFigures {

    private static final TreeSettings SETTINGS = new TreeSettings(true, false, true, 0x5EED);
    private static final int DATA_BYTES = 100;

    private TreeFigures() {}

    public static void main(String[] args) {
        int znodes = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        watches();
        memory(100_000, 100);
        memory(znodes, 1000);
        memory(znodes, 1);
        speed(znodes, 1000);
        speed(znodes, 1);
    }

    // Memory.

    private static void memory(int count, int directories) {
        long before = liveHeapBytes();
        ZnodeTree tree = filled(count, directories);
        long used = liveHeapBytes() - before;
        long content = 0;
        for (int i = 0; i < count; i++) {
            content += name(i).length() + DATA_BYTES;
        }
        print(
                "%,d znodes in %,d directories: %.1f bytes each, %.1f beyond name and data",
                tree.znodeCount(),
                directories,
                used / (double) count,
                (used - content) / (double) count);
        if (tree.lastZxid() < 0) {
            throw new IllegalStateException();
        }
    }

    private static void watches() {
        int paths = 100_000;
        int connections = 100;
        long before = liveHeapBytes();
        var table = new WatchTable(1);
        List<Watcher> watchers = new ArrayList<>();
        for (int c = 0; c < connections; c++) {
            watchers.add(new CountingWatcher(table));
        }
        for (int p = 0; p < paths; p++) {
            byte[] path = path(p, 100).getBytes(US_ASCII);
            for (int k = 0; k < 10; k++) {
                table.addData(path, 0, path.length, watchers.get((p * 10 + k) % connections));
            }
        }
        long used = liveHeapBytes() - before;
        print(
                "%,d watches on %,d paths by %d connections: %.1f MiB, %.1f bytes each",
                table.watchCount(),
                table.dataPathCount(),
                connections,
                used / 1048576.0,
                used / (double) table.watchCount());
        if (watchers.size() != connections) {
            throw new IllegalStateException();
        }
    }

    private static long liveHeapBytes() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    // Speed.

    private static void speed(int count, int directories) {
        print("%,d znodes in %,d directories:", count, directories);
        ZnodeTree tree = filled(count, directories);
        byte[][] paths = new byte[1 << 17][];
        var random = new SplittableRandom(1);
        for (int i = 0; i < paths.length; i++) {
            paths[i] = path(random.nextInt(count), directories).getBytes(US_ASCII);
        }
        time("find, any of them", paths.length, i -> found(tree, paths[i]));
        time("find, one of 1024", paths.length, i -> found(tree, paths[i & 1023]));
        byte[] data = new byte[DATA_BYTES];
        long[] zxid = {tree.lastZxid()};
        time(
                "setData",
                paths.length,
                i ->
                        tree.apply(
                                header(++zxid[0], OpCode.SET_DATA),
                                new Txn.SetData(paths[i], data, 1),
                                TreeListener.NONE));
        time(
                "setData, one of 1024",
                paths.length,
                i ->
                        tree.apply(
                                header(++zxid[0], OpCode.SET_DATA),
                                new Txn.SetData(paths[i & 1023], data, 1),
                                TreeListener.NONE));
        byte[][] fresh = new byte[1 << 17][];
        for (int i = 0; i < fresh.length; i++) {
            fresh[i] = path(count + i, directories).getBytes(US_ASCII);
        }
        time(
                "create and delete",
                fresh.length,
                i -> {
                    tree.apply(
                            header(++zxid[0], OpCode.CREATE),
                            new Txn.Create(fresh[i], data, Acl.OPEN, false, -1),
                            TreeListener.NONE);
                    return tree.apply(
                            header(++zxid[0], OpCode.DELETE),
                            new Txn.Delete(fresh[i]),
                            TreeListener.NONE);
                });
        time(
                "create and delete the same",
                fresh.length,
                i -> {
                    tree.apply(
                            header(++zxid[0], OpCode.CREATE),
                            new Txn.Create(fresh[i & 15], data, Acl.OPEN, false, -1),
                            TreeListener.NONE);
                    return tree.apply(
                            header(++zxid[0], OpCode.DELETE),
                            new Txn.Delete(fresh[i & 15]),
                            TreeListener.NONE);
                });
        var table = new WatchTable(1);
        time(
                "trigger without watches",
                paths.length,
                i -> {
                    table.created(paths[i], 1, 1, i);
                    return table;
                });
        new CountingWatcher(table);
        var watcher = new CountingWatcher(table);
        table.addData(paths[0], 0, paths[0].length, watcher);
        time(
                "trigger, others watched",
                paths.length,
                i -> {
                    if (i > 0) {
                        table.dataChanged(paths[i], 1, i);
                    }
                    return table;
                });
        time(
                "watch and trigger",
                paths.length,
                i -> {
                    table.addData(paths[i], 0, paths[i].length, watcher);
                    table.dataChanged(paths[i], 1, i);
                    return table;
                });
        for (int round = 0; round < 3; round++) {
            snapshot(tree, 1 << 16);
        }
        long worst = 0;
        long writes = 0;
        long start = cpuNanos();
        SnapshotCursor cursor = tree.snapshot();
        var out = new JuteWriter(1 << 18);
        long bytes = 0;
        for (boolean done = false; !done; ) {
            long t = cpuNanos();
            done = cursor.advance(out.reset(), 1 << 16);
            bytes += out.length();
            for (int k = 0; k < 100; k++, writes++) {
                tree.apply(
                        header(++zxid[0], OpCode.SET_DATA),
                        new Txn.SetData(paths[(int) writes & (paths.length - 1)], data, 1),
                        TreeListener.NONE);
            }
            worst = Math.max(worst, cpuNanos() - t);
        }
        double seconds = (cpuNanos() - start) / 1e9;
        print(
                "  snapshot with %,d writes between:  %.0f MB in %.2f s, longest slice with 100 writes %.2f ms",
                writes, bytes / 1e6, seconds, worst / 1e6);
    }

    private static void snapshot(ZnodeTree tree, int slice) {
        long start = cpuNanos();
        SnapshotCursor cursor = tree.snapshot();
        var out = new JuteWriter(slice * 2);
        long bytes = 0;
        long worst = 0;
        for (boolean done = false; !done; ) {
            long t = cpuNanos();
            done = cursor.advance(out.reset(), slice);
            worst = Math.max(worst, cpuNanos() - t);
            bytes += out.length();
        }
        double seconds = (cpuNanos() - start) / 1e9;
        print(
                "  snapshot: %.0f MB in %.2f s, %.0f MB/s, %.0f ns a znode, longest slice of %d KiB %.2f ms",
                bytes / 1e6,
                seconds,
                bytes / 1e6 / seconds,
                seconds * 1e9 / tree.znodeCount(),
                slice >> 10,
                worst / 1e6);
    }

    private interface Step {
        Object at(int i);
    }

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static void time(String what, int steps, Step step) {
        double least = Double.MAX_VALUE;
        Object last = null;
        for (int round = 0; round < 15; round++) {
            long start = cpuNanos();
            for (int i = 0; i < steps; i++) {
                last = step.at(i);
            }
            least = Math.min(least, (cpuNanos() - start) / (double) steps);
        }
        if (last == null) {
            throw new IllegalStateException(what + " did nothing");
        }
        print("  %-27s %7.1f ns", what, least);
    }

    private static long cpuNanos() {
        return THREADS.getCurrentThreadCpuTime();
    }

    private static Znode found(ZnodeTree tree, byte[] path) {
        Znode znode = tree.find(path, 0, path.length);
        if (znode == null) {
            throw new IllegalStateException();
        }
        return znode;
    }

    // The tree.

    private static ZnodeTree filled(int count, int directories) {
        var tree = new ZnodeTree(SETTINGS);
        long zxid = 0;
        create(tree, ++zxid, "/bench", 0);
        for (int d = 0; d < directories; d++) {
            create(tree, ++zxid, "/bench/dir-" + d, 0);
        }
        for (int i = 0; i < count; i++) {
            create(tree, ++zxid, path(i, directories), DATA_BYTES);
        }
        return tree;
    }

    private static void create(ZnodeTree tree, long zxid, String path, int dataBytes) {
        tree.apply(
                header(zxid, OpCode.CREATE),
                new Txn.Create(path.getBytes(US_ASCII), new byte[dataBytes], Acl.OPEN, false, -1),
                TreeListener.NONE);
    }

    private static TxnHeader header(long zxid, int type) {
        return new TxnHeader(1, 1, zxid, 1_700_000_000_000L + zxid, type);
    }

    private static String path(int i, int directories) {
        return "/bench/dir-" + i % directories + "/" + name(i);
    }

    private static String name(int i) {
        return "node-%010d".formatted(i);
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void print(String format, Object... args) {
        System.out.println(String.format(Locale.ROOT, format, args));
    }
}
