package io.witan.benchmarks;

import io.witan.benchmarks.load.LoadGenerator;
import io.witan.benchmarks.machine.Memory;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.subject.Subject;

import java.util.List;
import java.util.stream.IntStream;

/// What a watch costs of memory, and what the watches of others cost a write that nobody watches.
final class ScaleOfWatches {

    /// Watchers of each znode that is watched.
    private static final int OF_ONE_ZNODE = 10;

    private static final String UNWATCHED = "/unwatched";
    private static final int UNWATCHED_ZNODES = 1_000;

    private final ScaleBed at;

    ScaleOfWatches(ScaleBed at) {
        this.at = at;
    }

    void measure(Subject subject) {
        var scale = new Settings.Watches(at.size(), at.size() / OF_ONE_ZNODE);
        try (var server = at.bed().start(subject, at.flags(), MemoryEach.NO_SNAPSHOT)) {
            TestBed.createParents(server.address());
            TestBed.createZnodes(server.address(), scale.znodes());
            BenchTree.createAll(server.address(), List.of(UNWATCHED), 0);
            BenchTree.createAll(
                    server.address(),
                    IntStream.range(0, UNWATCHED_ZNODES).mapToObj(ScaleOfWatches::path).toList(),
                    TestBed.DATA_BYTES);
            try (var watchers = LoadGenerator.connect(server.address(), MemoryEach.WATCHERS)) {
                var before = Memory.of(server.handle());
                MemoryEach.setWatches(watchers, scale);
                var all = Memory.of(server.handle()).minus(before).liveHeapBytes();
                at.add("one watch", "", Metric.LIVE_HEAP, all / (double) at.size());
                var writes =
                        ScaleBed.writes(UNWATCHED_ZNODES, ScaleOfWatches::path, TestBed.DATA_BYTES);
                at.cpu("setData that nobody watches", server, ScaleBed.FULL, writes);
            }
        }
    }

    private static String path(int znode) {
        return UNWATCHED + "/k%04d".formatted(znode);
    }
}
