package io.witan.interop.ensemble;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.CuttableLine;
import io.witan.interop.Events;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Servers that fall silent while their connections stay, as machines do that hang, and as what is
/// behind a cut link does. Server 3 leads at first.
class SilentLeaderIT {

    /// Ticks of 400 ms: long enough to read while nobody has noticed yet.
    private static final String LIMIT = "syncLimit=25";

    private static final String NO_HEARTBEATS = "witan.heartbeatMillis=0";

    /// Longer than any test waits.
    private static final String FAR_LIMIT = "syncLimit=10000";

    private static final String OWN = "/own-of-";

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    private final Ledger ledger = new Ledger();

    @ParameterizedTest
    @ValueSource(strings = {"WWW", "WWA"})
    void a_leader_that_hangs_is_replaced(String mix) throws Exception {
        Ensemble ensemble = ensembles.of(mix, LIMIT, NO_HEARTBEATS);
        ensemble.startLedBy(3);
        Member silent = ensemble.server(3);
        Member reader = ensemble.server(1);
        var line = ensemble.closedAfterwards(new CuttableLine(silent.address()));
        var orphaned = new Events();
        ZooKeeper orphan = owner(ensemble.client(line.connectString(), orphaned), silent);
        var resided = new Events();
        ZooKeeper resident = owner(ensemble.client(reader.connectString(), resided), reader);
        ledger.write(resident, 5);

        silent.freeze();
        assertThat(resident.exists("/write-00005", false)).isNotNull();
        assertThat(resident.exists(OWN + silent.sid(), false).getEphemeralOwner())
                .isEqualTo(orphan.getSessionId());
        CompletableFuture<Code> unanswered = create(resident, "/asked-of-silence");
        Await.until(
                "another leads",
                () -> List.of(reader.mode(), ensemble.server(2).mode()).contains("leader"));

        assertThat(unanswered.get()).isEqualTo(Code.CONNECTIONLOSS);
        resided.awaitState(KeeperState.Disconnected);
        resided.awaitState(KeeperState.SyncConnected);
        line.leadTo(ensemble.server(2).address());
        orphaned.awaitState(KeeperState.Disconnected);
        orphaned.awaitState(KeeperState.SyncConnected);
        assertOwns(resident, reader);
        assertOwns(orphan, silent);
        ledger.write(resident, 5);
        ledger.write(orphan, 5);

        silent.thaw();
        Await.until(silent + " follows", () -> silent.mode().equals("follower"));
        ledger.write(ensemble.client(silent), 5);
        Replicas.assertSame(ensemble, ledger);
        assertOwns(resident, reader);
        assertOwns(orphan, silent);
    }

    /// By its heartbeats, long before the limit.
    @ParameterizedTest
    @ValueSource(strings = {"WWW", "WWW+W"})
    void a_leader_whose_heartbeats_stay_away_is_replaced(String mix) throws Exception {
        Ensemble ensemble = ensembles.of(mix, FAR_LIMIT);
        ensemble.startLedBy(3);
        Member silent = ensemble.server(3);
        ledger.write(ensemble.client(silent), 5);

        silent.freeze();
        Await.until(
                "another leads",
                () ->
                        List.of(ensemble.server(1).mode(), ensemble.server(2).mode())
                                .contains("leader"));
        silent.thaw();

        Await.until(silent + " follows", () -> silent.mode().equals("follower"));
        ensemble.awaitServing();
        ledger.write(ensemble.client(silent), 5);
        Replicas.assertSame(ensemble, ledger);
    }

    /// The other side of a cut: a leader without a quorum that it hears must not go on.
    @ParameterizedTest
    @ValueSource(strings = {"WWW"})
    void a_leader_that_hears_of_nobody_gives_up(String mix) throws Exception {
        Ensemble ensemble = ensembles.of(mix, LIMIT);
        ensemble.startLedBy(3);
        Member leader = ensemble.server(3);
        var events = new Events();
        ZooKeeper client = owner(ensemble.client(leader.connectString(), events), leader);
        ledger.write(client, 5);

        ensemble.server(1).freeze();
        ensemble.server(2).freeze();
        assertThat(client.exists("/write-00005", false)).isNotNull();
        CompletableFuture<Code> unanswered = create(client, "/asked-of-the-lonely");
        events.awaitState(KeeperState.Disconnected);
        assertThat(unanswered.get()).isEqualTo(Code.CONNECTIONLOSS);
        Await.until(leader + " does not lead", () -> leader.mode().isEmpty());

        ensemble.server(1).thaw();
        ensemble.server(2).thaw();
        ensemble.leader();
        events.awaitState(KeeperState.SyncConnected);
        assertOwns(client, leader);
        for (Member member : ensemble.members()) {
            ledger.write(ensemble.client(member), 5);
        }
        Replicas.assertSame(ensemble, ledger);
    }

    /// With an ephemeral, by which others see that its session lives.
    private static ZooKeeper owner(ZooKeeper client, Member home) throws Exception {
        client.create(OWN + home.sid(), null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        return client;
    }

    private static void assertOwns(ZooKeeper client, Member home) throws Exception {
        client.sync("/");
        assertThat(client.exists(OWN + home.sid(), false).getEphemeralOwner())
                .isEqualTo(client.getSessionId());
    }

    private static CompletableFuture<Code> create(ZooKeeper client, String path) {
        var result = new CompletableFuture<Code>();
        client.create(
                path,
                null,
                OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT,
                (code, _, _, _) -> result.complete(Code.get(code)),
                null);
        return result;
    }
}
