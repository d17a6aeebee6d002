package io.witan.benchmarks;

import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;
import io.witan.benchmarks.subject.Ensemble;
import io.witan.benchmarks.subject.ServerProcess;
import io.witan.benchmarks.subject.Subject;

import java.util.Map;

/// Process start to first read: of a server and of an ensemble on empty directories, and of a
/// server that finds a tree.
final class Starts {

    private static final int ENSEMBLE = 3;

    private final TestBed bed;

    Starts(TestBed bed) {
        this.bed = bed;
    }

    void empty(Subject subject, int repeat) {
        try (var server = bed.start(subject, bed.settings().flags(), Map.of())) {
            add(subject, "start on an empty directory", repeat, millis(server));
        }
        try (var ensemble = start(subject, ENSEMBLE)) {
            add(
                    subject,
                    "start of three servers, first read at one of them",
                    repeat,
                    ensemble.timeToFirstReads(1).toNanos() / 1e6);
            add(
                    subject,
                    "start of three servers, first read at all",
                    repeat,
                    ensemble.timeToFirstReads(ENSEMBLE).toNanos() / 1e6);
        }
    }

    /// With what a default configuration leaves behind when the server has come to rest: a
    /// snapshot, and what was logged since.
    void withTree(Subject subject, int ignored) {
        var znodes = bed.scale().znodes();
        try (var server = start(subject, 1)) {
            var address = server.addresses().getFirst();
            TestBed.createParents(address);
            TestBed.createZnodes(address, znodes);
            server.servers().getFirst().awaitUnchangedFiles();
            for (var repeat = 1; repeat <= bed.scale().starts(); repeat++) {
                server.stop(0);
                again(server, subject, "start with %,d znodes, stopped".formatted(znodes), repeat);
                server.kill(0);
                again(server, subject, "start with %,d znodes, killed".formatted(znodes), repeat);
            }
        }
    }

    private void again(Ensemble server, Subject subject, String what, int repeat) {
        server.startAgain(0);
        add(subject, what, repeat, millis(server.servers().getFirst()));
    }

    private Ensemble start(Subject subject, int servers) {
        return Ensemble.start(
                subject,
                bed.settings().scratch(),
                servers,
                bed.settings().flags(),
                ServerProcess.baseConfiguration());
    }

    private void add(Subject subject, String what, int repeat, double millis) {
        bed.add(subject.name(), new Row(what, "", ""), Metric.FIRST_READ, repeat, millis);
    }

    private static double millis(ServerProcess server) {
        return server.timeToFirstRead().toNanos() / 1e6;
    }
}
