package io.witan.benchmarks;

import io.witan.benchmarks.load.LoadFailureException;
import io.witan.benchmarks.load.LoadGenerator;
import io.witan.benchmarks.machine.Memory;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.subject.Ensemble;
import io.witan.benchmarks.subject.ServerProcess;
import io.witan.benchmarks.subject.Subject;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// What requests, memory, a snapshot and a start cost in trees of different sizes.
final class ScaleOfTree {

    private static final String SNAPSHOTS = "zk_cnt_snapshottime";
    private static final String SNAPSHOT_MILLIS = "zk_max_snapshottime";

    /// So few that a few writes bring about a snapshot of the tree as it is.
    private static final int SNAP_COUNT = 2_000;

    private static final int WRITES_EACH = SNAP_COUNT / TestBed.PARENTS;
    private static final Duration SNAPSHOT_MAX = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final ScaleBed at;

    ScaleOfTree(ScaleBed at) {
        this.at = at;
    }

    void measure(Subject subject) {
        var configuration = ServerProcess.baseConfiguration();
        configuration.putAll(MemoryEach.NO_SNAPSHOT);
        var scratch = at.bed().settings().scratch();
        try (var server = Ensemble.start(subject, scratch, 1, at.flags(), configuration)) {
            requests(server.servers().getFirst());
            server.stop(0);
            server.set(0, "snapCount", Integer.toString(SNAP_COUNT));
            server.startAgain(0);
            snapshot(server.servers().getFirst());
            server.stop(0);
            server.startAgain(0);
            var start = server.servers().getFirst().timeToFirstRead();
            at.add("start from a snapshot", "", Metric.FIRST_READ, start.toNanos() / 1e6);
        }
    }

    private void requests(ServerProcess server) {
        TestBed.createParents(server.address());
        var before = Memory.of(server.handle());
        TestBed.createZnodes(server.address(), at.size());
        var each = Memory.of(server.handle()).minus(before).liveHeapBytes() / (double) at.size();
        at.add("one znode", TestBed.DATA_BYTES + " B", Metric.LIVE_HEAP, each);
        var reads = ScaleBed.reads(at.size(), TestBed::path, TestBed.DATA_BYTES);
        at.cpu("getData", server, ScaleBed.FULL, reads);
        var writes = ScaleBed.writes(at.size(), TestBed::path, TestBed.DATA_BYTES);
        at.cpu("setData", server, ScaleBed.FULL, writes);
    }

    /// Of a server that may have written one when it started.
    private void snapshot(ServerProcess server) {
        server.resetFigures();
        var writes = ScaleBed.writes(at.size(), TestBed::path, TestBed.DATA_BYTES);
        try (var load = LoadGenerator.connect(server.address(), TestBed.PARENTS)) {
            load.send(writes, ScaleBed.FULL.depth(), WRITES_EACH);
        }
        var begin = System.nanoTime();
        while (server.figure(SNAPSHOTS).orElse(0) == 0) {
            if (System.nanoTime() - begin > SNAPSHOT_MAX.toNanos()) {
                throw new LoadFailureException("no snapshot in " + SNAPSHOT_MAX.toSeconds() + " s");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        var millis = server.figure(SNAPSHOT_MILLIS).orElseThrow();
        at.add("the whole tree", "", Metric.SNAPSHOT, millis);
    }
}
