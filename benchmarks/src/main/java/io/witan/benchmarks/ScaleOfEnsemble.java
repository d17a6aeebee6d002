package io.witan.benchmarks;

import io.witan.benchmarks.subject.Ensemble;
import io.witan.benchmarks.subject.ServerProcess;
import io.witan.benchmarks.subject.Subject;

/// What a request costs all servers of an ensemble together, and what its leader alone.
final class ScaleOfEnsemble {

    /// Several servers share the machine.
    private static final String HEAP = "512m";

    private static final int DATA_BYTES = 100;

    private final ScaleBed at;

    ScaleOfEnsemble(ScaleBed at) {
        this.at = at;
    }

    void measure(Subject subject) {
        var settings = at.bed().settings();
        var configuration = ServerProcess.baseConfiguration();
        configuration.putAll(MemoryEach.NO_SNAPSHOT);
        var flags = settings.flags().withHeap(HEAP).growing();
        try (var servers =
                Ensemble.start(subject, settings.scratch(), at.size(), flags, configuration)) {
            var addresses = servers.addressesLeaderLast();
            BenchTree.build(addresses);
            var leader = at.size() == 1 ? 0 : servers.awaitLeader();
            at.cpu("setData", servers, addresses, leader, BenchTree.setData(DATA_BYTES));
            at.cpu("getData", servers, addresses, leader, BenchTree.getData(DATA_BYTES));
        }
    }
}
