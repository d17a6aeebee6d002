package io.witan.benchmarks;

import io.witan.benchmarks.load.LoadGenerator;
import io.witan.benchmarks.load.NumberedNodes;
import io.witan.benchmarks.load.Requests;
import io.witan.benchmarks.load.Scripts;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.subject.ServerProcess;
import io.witan.benchmarks.subject.Subject;

import java.util.List;

/// What it costs to be one of many children of a znode, and to list them.
final class ScaleOfChildren {

    private static final String PARENT = "/parent";
    private static final int NAME_BYTES = NumberedNodes.path("", 0).length() - 1;
    private static final int BUILDERS = 10;
    private static final int BUILD_DEPTH = 100;

    /// One connection, because a delete must come behind its create.
    private static final ScaleBed.Load IN_ORDER = new ScaleBed.Load(1, 100);

    private static final ScaleBed.Load ALONE = new ScaleBed.Load(1, 1);

    private final ScaleBed at;

    ScaleOfChildren(ScaleBed at) {
        this.at = at;
    }

    void measure(Subject subject) {
        try (var server = at.bed().start(subject, at.flags(), MemoryEach.NO_SNAPSHOT)) {
            build(server);
            var reads = ScaleBed.reads(at.size(), i -> NumberedNodes.path(PARENT, i), 0);
            at.cpu("getData of a child", server, ScaleBed.FULL, reads);
            var one = new NumberedNodes(PARENT, new byte[0], false, at.size());
            at.cpu("create and delete", server, IN_ORDER, _ -> one.createsAndDeletes());
            list(server);
        }
    }

    private void build(ServerProcess server) {
        BenchTree.createAll(server.address(), List.of(PARENT), 0);
        var nodes = new NumberedNodes(PARENT, new byte[0], false);
        try (var load = LoadGenerator.connect(server.address(), BUILDERS)) {
            load.send(_ -> nodes.creates(), BUILD_DEPTH, at.size() / BUILDERS);
        }
    }

    private void list(ServerProcess server) {
        var frames = List.of(Requests.getChildren(PARENT));
        var replyBytes = Requests.getChildrenReplyBytes(at.size(), NAME_BYTES);
        at.cpu(
                "getChildren",
                server,
                ALONE,
                _ -> Scripts.each(frames, replyBytes),
                Metric.CHILD_CPU,
                at.size());
    }
}
