package io.witan.benchmarks;

import io.witan.benchmarks.load.Crowd;
import io.witan.benchmarks.load.Requests;
import io.witan.benchmarks.machine.Memory;
import io.witan.benchmarks.machine.ProcessClock;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;
import io.witan.benchmarks.subject.Subject;

/// What sessions cost that do nothing: memory, CPU to connect, CPU to keep alive.
final class IdleSessions {

    /// Clients ping after a third of their time-out; this is one of thirty seconds.
    static final int PING_SECONDS = 10;

    private final TestBed bed;

    IdleSessions(TestBed bed) {
        this.bed = bed;
    }

    void measure(Subject subject, int repeat) {
        var scale = bed.scale().idle();
        var sessions = scale.sessions();
        var row = new Row("one of %,d idle sessions".formatted(sessions), "", "");
        var flags = bed.settings().flags().growing();
        try (var server = bed.start(subject, flags, MemoryEach.NO_SNAPSHOT)) {
            var before = Memory.of(server.handle());
            var start = ProcessClock.nanos(server.handle());
            try (var crowd = Crowd.connect(server.address(), sessions)) {
                var connected = ProcessClock.nanos(server.handle());
                var perSecond = Math.max(1, sessions / PING_SECONDS);
                var load = "%,d pings/s".formatted(perSecond);
                var pinging = new Row("%,d sessions".formatted(sessions), load, "");
                add(
                        subject,
                        pinging,
                        Metric.CONNECT_CPU,
                        repeat,
                        micros(connected - start, sessions));
                var idle = ProcessClock.nanos(server.handle());
                crowd.inTurn(Requests.ping(), Requests.pingReplyBytes(), perSecond, scale.length());
                var pings = perSecond * (int) scale.length().toSeconds();
                var used = ProcessClock.nanos(server.handle()) - idle;
                add(subject, pinging, Metric.PING_CPU, repeat, micros(used, pings));
                // Now the server has got over the rush of connecting, and given back what that
                // took.
                var each = Memory.of(server.handle()).minus(before);
                add(
                        subject,
                        row,
                        Metric.LIVE_HEAP,
                        repeat,
                        each.liveHeapBytes() / (double) sessions);
                add(
                        subject,
                        row,
                        Metric.RESIDENT,
                        repeat,
                        each.residentBytes() / (double) sessions);
            }
        }
    }

    private void add(Subject subject, Row row, Metric metric, int repeat, double value) {
        bed.add(subject.name(), row, metric, repeat, value);
    }

    private static double micros(long nanos, int things) {
        return nanos / 1e3 / things;
    }
}
