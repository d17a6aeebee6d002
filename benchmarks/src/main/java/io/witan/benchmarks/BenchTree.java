package io.witan.benchmarks;

import io.witan.benchmarks.load.LoadGenerator;
import io.witan.benchmarks.load.NumberedNodes;
import io.witan.benchmarks.load.Requests;
import io.witan.benchmarks.load.Script;
import io.witan.benchmarks.load.Scripts;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// The znodes that the closed-loop workloads use.
///
/// ```
/// /bench/data-100/k0000 ... k0999      100 B each
/// /bench/data-1024/k0000 ... k0999     1 KiB each
/// /bench/parent/c000 ... c099          what getChildren lists
/// /bench/work/rNNNNcNNN                where one connection of one run creates znodes
/// ```
final class BenchTree {

    private static final int KEYS = 1_000;
    private static final int CHILDREN = 100;
    private static final int MULTI_OPERATIONS = 10;
    private static final int MULTI_VARIANTS = 100;
    private static final int BUILD_DEPTH = 100;
    static final List<Integer> SIZES = List.of(100, 1024);

    private final InetSocketAddress server;
    private int runs;

    private BenchTree(InetSocketAddress server) {
        this.server = server;
    }

    /// Builds the tree through the first server and waits until all of them have it.
    static BenchTree build(List<InetSocketAddress> servers) {
        var tree = build(servers.getFirst());
        try (var load = LoadGenerator.connect(servers, servers.size())) {
            load.send(
                    _ ->
                            Scripts.each(
                                    List.of(Requests.sync("/bench")),
                                    Requests.syncReplyBytes("/bench")),
                    1,
                    1);
        }
        return tree;
    }

    static BenchTree build(InetSocketAddress server) {
        var paths = new ArrayList<String>();
        createAll(server, List.of("/bench"), 0);
        createAll(server, List.of("/bench/parent"), 0);
        createAll(server, List.of("/bench/work"), 0);
        for (var i = 0; i < CHILDREN; i++) {
            paths.add("/bench/parent/c%03d".formatted(i));
        }
        createAll(server, paths, 0);
        for (var size : SIZES) {
            createAll(server, List.of("/bench/data-" + size), 0);
            createAll(server, IntStream.range(0, KEYS).mapToObj(i -> key(size, i)).toList(), size);
        }
        return new BenchTree(server);
    }

    /// What the connections of a run ask, and how to tidy up after it.
    interface Run {
        Script script(int connection);

        default void tidyUp(LoadGenerator load) {}
    }

    Run run(Cell cell) {
        return switch (cell.workload()) {
            case CREATE -> nodes(cell, false, NumberedNodes::creates);
            case CREATE_DELETE -> nodes(cell, false, NumberedNodes::createsAndDeletes);
            case EPHEMERAL -> nodes(cell, true, NumberedNodes::createsAndDeletes);
            default -> keyed(cell.workload(), cell.dataBytes())::apply;
        };
    }

    /// The scripts of all connections of a run share their frames, so that the generator's own
    /// working set stays in its cache.
    private static IntFunction<Script> keyed(Workload workload, int size) {
        return switch (workload) {
            case GET_DATA -> getData(size);
            case SET_DATA -> setData(size);
            case MIX_90_10 -> mix(90, getData(size), setData(size));
            case MIX_50_50 -> mix(50, getData(size), setData(size));
            case EXISTS ->
                    drawn(
                            keys(i -> Requests.exists(key(size, i), false)),
                            Requests.statReplyBytes());
            case GET_CHILDREN ->
                    drawn(
                            List.of(Requests.getChildren("/bench/parent")),
                            Requests.getChildrenReplyBytes(CHILDREN, "c000".length()));
            case MULTI ->
                    drawn(
                            IntStream.range(0, MULTI_VARIANTS)
                                    .mapToObj(i ->
                                            Requests.multiSetData(group(size, i), new byte[size]))
                                    .toList(),
                            Requests.multiSetDataReplyBytes(MULTI_OPERATIONS));
            case CREATE, CREATE_DELETE, EPHEMERAL ->
                    throw new IllegalArgumentException(workload + " has no keys");
        };
    }

    static IntFunction<Script> getData(int size) {
        return drawn(
                keys(i -> Requests.getData(key(size, i), false)), Requests.getDataReplyBytes(size));
    }

    static IntFunction<Script> setData(int size) {
        return drawn(
                keys(i -> Requests.setData(key(size, i), new byte[size])),
                Requests.statReplyBytes());
    }

    private static IntFunction<Script> mix(
            int percent, IntFunction<Script> first, IntFunction<Script> second) {
        return connection ->
                Scripts.mix(percent, first.apply(connection), second.apply(connection), connection);
    }

    private static IntFunction<Script> drawn(List<byte[]> frames, int replyBytes) {
        return connection -> Scripts.anyOf(frames, replyBytes, connection);
    }

    private static List<byte[]> keys(IntFunction<byte[]> request) {
        return IntStream.range(0, KEYS).mapToObj(request).toList();
    }

    private static List<String> group(int size, int variant) {
        return IntStream.range(0, MULTI_OPERATIONS)
                .mapToObj(i -> key(size, (variant * MULTI_OPERATIONS + i) % KEYS))
                .toList();
    }

    private static String key(int size, int number) {
        return "/bench/data-%d/k%04d".formatted(size, number);
    }

    private Run nodes(Cell cell, boolean ephemeral, Function<NumberedNodes, Script> use) {
        var run = runs++;
        var parents =
                IntStream.range(0, cell.connections())
                        .mapToObj(connection -> "/bench/work/r%04dc%03d".formatted(run, connection))
                        .toList();
        createAll(server, parents, 0);
        var nodes =
                parents.stream()
                        .map(parent ->
                                new NumberedNodes(parent, new byte[cell.dataBytes()], ephemeral))
                        .toList();
        return new Run() {
            @Override
            public Script script(int connection) {
                return use.apply(nodes.get(connection));
            }

            @Override
            public void tidyUp(LoadGenerator load) {
                if (nodes.stream().anyMatch(created -> created.left() > 0)) {
                    load.send(i -> nodes.get(i).deletes(), BUILD_DEPTH, 0);
                }
            }
        };
    }

    /// Creates znodes of equally long paths.
    static void createAll(InetSocketAddress server, List<String> paths, int dataBytes) {
        var frames =
                paths.stream().map(path -> Requests.create(path, new byte[dataBytes])).toList();
        try (var load = LoadGenerator.connect(server, 1)) {
            load.send(
                    _ -> Scripts.each(frames, Requests.createReplyBytes(paths.getFirst().length())),
                    BUILD_DEPTH,
                    frames.size());
        }
    }
}
