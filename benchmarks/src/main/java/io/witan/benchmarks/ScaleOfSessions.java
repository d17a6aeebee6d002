package io.witan.benchmarks;

import io.witan.benchmarks.load.Crowd;
import io.witan.benchmarks.load.Requests;
import io.witan.benchmarks.machine.ProcessClock;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.subject.Subject;

import java.time.Duration;

/// What sessions cost that do nothing but ping, and what others' reads cost beside them.
final class ScaleOfSessions {

    private static final Duration LENGTH = Duration.ofSeconds(5);
    private static final int ZNODES = 1_000;

    private final ScaleBed at;

    ScaleOfSessions(ScaleBed at) {
        this.at = at;
    }

    void measure(Subject subject) {
        try (var server = at.bed().start(subject, at.flags(), MemoryEach.NO_SNAPSHOT)) {
            TestBed.createParents(server.address());
            TestBed.createZnodes(server.address(), ZNODES);
            try (var crowd = Crowd.connect(server.address(), at.size())) {
                var perSecond = at.size() / IdleSessions.PING_SECONDS;
                var before = ProcessClock.nanos(server.handle());
                crowd.inTurn(Requests.ping(), Requests.pingReplyBytes(), perSecond, LENGTH);
                var millis = (ProcessClock.nanos(server.handle()) - before) / 1e6;
                at.add(
                        "sessions that ping each 10 s",
                        "",
                        Metric.IDLE_CPU,
                        millis / LENGTH.toSeconds());
                var reads = ScaleBed.reads(ZNODES, TestBed::path, TestBed.DATA_BYTES);
                at.cpu("getData beside them", server, ScaleBed.FULL, reads);
            }
        }
    }
}
