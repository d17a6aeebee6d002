package io.witan.benchmarks;

import io.witan.benchmarks.load.LoadGenerator;
import io.witan.benchmarks.load.Requests;
import io.witan.benchmarks.load.Script;
import io.witan.benchmarks.load.Scripts;
import io.witan.benchmarks.machine.GcLog;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;
import io.witan.benchmarks.subject.OldFiles;
import io.witan.benchmarks.subject.ServerProcess;
import io.witan.benchmarks.subject.SetupException;
import io.witan.benchmarks.subject.Subject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Millions of znodes in a heap of [#HEAP], whatever else is measured with: what each costs, and
/// how long the JVM stands still to collect garbage while half of the requests change the tree.
final class LargeTree {

    private static final String HEAP = "4g";
    private static final int CONNECTIONS = 10;
    private static final int DEPTH = 10;
    private static final int KEYS = 100_000;
    private static final double MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final TestBed bed;
    private final MemoryEach memory;

    LargeTree(TestBed bed, MemoryEach memory) {
        this.bed = bed;
        this.memory = memory;
    }

    void measure(Subject subject, int repeat) {
        var log = GcLog.at(newFile(subject));
        var flags = bed.settings().flags().withHeap(HEAP).growing().and(log.flag());
        // The default policy: snapshots are written meanwhile, as they would be.
        try (var server = bed.start(subject, flags, Map.of())) {
            var znodes = bed.scale().large().znodes();
            memory.loadZnodes(server, znodes, repeat);
            try (var oldFiles = OldFiles.deleteFrom(server)) {
                drive(server, mixed(znodes), log, repeat);
                bed.say(
                        "%-7s %,d MB of old snapshots and logs were deleted meanwhile"
                                .formatted(subject.name(), oldFiles.finish() / 1_000_000));
            }
        } finally {
            log.remove();
        }
    }

    private void drive(ServerProcess server, IntFunction<Script> script, GcLog log, int repeat) {
        var length = bed.scale().large().length();
        try (var load = LoadGenerator.connect(server.address(), CONNECTIONS)) {
            load.measure(script, DEPTH, Duration.ZERO, length.dividedBy(4), NOTHING);
            var begin = log.end();
            var measured = load.measure(script, DEPTH, Duration.ZERO, length, NOTHING);
            var pauses = log.since(begin);
            var row =
                    new Row(
                            "mix-50-50",
                            "%d × %d".formatted(CONNECTIONS, DEPTH),
                            "%,d znodes, heap of %s".formatted(bed.scale().large().znodes(), HEAP));
            var name = server.subject().name();
            bed.add(name, row, Metric.PAUSE_MAX, repeat, pauses.longestMillis());
            bed.add(
                    name,
                    row,
                    Metric.PAUSES,
                    repeat,
                    pauses.count() * MINUTE_NANOS / measured.nanos());
            bed.say(
                    "%-7s %,d requests in %d s, %d pauses, %.1f ms in all"
                            .formatted(
                                    name,
                                    measured.requests(),
                                    length.toSeconds(),
                                    pauses.count(),
                                    pauses.sumMillis()));
        }
    }

    private static final LoadGenerator.Boundary NOTHING =
            new LoadGenerator.Boundary() {
                @Override
                public void begin() {}

                @Override
                public void end() {}
            };

    /// Half reads and half writes, all over the tree.
    private static IntFunction<Script> mixed(int znodes) {
        var reads = frames(znodes, path -> Requests.getData(path, false));
        var writes = frames(znodes, path -> Requests.setData(path, new byte[TestBed.DATA_BYTES]));
        return connection ->
                Scripts.mix(
                        50,
                        Scripts.anyOf(
                                reads, Requests.getDataReplyBytes(TestBed.DATA_BYTES), connection),
                        Scripts.anyOf(writes, Requests.statReplyBytes(), connection),
                        connection);
    }

    private interface OfPath {
        byte[] frame(String path);
    }

    private static List<byte[]> frames(int znodes, OfPath request) {
        var step = Math.max(1, znodes / KEYS);
        return IntStream.range(0, Math.min(znodes, KEYS))
                .mapToObj(i -> request.frame(TestBed.path(i * step)))
                .toList();
    }

    private Path newFile(Subject subject) {
        try {
            Files.createDirectories(bed.settings().scratch());
            return Files.createTempFile(bed.settings().scratch(), subject.name() + "-", ".gc.log");
        } catch (IOException e) {
            throw new SetupException("cannot make a file: " + e.getMessage(), e);
        }
    }
}
