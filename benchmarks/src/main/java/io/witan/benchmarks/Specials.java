package io.witan.benchmarks;

import io.witan.benchmarks.load.LoadFailureException;
import io.witan.benchmarks.load.LoadGenerator;
import io.witan.benchmarks.load.NumberedNodes;
import io.witan.benchmarks.load.Requests;
import io.witan.benchmarks.load.Scripts;
import io.witan.benchmarks.machine.Memory;
import io.witan.benchmarks.report.Measurement;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;
import io.witan.benchmarks.report.Results;
import io.witan.benchmarks.subject.JvmFlags;
import io.witan.benchmarks.subject.ServerProcess;
import io.witan.benchmarks.subject.SetupException;
import io.witan.benchmarks.subject.Subject;

import org.HdrHistogram.Histogram;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// The measurements that are not closed loops: time to start, memory, and the latency of writes
/// beside a snapshot. Each gives every subject a new process with a new data directory, in turn.
final class Specials {

    private static final int LOADERS = 10;
    private static final int LOAD_DEPTH = 100;
    private static final int WATCHERS = 100;
    private static final int DATA_BYTES = 100;

    /// No snapshot while a tree is built whose memory is measured.
    private static final Map<String, String> NO_SNAPSHOT = Map.of("snapCount", "100000000");

    private final Settings settings;
    private final Settings.Scale scale;
    private final List<Subject> subjects;
    private final Results results;
    private final Progress progress;

    Specials(Settings settings, List<Subject> subjects, Results results, Progress progress) {
        this.settings = settings;
        this.scale = settings.scale();
        this.subjects = subjects;
        this.results = results;
        this.progress = progress;
    }

    void run() {
        for (var special : Special.values()) {
            if (settings.specials().contains(special)) {
                progress.heading(special.description());
                switch (special) {
                    case START -> start();
                    case ZNODES -> each(special, this::znodes);
                    case WATCHES -> each(special, this::watches);
                    case SESSIONS -> each(special, this::sessions);
                    case SNAPSHOT -> each(special, this::snapshot);
                }
            }
        }
    }

    private void each(Special special, Consumer<Subject> measurement) {
        for (var subject : subjects) {
            try {
                measurement.accept(subject);
            } catch (LoadFailureException | SetupException e) {
                var what =
                        "%s failed in %s: %s"
                                .formatted(subject.name(), special.id(), e.getMessage());
                progress.step(what);
                results.failed(what);
            }
        }
    }

    private void start() {
        for (var repeat = 1; repeat <= scale.starts(); repeat++) {
            for (var subject : subjects) {
                try (var server = start(subject, settings.flags(), Map.of())) {
                    add(
                            subject,
                            new Row("start on an empty directory", "", ""),
                            Metric.FIRST_READ,
                            repeat,
                            server.timeToFirstRead().toNanos() / 1e6);
                }
            }
        }
    }

    private void znodes(Subject subject) {
        try (var server = startForMemory(subject)) {
            createParents(server.address());
            var before = Memory.of(server.handle());
            createZnodes(server.address(), scale.znodes());
            addMemory(
                    subject,
                    new Row("one of %,d znodes".formatted(scale.znodes()), "", DATA_BYTES + " B"),
                    Memory.of(server.handle()).minus(before),
                    scale.znodes());
        }
    }

    private void watches(Subject subject) {
        try (var server = startForMemory(subject)) {
            createParents(server.address());
            createZnodes(server.address(), scale.watchedZnodes());
            try (var load = LoadGenerator.connect(server.address(), WATCHERS)) {
                var before = Memory.of(server.handle());
                setWatches(load);
                addMemory(
                        subject,
                        new Row(
                                "one of %,d watches over %,d znodes"
                                        .formatted(scale.watches(), scale.watchedZnodes()),
                                "%d sessions".formatted(WATCHERS),
                                ""),
                        Memory.of(server.handle()).minus(before),
                        scale.watches());
            }
        }
    }

    /// Every session watches as many znodes, a stretch that overlaps with its neighbours', so that
    /// all znodes have the same number of watchers.
    private void setWatches(LoadGenerator load) {
        var frames =
                IntStream.range(0, scale.watchedZnodes())
                        .mapToObj(i ->
                                Requests.exists(
                                        NumberedNodes.path(parent(i % LOADERS), i / LOADERS), true))
                        .toList();
        var each = scale.watches() / WATCHERS;
        load.send(
                session -> {
                    var from = session * (scale.watchedZnodes() / WATCHERS);
                    var stretch =
                            IntStream.range(from, from + each)
                                    .mapToObj(i -> frames.get(i % frames.size()))
                                    .toList();
                    return Scripts.each(stretch, Requests.statReplyBytes());
                },
                LOAD_DEPTH,
                each);
    }

    private void sessions(Subject subject) {
        try (var server = startForMemory(subject)) {
            var before = Memory.of(server.handle());
            try (var _ = LoadGenerator.connect(server.address(), scale.sessions())) {
                addMemory(
                        subject,
                        new Row("one of %,d idle sessions".formatted(scale.sessions()), "", ""),
                        Memory.of(server.handle()).minus(before),
                        scale.sessions());
            }
        }
    }

    private void snapshot(Subject subject) {
        // A server draws each moment anew, between one half of snapCount and all.
        var snapCount = scale.pacedWritesPerSecond() * (int) scale.paced().toSeconds() / 4;
        try (var server =
                start(
                        subject,
                        settings.flags(),
                        Map.of("snapCount", Integer.toString(snapCount)))) {
            createParents(server.address());
            createZnodes(server.address(), scale.znodes());
            BenchTree.build(server.address());
            var writes = new PacedWrites(scale.pacedWritesPerSecond(), scale.paced());
            var outcome = writes.run(server);
            var size = "%,d znodes".formatted(scale.znodes());
            var load = "%,d setData/s".formatted(scale.pacedWritesPerSecond());
            addLatency(subject, new Row("write, no snapshot", load, size), outcome.without());
            addLatency(subject, new Row("write beside a snapshot", load, size), outcome.beside());
            if (outcome.snapshots() == 0) {
                results.remark(
                        "%s wrote no snapshot while its latency was measured."
                                .formatted(subject.name()));
            }
            progress.step(
                    "%-7s %d snapshots, %.1f s in all"
                            .formatted(
                                    subject.name(),
                                    outcome.snapshots(),
                                    outcome.snapshotSeconds()));
        }
    }

    private void addLatency(Subject subject, Row row, Histogram latency) {
        if (latency.getTotalCount() == 0) {
            return;
        }
        add(subject, row, Metric.P50, 1, latency.getValueAtPercentile(50) / 1e6);
        add(subject, row, Metric.P99, 1, latency.getValueAtPercentile(99) / 1e6);
        add(subject, row, Metric.P999, 1, latency.getValueAtPercentile(99.9) / 1e6);
        add(subject, row, Metric.LATENCY_MAX, 1, latency.getMaxValue() / 1e6);
    }

    private void addMemory(Subject subject, Row row, Memory used, int things) {
        add(subject, row, Metric.LIVE_HEAP, 1, used.liveHeapBytes() / (double) things);
        add(subject, row, Metric.RESIDENT, 1, used.residentBytes() / (double) things);
    }

    private void add(Subject subject, Row row, Metric metric, int repeat, double value) {
        results.add(new Measurement(row, metric, subject.name(), repeat, value));
        progress.step(
                String.format(
                        Locale.ROOT,
                        "%-7s %s: %s %,.1f %s",
                        subject.name(),
                        row.label(),
                        metric.title(),
                        value,
                        metric.unit()));
    }

    private ServerProcess startForMemory(Subject subject) {
        return start(subject, settings.flags().growing(), NO_SNAPSHOT);
    }

    private ServerProcess start(Subject subject, JvmFlags flags, Map<String, String> more) {
        var configuration = ServerProcess.baseConfiguration();
        configuration.putAll(more);
        return ServerProcess.start(subject, settings.scratch(), flags, configuration);
    }

    private static String parent(int loader) {
        return "/znodes/p%02d".formatted(loader);
    }

    private static void createParents(InetSocketAddress server) {
        BenchTree.createAll(server, List.of("/znodes"), 0);
        BenchTree.createAll(
                server, IntStream.range(0, LOADERS).mapToObj(Specials::parent).toList(), 0);
    }

    private static void createZnodes(InetSocketAddress server, int count) {
        try (var load = LoadGenerator.connect(server, LOADERS)) {
            load.send(
                    i -> new NumberedNodes(parent(i), new byte[DATA_BYTES], false).creates(),
                    LOAD_DEPTH,
                    count / LOADERS);
        }
    }
}
