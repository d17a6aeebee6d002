package io.witan.benchmarks;

import io.witan.benchmarks.load.Requests;
import io.witan.benchmarks.load.Scripts;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;
import io.witan.benchmarks.subject.Subject;

import org.HdrHistogram.Histogram;

import java.util.Map;
import java.util.stream.IntStream;

/// Writes at a steady rate, all over a tree of which snapshots are written meanwhile: their
/// latency, what goes to the disk, and of a server that says so how long its core was busy at a
/// stretch.
final class SnapshotWrites {

    private static final int KEYS = 100_000;
    private static final String LONGEST_SLICE = "zk_max_core_slice_micros";

    private final TestBed bed;

    SnapshotWrites(TestBed bed) {
        this.bed = bed;
    }

    void measure(Subject subject, int repeat) {
        var paced = bed.scale().paced();
        var znodes = bed.scale().znodes();
        try (var server = bed.start(subject, bed.settings().flags(), Map.of())) {
            TestBed.createParents(server.address());
            TestBed.createZnodes(server.address(), znodes);
            var frames =
                    IntStream.range(0, Math.min(KEYS, znodes))
                            .mapToObj(i -> TestBed.path(i * Math.max(1, znodes / KEYS)))
                            .map(path -> Requests.setData(path, new byte[TestBed.DATA_BYTES]))
                            .toList();
            var outcome =
                    new PacedWrites(paced.perSecond(), paced.length())
                            .run(
                                    server,
                                    connection ->
                                            Scripts.anyOf(
                                                    frames, Requests.statReplyBytes(), connection));
            var size = "%,d znodes".formatted(znodes);
            var load = "%,d setData/s".formatted(paced.perSecond());
            addLatency(subject, new Row("write, any", load, size), repeat, outcome.all());
            addLatency(
                    subject, new Row("write, no snapshot", load, size), repeat, outcome.without());
            addLatency(
                    subject,
                    new Row("write beside a snapshot", load, size),
                    repeat,
                    outcome.beside());
            var all = new Row("writes and snapshots", load, size);
            var bytes = (double) outcome.all().getTotalCount() * TestBed.DATA_BYTES;
            add(subject, all, Metric.DISK_BYTES, repeat, outcome.writtenBytes() / bytes);
            server.figure(LONGEST_SLICE)
                    .ifPresent(
                            micros -> add(subject, all, Metric.SLICE_MAX, repeat, micros / 1000));
            if (outcome.snapshots() == 0) {
                bed.remark(
                        "%s wrote no snapshot while its latency was measured."
                                .formatted(subject.name()));
            }
            bed.say(
                    "%-7s %d snapshots, %.1f s in all"
                            .formatted(
                                    subject.name(),
                                    outcome.snapshots(),
                                    outcome.snapshotSeconds()));
        }
    }

    private void addLatency(Subject subject, Row row, int repeat, Histogram latency) {
        if (latency.getTotalCount() > 0) {
            add(subject, row, Metric.P50, repeat, latency.getValueAtPercentile(50) / 1e6);
            add(subject, row, Metric.P99, repeat, latency.getValueAtPercentile(99) / 1e6);
            add(subject, row, Metric.P999, repeat, latency.getValueAtPercentile(99.9) / 1e6);
            add(subject, row, Metric.LATENCY_MAX, repeat, latency.getMaxValue() / 1e6);
        }
    }

    private void add(Subject subject, Row row, Metric metric, int repeat, double value) {
        bed.add(subject.name(), row, metric, repeat, value);
    }
}
