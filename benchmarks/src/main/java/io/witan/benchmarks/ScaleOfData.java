package io.witan.benchmarks;

import io.witan.benchmarks.load.Script;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.subject.ServerProcess;
import io.witan.benchmarks.subject.Subject;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// What large data costs to read and to write.
final class ScaleOfData {

    private static final String PARENT = "/data";
    private static final double KIB = 1024;

    /// As many znodes as hold so much together, and not more than [#ZNODES_MAX].
    private static final int BYTES = 16 << 20;

    private static final int ZNODES_MAX = 1_000;

    /// The limit of a request is a little below the largest size by default.
    private static final String FRAMES = "-Djute.maxbuffer=" + (4 << 20);

    private final ScaleBed at;

    ScaleOfData(ScaleBed at) {
        this.at = at;
    }

    void measure(Subject subject) {
        var flags = at.flags().and(FRAMES);
        try (var server = at.bed().start(subject, flags, MemoryEach.NO_SNAPSHOT)) {
            var znodes = Math.min(ZNODES_MAX, BYTES / at.size());
            IntFunction<String> path = (PARENT + "/k%04d")::formatted;
            BenchTree.createAll(server.address(), List.of(PARENT), 0);
            BenchTree.createAll(
                    server.address(),
                    IntStream.range(0, znodes).mapToObj(path).toList(),
                    at.size());
            cost("getData", server, ScaleBed.reads(znodes, path, at.size()));
            cost("setData", server, ScaleBed.writes(znodes, path, at.size()));
        }
    }

    private void cost(String cost, ServerProcess server, IntFunction<Script> script) {
        at.cpu(cost, server, ScaleBed.SYNCHRONOUS, script, Metric.KIB_CPU, at.size() / KIB);
    }
}
