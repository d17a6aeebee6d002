package io.witan.interop.ensemble;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.CuttableLine;
import io.witan.interop.Events;
import io.witan.interop.Product;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Optional;

/// Mixes of roles and products, of which the last participant leads at first: clients work through
/// every server, a server of each role and product is killed while they hold sessions there, and at
/// the end all servers hold the same. `-Dmixes=all` is every mix there is, see [Mixes].
class MixedEnsembleIT {

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    private final Ledger ledger = new Ledger();

    @ParameterizedTest
    @MethodSource("io.witan.interop.ensemble.Mixes#chosen")
    void clients_see_one_ensemble(String mix) throws Exception {
        Ensemble ensemble = ensembles.of(mix);
        int participants = mix.contains("+") ? mix.indexOf('+') : mix.length();
        ensemble.startLedBy(participants);

        new Workload(ensemble, ledger, "/first").run();
        Replicas.assertSame(ensemble, ledger);
        for (Member observer : ensemble.members()) {
            if (observer.place().observer()) {
                killAndRestart(ensemble, observer);
            }
        }
        for (Product product : Product.values()) {
            Optional<Member> follower = ensemble.follower(product);
            if (follower.isPresent()) {
                killAndRestart(ensemble, follower.get());
            }
        }
        killAndRestart(ensemble, ensemble.leader());

        new Workload(ensemble, ledger, "/second").run();
        Replicas.assertSame(ensemble, ledger);
    }

    /// A session of the killed server goes on at another one, and so do those of the others.
    private void killAndRestart(Ensemble ensemble, Member victim) throws Exception {
        Member refuge =
                ensemble.running().stream()
                        .filter(member -> !member.equals(victim))
                        .findFirst()
                        .orElseThrow();
        var line = ensemble.closedAfterwards(new CuttableLine(victim.address()));
        var events = new Events();
        ZooKeeper homeless = ensemble.client(line.connectString(), events);
        String path = "/homeless-" + victim.sid();
        homeless.create(path, null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        ledger.write(homeless, 5);

        victim.kill();
        line.leadTo(refuge.address());
        ensemble.leader();
        events.awaitState(KeeperState.Disconnected);
        events.awaitState(KeeperState.SyncConnected);

        assertThat(homeless.exists(path, false).getEphemeralOwner())
                .isEqualTo(homeless.getSessionId());
        for (Member survivor : ensemble.running()) {
            ledger.write(ensemble.client(survivor), 5);
        }
        victim.start();
        ensemble.leader();
        ledger.write(ensemble.client(victim), 5);
        Replicas.assertSame(ensemble, ledger);
        ensemble.closeClients();
    }
}
