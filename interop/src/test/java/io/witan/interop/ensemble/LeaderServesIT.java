package io.witan.interop.ensemble;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.interop.Events;
import io.witan.interop.disk.Tree;
import io.witan.interop.wire.WireConnection;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.EOFException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// With `leaderServes=no` the leader, a server of Witan, leaves clients to its followers, which are
/// of either kind. A leader of Apache's does the same, but it does not answer four-letter words.
class LeaderServesIT {

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    private final Ledger ledger = new Ledger();

    @ParameterizedTest
    @ValueSource(strings = {"WWW", "AAW"})
    void clients_find_the_servers_that_do_not_lead(String mix) throws Exception {
        Ensemble ensemble = ensembles.of(mix, "leaderServes=no");
        ensemble.startLedBy(3);
        Member leader = ensemble.server(3);

        assertRefusesClients(leader);
        assertThat(leader.figure("zk_synced_followers")).isEqualTo(2);
        ledger.write(ensemble.client(ensemble.server(1)), 3);
        ledger.write(ensemble.client(ensemble.server(2)), 3);
        ZooKeeper anywhere = ensemble.client(ensemble.connectString(), new Events());
        ledger.write(anywhere, 3);
        anywhere.create("/ephemeral", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        long session = anywhere.getSessionId();

        leader.kill();
        ledger.write(anywhere, 3);
        var stat = Insistence.insist(() -> anywhere.exists("/ephemeral", false));
        assertThat(stat).isNotNull();
        assertThat(stat.getEphemeralOwner()).isEqualTo(session);

        leader.start();
        ZooKeeper atFollower = ensemble.client(leader);
        ledger.write(atFollower, 3);
        atFollower.addAuthInfo("digest", "super:admin".getBytes(UTF_8));
        ledger.assertHeldBy(Tree.of(atFollower));
    }

    private static void assertRefusesClients(Member leader) throws Exception {
        var address =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), leader.place().clientPort());
        try (var client = new WireConnection(address)) {
            assertThatThrownBy(() -> client.connect(10_000)).isInstanceOf(EOFException.class);
        }
    }
}
