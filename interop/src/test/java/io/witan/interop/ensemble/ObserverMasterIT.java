package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.ServerProcess;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;

/// An observer that is served by a follower, of its own kind and of the other: the leader has no
/// observer, clients of the observer notice nothing of that, and it comes back when its follower
/// does. Server 1 follows, 2 leads, 3 observes.
///
/// An observer that finds no follower yet may go to the leader. So it starts here when there is
/// one.
class ObserverMasterIT {

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    private final Ledger ledger = new Ledger();

    @ParameterizedTest
    @ValueSource(strings = {"WW+W", "AW+W", "WA+A"})
    void an_observer_is_served_by_a_follower(String mix) throws Exception {
        int port = ServerProcess.freePort();
        Ensemble ensemble = ensembles.of(mix, "observerMasterPort=" + port);
        Member observer = ensemble.server(3);
        ensemble.server(1).launch();
        ensemble.server(2).launch();
        awaitObserverMaster(port);
        observer.start();
        assertThat(ensemble.leader()).isEqualTo(ensemble.server(2));
        assertIsServedByTheFollower(ensemble);

        new Workload(ensemble, ledger, "/first").run();
        Replicas.assertSame(ensemble, ledger);

        ensemble.server(1).kill();
        ensemble.server(1).start();
        ensemble.leader();

        new Workload(ensemble, ledger, "/second").run();
        Replicas.assertSame(ensemble, ledger);

        observer.kill();
        awaitObserverMaster(port);
        observer.start();
        assertIsServedByTheFollower(ensemble);
        Replicas.assertSame(ensemble, ledger);
    }

    private static void assertIsServedByTheFollower(Ensemble ensemble) throws Exception {
        assertThat(ensemble.leader().figure("zk_synced_observers")).isZero();
    }

    /// Only a follower has this port.
    private static void awaitObserverMaster(int port) throws Exception {
        Await.until(
                "a follower serves observers",
                () -> {
                    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        return true;
                    } catch (ConnectException notYet) {
                        return false;
                    }
                });
    }
}
