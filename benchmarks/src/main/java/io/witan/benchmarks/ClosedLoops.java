package io.witan.benchmarks;

import io.witan.benchmarks.load.LoadFailureException;
import io.witan.benchmarks.load.LoadGenerator;
import io.witan.benchmarks.load.LoadGenerator.Measured;
import io.witan.benchmarks.machine.CpuTimes;
import io.witan.benchmarks.machine.Disturbance;
import io.witan.benchmarks.report.Measurement;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;
import io.witan.benchmarks.report.Results;
import io.witan.benchmarks.subject.Ensemble;
import io.witan.benchmarks.subject.ServerProcess;
import io.witan.benchmarks.subject.Subject;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Runs the cells, each against one server or an ensemble: all subjects are up at the same time,
/// idle but for the one that is measured, and take turns within each cell. So whatever changes on
/// the machine in minutes changes for all of them, and a new process for each repeat shows how far
/// two runs of the same program differ.
final class ClosedLoops {

    private final Settings settings;
    private final List<Subject> subjects;
    private final Results results;
    private final Progress progress;
    private final Disturbance disturbance;

    ClosedLoops(Settings settings, List<Subject> subjects, Results results, Progress progress) {
        this.settings = settings;
        this.subjects = subjects;
        this.results = results;
        this.progress = progress;
        this.disturbance = new Disturbance(settings.quietWait(), progress::step);
    }

    void run() {
        for (var repeat = 1; repeat <= settings.repeats(); repeat++) {
            progress.heading("round %d of %d".formatted(repeat, settings.repeats()));
            round(repeat);
        }
    }

    private void round(int repeat) {
        var contenders = new ArrayList<Contender>();
        try {
            for (var subject : subjects) {
                contenders.add(Contender.start(subject, settings));
            }
            for (var contender : contenders) {
                progress.step("warming up " + contender.name());
                firstWarmUp(contender);
            }
            for (var cell : settings.cells()) {
                progress.step(cell.label());
                disturbance.awaitQuiet(handles(contenders));
                for (var contender : Turns.of(contenders, repeat)) {
                    measureOrRemark(contender, cell, repeat);
                }
                progress.cell(cell, results, repeat);
            }
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    private static List<ProcessHandle> handles(List<Contender> contenders) {
        return contenders.stream().flatMap(one -> one.servers().handles().stream()).toList();
    }

    private void firstWarmUp(Contender contender) {
        settings.cells().stream()
                .map(Cell::workload)
                .distinct()
                .map(workload -> new Cell(workload, 10, 10, 100))
                .forEach(cell -> drive(contender, cell, Duration.ZERO, settings.firstWarmUp()));
    }

    private void measureOrRemark(Contender contender, Cell cell, int repeat) {
        try {
            measure(contender, cell, repeat);
        } catch (LoadFailureException e) {
            var what =
                    "%s failed in %s (repeat %d): %s. Its last lines:%n%s"
                            .formatted(
                                    contender.name(),
                                    cell.label(),
                                    repeat,
                                    e.getMessage(),
                                    contender.servers().lastLines());
            progress.step(what);
            if (contender.servers().ended().isPresent()) {
                throw new LoadFailureException(what, e);
            }
            results.failed(what);
        }
    }

    private void measure(Contender contender, Cell cell, int repeat) {
        var outcome = drive(contender, cell, settings.warmUp(), settings.length());
        var row = row(cell);
        var measured = outcome.measured();
        var cpu = outcome.cpu();
        var requests = (double) measured.requests();
        record(contender, row, Metric.CPU, repeat, cpu.serverMicros() / requests);
        record(contender, row, Metric.THROUGHPUT, repeat, requests / measured.nanos() * 1e9);
        record(contender, row, Metric.P50, repeat, millis(measured, 50));
        record(contender, row, Metric.P99, repeat, millis(measured, 99));
        record(contender, row, Metric.P999, repeat, millis(measured, 99.9));
        record(contender, row, Metric.GENERATOR_CPU, repeat, cpu.generatorMicros() / requests);
        record(contender, row, Metric.OTHER_CORES, repeat, cpu.otherCores());
        if (cpu.otherCores() > Disturbance.CORES_MAX) {
            results.remark(
                    "While %s ran %s (repeat %d), other programs used %.2f cores."
                            .formatted(contender.name(), cell.label(), repeat, cpu.otherCores()));
        }
    }

    static Row row(Cell cell) {
        return new Row(cell.workload().id(), cell.load(), cell.size());
    }

    private void record(Contender contender, Row row, Metric metric, int repeat, double value) {
        results.add(new Measurement(row, metric, contender.name(), repeat, value));
    }

    private static double millis(Measured measured, double percentile) {
        return measured.latency().getValueAtPercentile(percentile) / 1e6;
    }

    private record Outcome(Measured measured, CpuTimes cpu) {}

    private static Outcome drive(Contender contender, Cell cell, Duration warmUp, Duration length) {
        var meter = new CpuMeter(contender.servers().handles());
        var run = contender.tree().run(cell);
        try (var load = LoadGenerator.connect(contender.addresses(), cell.connections())) {
            var measured = load.measure(run::script, cell.depth(), warmUp, length, meter);
            run.tidyUp(load);
            return new Outcome(measured, meter.used());
        }
    }

    /// Servers that are up, with the tree that the workloads need.
    ///
    /// @param addresses where the clients are spread over, in this order
    private record Contender(Ensemble servers, List<InetSocketAddress> addresses, BenchTree tree) {

        static Contender start(Subject subject, Settings settings) {
            var servers =
                    Ensemble.start(
                            subject,
                            settings.scratch(),
                            settings.servers(),
                            settings.flags().touched(),
                            ServerProcess.baseConfiguration());
            try {
                var addresses = servers.addressesLeaderLast();
                return new Contender(servers, addresses, BenchTree.build(addresses));
            } catch (RuntimeException e) {
                servers.close();
                throw e;
            }
        }

        String name() {
            return servers.name();
        }

        void close() {
            servers.close();
        }
    }
}
