package io.witan.benchmarks;

import io.witan.benchmarks.load.LoadFailureException;
import io.witan.benchmarks.load.LoadGenerator;
import io.witan.benchmarks.load.NumberedNodes;
import io.witan.benchmarks.machine.Disturbance;
import io.witan.benchmarks.report.Measurement;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;
import io.witan.benchmarks.report.Results;
import io.witan.benchmarks.subject.JvmFlags;
import io.witan.benchmarks.subject.ServerProcess;
import io.witan.benchmarks.subject.SetupException;
import io.witan.benchmarks.subject.Subject;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/// What the measurements that are not closed loops have in common: they start servers, fill their
/// trees, and record what they find.
///
/// ```
/// /znodes/p00 ... p09                      parents
/// /znodes/pNN/n0000000000 ...              as many below each, 100 B
/// ```
final class TestBed {

    static final int DATA_BYTES = 100;
    static final int PARENTS = 10;

    private static final int LOAD_DEPTH = 100;

    private final Settings settings;
    private final List<Subject> subjects;
    private final Results results;
    private final Progress progress;
    private final Disturbance disturbance;

    /// For the part that is being measured.
    private final List<ServerProcess> started = new ArrayList<>();

    TestBed(Settings settings, List<Subject> subjects, Results results, Progress progress) {
        this.settings = settings;
        this.subjects = subjects;
        this.results = results;
        this.progress = progress;
        this.disturbance = new Disturbance(settings.quietWait(), progress::step);
    }

    /// What is measured of one subject.
    interface Part {
        void measure(Subject subject, int repeat);
    }

    /// Each subject in turn, so often.
    void each(Special special, int repeats, Part part) {
        for (var repeat = 1; repeat <= repeats; repeat++) {
            for (var subject : Turns.of(subjects, repeat)) {
                awaitQuiet();
                started.clear();
                try {
                    part.measure(subject, repeat);
                } catch (LoadFailureException | SetupException e) {
                    failed(subject.name(), special.id(), e);
                    // By now they are closed, and the cause may be that one had ended by itself.
                    started.forEach(server -> server.lastWords().ifPresent(this::failed));
                }
            }
        }
    }

    void failed(String who, String what, RuntimeException e) {
        failed("%s failed in %s: %s".formatted(who, what, e.getMessage()));
    }

    private void failed(String sentence) {
        progress.step(sentence);
        results.failed(sentence);
    }

    void heading(String text) {
        progress.heading(text);
    }

    void awaitQuiet() {
        disturbance.awaitQuiet(List.of());
    }

    Settings settings() {
        return settings;
    }

    Settings.Scale scale() {
        return settings.scale();
    }

    List<Subject> subjects() {
        return subjects;
    }

    ServerProcess start(Subject subject, JvmFlags flags, Map<String, String> more) {
        var configuration = ServerProcess.baseConfiguration();
        configuration.putAll(more);
        var server = ServerProcess.start(subject, settings.scratch(), flags, configuration);
        started.add(server);
        return server;
    }

    void add(String subject, Row row, Metric metric, int repeat, double value) {
        record(subject, row, metric, repeat, value);
        progress.step(
                String.format(
                        Locale.ROOT,
                        "%-7s %s: %s %,.2f %s",
                        subject,
                        row.label(),
                        metric.title(),
                        value,
                        metric.unit()));
    }

    /// The same without a line on the terminal.
    void record(String subject, Row row, Metric metric, int repeat, double value) {
        results.add(new Measurement(row, metric, subject, repeat, value));
    }

    void remark(String sentence) {
        results.remark(sentence);
    }

    void say(String sentence) {
        progress.step(sentence);
    }

    // The tree.

    static String path(int znode) {
        return NumberedNodes.path(parent(znode % PARENTS), znode / PARENTS);
    }

    /// Bytes of a znode that are its own: data and name.
    static int contentBytes() {
        return DATA_BYTES + NumberedNodes.path("", 0).length() - 1;
    }

    private static String parent(int number) {
        return "/znodes/p%02d".formatted(number);
    }

    static void createParents(InetSocketAddress server) {
        BenchTree.createAll(server, List.of("/znodes"), 0);
        BenchTree.createAll(
                server, IntStream.range(0, PARENTS).mapToObj(TestBed::parent).toList(), 0);
    }

    static void createZnodes(InetSocketAddress server, int count) {
        try (var load = LoadGenerator.connect(server, PARENTS)) {
            load.send(
                    i -> new NumberedNodes(parent(i), new byte[DATA_BYTES], false).creates(),
                    LOAD_DEPTH,
                    count / PARENTS);
        }
    }
}
