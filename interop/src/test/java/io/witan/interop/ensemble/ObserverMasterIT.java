package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.ServerProcess;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An observer that is served by a follower, of its own kind and of the other: the leader has no
/// observer, clients of the observer notice nothing of that, and it comes back when its follower
/// does. Server 1 follows, 2 leads, 3 observes.
class ObserverMasterIT {

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    private final Ledger ledger = new Ledger();

    @ParameterizedTest
    @ValueSource(strings = {"WW+W", "AW+W", "WA+A"})
    void an_observer_is_served_by_a_follower(String mix) throws Exception {
        Ensemble ensemble = ensembles.of(mix, "observerMasterPort=" + ServerProcess.freePort());
        ensemble.startLedBy(2);
        assertThat(ensemble.server(2).figure("zk_synced_observers")).isZero();

        new Workload(ensemble, ledger, "/first").run();
        Replicas.assertSame(ensemble, ledger);

        ensemble.server(1).kill();
        ensemble.server(1).start();
        ensemble.leader();

        new Workload(ensemble, ledger, "/second").run();
        Replicas.assertSame(ensemble, ledger);
        assertThat(ensemble.leader().figure("zk_synced_observers")).isZero();
    }
}
