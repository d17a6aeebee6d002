package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.interop.Events;

import org.apache.zookeeper.KeeperException.BadVersionException;
import org.apache.zookeeper.KeeperException.ConnectionLossException;
import org.apache.zookeeper.KeeperException.NewConfigNoQuorum;
import org.apache.zookeeper.KeeperException.NoAuthException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Members come, change their role and go, while the others are of either kind.
class ReconfigurationIT {

    private static final String[] CONFIG = {"reconfigEnabled=true", "standaloneEnabled=false"};

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    private final Ledger ledger = new Ledger();

    @ParameterizedTest
    @ValueSource(strings = {"AAW>A", "WWA>W", "AWA>A", "WWW>W"})
    void members_come_change_and_go(String mix) throws Exception {
        Ensemble ensemble = ensembles.of(mix, CONFIG);
        ensemble.startLedBy(3);
        Member fourth = ensemble.server(4);
        try (ZooKeeperAdmin admin = admin(ensemble.server(1))) {
            assertThatThrownBy(() -> reconfigure(admin, joining(fourth, "observer"), null))
                    .isInstanceOf(NoAuthException.class);
            admin.addAuthInfo("digest", "super:admin".getBytes(UTF_8));
            ledger.write(admin, 5);

            assertThatThrownBy(() -> admin.reconfigure(null, "2", null, 77, new Stat()))
                    .isInstanceOf(BadVersionException.class);
            fourth.launch();
            reconfigure(admin, joining(fourth, "observer"), null);
            awaitMode(fourth, "observer");
            ledger.write(admin, 5);
            assertSame(ensemble, "server 4 observes");

            reconfigure(admin, joining(fourth, "participant"), null);
            awaitMode(fourth, "follower");
            ledger.write(admin, 5);
            assertSame(ensemble, "server 4 follows");

            Member removed = ensemble.leader();
            assertThat(removed).isEqualTo(ensemble.server(3));
            reconfigure(admin, null, "3");
            Await.until(
                    "another leads",
                    () ->
                            ensemble.members().stream()
                                    .anyMatch(member ->
                                            member != removed && member.mode().equals("leader")));
            awaitMode(removed, "follower");
            ledger.write(ensemble.client(ensemble.server(2)), 5);
            assertSame(ensemble, "the leader was removed");

            reconfigure(admin, joining(removed, "participant"), null);
            ledger.write(ensemble.client(removed), 5);
            assertSame(ensemble, "server 3 is back");
        }
        ensemble.closeClients();
        for (Member member : ensemble.members()) {
            member.stop();
        }
        ensemble.members().forEach(Member::launch);
        ensemble.leader();
        for (Member member : ensemble.members()) {
            ledger.write(ensemble.client(member));
        }
        assertSame(ensemble, "all have started from what they had written");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAW>W", "WWA>A"})
    void a_member_that_is_not_connected_cannot_become_a_participant(String mix) throws Exception {
        Ensemble ensemble = ensembles.of(mix, CONFIG);
        ensemble.startLedBy(3);
        ensemble.server(2).kill();
        Await.until(
                "the leader has missed server 2",
                () -> ensemble.server(3).figure("zk_synced_followers") == 1);
        try (ZooKeeperAdmin admin = admin(ensemble.server(1))) {
            admin.addAuthInfo("digest", "super:admin".getBytes(UTF_8));
            ledger.write(admin, 2);

            assertThatThrownBy(() ->
                            reconfigure(admin, joining(ensemble.server(4), "participant"), null))
                    .isInstanceOf(NewConfigNoQuorum.class);
            ledger.write(admin, 2);
        }
        ensemble.server(2).start();
        assertSame(ensemble, "nothing has changed");
    }

    /// Members with larger numbers dial it: it must have told them where.
    @ParameterizedTest
    @ValueSource(strings = {"WWWW", "WAAA"})
    void a_removed_server_finds_the_next_leader(String mix) throws Exception {
        Ensemble ensemble = ensembles.of(mix, CONFIG);
        ensemble.startLedBy(4);
        Member removed = ensemble.server(1);
        try (ZooKeeperAdmin admin = admin(ensemble.server(2))) {
            admin.addAuthInfo("digest", "super:admin".getBytes(UTF_8));
            reconfigure(admin, null, "1");
        }
        ledger.write(ensemble.client(removed), 5);

        ensemble.server(4).kill();
        ensemble.leader();

        ledger.write(ensemble.client(removed), 5);
        assertThat(removed.mode()).isEqualTo("follower");
        assertSame(ensemble, "the leader was killed");
    }

    private static ZooKeeperAdmin admin(Member member) throws Exception {
        var events = new Events();
        var admin = new ZooKeeperAdmin(member.connectString(), 60_000, events);
        events.awaitState(KeeperState.SyncConnected);
        return admin;
    }

    private static String joining(Member member, String role) {
        return "server." + member.sid() + "=" + member.place().spec(role);
    }

    /// Asks again after a lost connection: a server whose leader goes drops its clients, and may do
    /// so before it has answered. The same change a second time changes nothing.
    private static void reconfigure(
            ZooKeeperAdmin admin, @Nullable String joining, @Nullable String leaving)
            throws Exception {
        Await.until(
                "the reconfiguration is answered",
                () -> {
                    try {
                        admin.reconfigure(joining, leaving, null, -1, new Stat());
                        return true;
                    } catch (ConnectionLossException lost) {
                        return false;
                    }
                });
    }

    private static void awaitMode(Member member, String mode) throws Exception {
        Await.until(member + " becomes " + mode, () -> member.mode().equals(mode));
    }

    private void assertSame(Ensemble ensemble, String after) throws Exception {
        ensemble.leader();
        Replicas.assertSame(ensemble, ledger);
        String config = null;
        for (Member member : ensemble.running()) {
            try (ZooKeeper client = ensemble.client(member)) {
                client.sync("/");
                String text = new String(client.getConfig(false, new Stat()), UTF_8);
                if (config == null) {
                    config = text;
                }
                assertThat(text.lines().sorted())
                        .as(member + " after " + after)
                        .containsExactlyElementsOf(config.lines().sorted().toList());
            }
        }
    }
}
