package io.witan.benchmarks;

import io.witan.benchmarks.load.LoadGenerator;
import io.witan.benchmarks.load.Requests;
import io.witan.benchmarks.load.Scripts;
import io.witan.benchmarks.machine.Memory;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;
import io.witan.benchmarks.subject.ServerProcess;
import io.witan.benchmarks.subject.Subject;

import java.util.Map;
import java.util.stream.IntStream;

/// What a znode and a watch cost of a server's memory: the difference between two states of one
/// process, divided by how many there are.
final class MemoryEach {

    static final int WATCHERS = 100;
    private static final int DEPTH = 100;

    /// A tree this much smaller, first: what a znode costs must not depend on how many there are.
    private static final int SMALLER = 10;

    /// No snapshot while a tree is built whose memory is measured.
    static final Map<String, String> NO_SNAPSHOT = Map.of("snapCount", "100000000");

    private final TestBed bed;

    MemoryEach(TestBed bed) {
        this.bed = bed;
    }

    void znodes(Subject subject, int repeat) {
        var znodes = bed.scale().znodes();
        for (var count : new int[] {znodes / SMALLER, znodes}) {
            try (var server = start(subject)) {
                loadZnodes(server, count, repeat);
            }
        }
    }

    /// Fills the tree of a new server.
    void loadZnodes(ServerProcess server, int count, int repeat) {
        TestBed.createParents(server.address());
        var before = Memory.of(server.handle());
        TestBed.createZnodes(server.address(), count);
        var what = "%,d znodes".formatted(count);
        var resident = Memory.residentBytes(server.handle());
        var after = Memory.of(server.handle());
        var row = new Row("one of " + what, "", TestBed.DATA_BYTES + " B");
        var each = after.minus(before);
        add(server, row, each, count, repeat);
        bed.add(
                server.subject().name(),
                row,
                Metric.BEYOND,
                repeat,
                each.liveHeapBytes() / (double) count - TestBed.contentBytes());
        addProcess(server, "as it is after loading " + what, resident, repeat);
        addProcess(server, "after a full collection, " + what, after.residentBytes(), repeat);
    }

    void watches(Subject subject, int repeat) {
        var scale = bed.scale().watches();
        try (var server = start(subject)) {
            TestBed.createParents(server.address());
            TestBed.createZnodes(server.address(), scale.znodes());
            try (var load = LoadGenerator.connect(server.address(), WATCHERS)) {
                var before = Memory.of(server.handle());
                setWatches(load, scale);
                var row =
                        new Row(
                                "one of %,d watches over %,d znodes"
                                        .formatted(scale.watches(), scale.znodes()),
                                "%d sessions".formatted(WATCHERS),
                                "");
                var each = Memory.of(server.handle()).minus(before);
                add(server, row, each, scale.watches(), repeat);
            }
        }
    }

    /// Every session watches as many znodes, a stretch that overlaps with its neighbours', so that
    /// all znodes have the same number of watchers.
    static void setWatches(LoadGenerator load, Settings.Watches scale) {
        var frames =
                IntStream.range(0, scale.znodes())
                        .mapToObj(i -> Requests.exists(TestBed.path(i), true))
                        .toList();
        var each = scale.watches() / WATCHERS;
        load.send(
                session -> {
                    var from = session * (scale.znodes() / WATCHERS);
                    var stretch =
                            IntStream.range(from, from + each)
                                    .mapToObj(i -> frames.get(i % frames.size()))
                                    .toList();
                    return Scripts.each(stretch, Requests.statReplyBytes());
                },
                DEPTH,
                each);
    }

    private ServerProcess start(Subject subject) {
        return bed.start(subject, bed.settings().flags().growing(), NO_SNAPSHOT);
    }

    private void add(ServerProcess server, Row row, Memory used, int things, int repeat) {
        var name = server.subject().name();
        bed.add(name, row, Metric.LIVE_HEAP, repeat, used.liveHeapBytes() / (double) things);
        bed.add(name, row, Metric.RESIDENT, repeat, used.residentBytes() / (double) things);
    }

    private void addProcess(ServerProcess server, String what, long bytes, int repeat) {
        bed.add(
                server.subject().name(),
                new Row(what, "", ""),
                Metric.PROCESS_RESIDENT,
                repeat,
                bytes / (double) (1 << 20));
    }
}
