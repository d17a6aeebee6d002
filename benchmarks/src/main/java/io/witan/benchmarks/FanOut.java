package io.witan.benchmarks;

import io.witan.benchmarks.load.Crowd;
import io.witan.benchmarks.load.LoadFailureException;
import io.witan.benchmarks.load.Requests;
import io.witan.benchmarks.machine.ProcessClock;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;
import io.witan.benchmarks.subject.ServerProcess;
import io.witan.benchmarks.subject.SetupException;
import io.witan.benchmarks.subject.Subject;

import java.util.ArrayList;
import java.util.List;

/// Many sessions watch one znode, and one of them changes it: how long until the last has got the
/// event, and what the server used meanwhile. The subjects are up at the same time, each with its
/// sessions, and take turns change by change.
final class FanOut {

    private static final String ZNODE = "/watched-by-all";
    private static final int DATA_BYTES = 100;

    private final TestBed bed;

    FanOut(TestBed bed) {
        this.bed = bed;
    }

    void run() {
        for (var round = 1; round <= bed.settings().repeats(); round++) {
            var contenders = new ArrayList<Contender>();
            try {
                for (var subject : bed.subjects()) {
                    contenders.add(start(subject));
                }
                bed.awaitQuiet();
                takeTurns(contenders, round);
            } catch (LoadFailureException | SetupException e) {
                bed.failed("round " + round, Special.FAN_OUT.id(), e);
            } finally {
                contenders.forEach(Contender::close);
            }
        }
    }

    private void takeTurns(List<Contender> contenders, int round) {
        var scale = bed.scale().fanOut();
        for (var turn = 1; turn <= scale.warmUps() + scale.changes(); turn++) {
            for (var contender : Turns.of(contenders, turn)) {
                change(contender, (round - 1) * scale.changes() + turn - scale.warmUps(), turn);
            }
        }
    }

    private void change(Contender contender, int repeat, int turn) {
        var sessions = bed.scale().fanOut().sessions();
        var crowd = contender.crowd();
        crowd.all(Requests.exists(ZNODE, true), Requests.statReplyBytes());
        var process = contender.server().handle();
        var cpu = ProcessClock.nanos(process);
        var begin = System.nanoTime();
        crowd.one(
                Requests.setData(ZNODE, new byte[DATA_BYTES]),
                Requests.statReplyBytes(),
                Requests.notificationBytes(ZNODE));
        var took = System.nanoTime() - begin;
        var used = ProcessClock.nanos(process) - cpu;
        if (turn > bed.scale().fanOut().warmUps()) {
            var row = new Row("%,d sessions watch one znode".formatted(sessions), "", "");
            var name = contender.server().subject().name();
            bed.record(name, row, Metric.LAST_EVENT, repeat, took / 1e6);
            bed.record(name, row, Metric.EVENT_CPU, repeat, used / 1e3 / sessions);
            bed.say(
                    "%-7s last of %,d events after %.1f ms, CPU %.2f µs each"
                            .formatted(name, sessions, took / 1e6, used / 1e3 / sessions));
        }
    }

    private Contender start(Subject subject) {
        var server = bed.start(subject, bed.settings().flags().touched(), MemoryEach.NO_SNAPSHOT);
        try {
            BenchTree.createAll(server.address(), List.of(ZNODE), DATA_BYTES);
            var sessions = bed.scale().fanOut().sessions();
            return new Contender(server, Crowd.connect(server.address(), sessions));
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private record Contender(ServerProcess server, Crowd crowd) {
        void close() {
            crowd.close();
            server.close();
        }
    }
}
