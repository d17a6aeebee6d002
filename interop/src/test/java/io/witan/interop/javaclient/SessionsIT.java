package io.witan.interop.javaclient;

import static io.witan.interop.javaclient.ReadsAndWritesIT.bytes;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.interop.AgainstBoth;
import io.witan.interop.CuttableLine;
import io.witan.interop.Events;
import io.witan.interop.Lab;

import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.ConnectionLossException;
import org.apache.zookeeper.KeeperException.SessionExpiredException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;

import java.util.List;

/// Sessions over reconnects, restarts and silence. Ticks are short so that a session can be seen to
/// expire; the clients that must live ask for long ones.
@AgainstBoth(config = {"tickTime=200", "maxSessionTimeout=60000"})
class SessionsIT {

    private final Events events = new Events();

    @Test
    void the_timeout_is_negotiated_within_the_servers_bounds(Lab lab) throws Exception {
        assertThat(timeoutAskedFor(lab, 300)).isEqualTo(400);
        assertThat(timeoutAskedFor(lab, 12_345)).isEqualTo(12_345);
        assertThat(timeoutAskedFor(lab, 10_000_000)).isEqualTo(60_000);
    }

    @Test
    void closing_a_session_removes_its_ephemerals_and_no_others(Lab lab) throws Exception {
        var leaving = lab.client();
        var staying = lab.client();
        leaving.create("/leaving", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        staying.create("/staying", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        assertThat(staying.exists("/leaving", false).getEphemeralOwner())
                .isEqualTo(leaving.getSessionId());

        leaving.close();

        assertThat(staying.getChildren("/", false)).containsExactly("staying");
    }

    @Test
    void a_silent_session_expires_with_its_ephemerals(Lab lab) throws Exception {
        var line = lab.closedAfterwards(new CuttableLine(lab.server().address()));
        var silent = client(lab, line.connectString() + lab.root(), 6000, events);
        silent.create("/e", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        var watcher = new Events();
        var client = lab.client();
        client.exists("/e", watcher);

        line.cut();
        assertThat(watcher.next()).isEqualTo("NodeDeleted /e");
        line.mend();

        events.awaitState(KeeperState.Expired);
        assertThatThrownBy(() -> silent.exists("/", false))
                .isInstanceOf(SessionExpiredException.class);
    }

    @Test
    void a_session_is_kept_over_a_lost_connection(Lab lab) throws Exception {
        var line = lab.closedAfterwards(new CuttableLine(lab.server().address()));
        var client = client(lab, line.connectString() + lab.root(), 40_000, events);
        client.create("/e", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        long session = client.getSessionId();

        line.cut();
        assertThatThrownBy(() -> client.exists("/e", false))
                .isInstanceOf(ConnectionLossException.class);
        line.mend();
        events.awaitState(KeeperState.SyncConnected);

        assertThat(client.exists("/e", false).getEphemeralOwner()).isEqualTo(session);
        assertThat(client.getSessionId()).isEqualTo(session);
    }

    @Test
    void watches_tell_after_a_reconnect_what_they_have_missed(Lab lab) throws Exception {
        var line = lab.closedAfterwards(new CuttableLine(lab.server().address()));
        var client = client(lab, line.connectString() + lab.root(), 40_000, events);
        for (String path : List.of("/same", "/changed", "/deleted", "/parent", "/recursive")) {
            client.create(path, bytes("0"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        for (String path : List.of("/same", "/changed", "/deleted")) {
            client.getData(path, events, null);
        }
        client.exists("/created", events);
        client.exists("/missing", events);
        client.getChildren("/parent", events);
        client.addWatch("/recursive", events, AddWatchMode.PERSISTENT_RECURSIVE);

        line.cut();
        var other = lab.client();
        other.setData("/changed", bytes("1"), -1);
        other.delete("/deleted", -1);
        other.create("/created", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        other.create("/parent/child", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        other.create("/recursive/unreported", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        line.mend();

        assertThat(events.next(4))
                .containsExactlyInAnyOrder(
                        "NodeDataChanged /changed",
                        "NodeDeleted /deleted",
                        "NodeCreated /created",
                        "NodeChildrenChanged /parent");
        other.setData("/same", bytes("1"), -1);
        other.create("/missing", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        other.create("/recursive/reported", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        assertThat(events.next(3))
                .containsExactly(
                        "NodeDataChanged /same",
                        "NodeCreated /missing",
                        "NodeCreated /recursive/reported");
    }

    @Test
    void sessions_ephemerals_and_watches_go_on_after_a_server_restart(Lab lab) throws Exception {
        var client = lab.client(events);
        client.create("/p", bytes("0"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create("/p/e", bytes("1"), OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        client.getData("/p", events, null);
        var before = client.exists("/p/e", false);
        long session = client.getSessionId();

        lab.server().restart();
        events.awaitState(KeeperState.SyncConnected);

        assertThat(client.getSessionId()).isEqualTo(session);
        assertThat(client.exists("/p/e", false)).isEqualTo(before);
        client.setData("/p", bytes("2"), 0);
        assertThat(events.next()).isEqualTo("NodeDataChanged /p");
    }

    @Test
    void ephemerals_are_kept_over_a_kill(Lab lab) throws Exception {
        var client = lab.client(events);
        client.create("/e", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        var closed = lab.client();
        closed.create("/gone", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        closed.close();

        lab.server().kill();
        lab.server().start();
        events.awaitState(KeeperState.SyncConnected);

        assertThat(client.exists("/e", false).getEphemeralOwner()).isEqualTo(client.getSessionId());
        assertThat(client.exists("/gone", false)).isNull();
    }

    @Test
    void a_session_can_be_taken_over_with_its_id_and_password(Lab lab) throws Exception {
        var line = lab.closedAfterwards(new CuttableLine(lab.server().address()));
        var first = client(lab, line.connectString() + lab.root(), 40_000, new Events());
        first.create("/e", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        line.cut();

        var second =
                lab.closedAfterwards(
                        new ZooKeeper(
                                lab.connectString(),
                                40_000,
                                events,
                                first.getSessionId(),
                                first.getSessionPasswd()));
        events.awaitState(KeeperState.SyncConnected);

        assertThat(second.getSessionId()).isEqualTo(first.getSessionId());
        assertThat(second.exists("/e", false)).isNotNull();
    }

    @Test
    void a_wrong_password_is_refused(Lab lab) throws Exception {
        var client = lab.client();
        byte[] wrong = client.getSessionPasswd().clone();
        wrong[15] ^= 1;

        lab.closedAfterwards(
                new ZooKeeper(lab.connectString(), 40_000, events, client.getSessionId(), wrong));

        events.awaitState(KeeperState.Expired);
    }

    @Test
    void a_closed_session_is_refused(Lab lab) throws Exception {
        var client = lab.client();
        long session = client.getSessionId();
        byte[] password = client.getSessionPasswd().clone();
        client.close();

        lab.closedAfterwards(new ZooKeeper(lab.connectString(), 40_000, events, session, password));

        events.awaitState(KeeperState.Expired);
    }

    @Test
    void a_client_that_would_take_a_read_only_server_gets_a_full_one(Lab lab) throws Exception {
        var client = lab.closedAfterwards(new ZooKeeper(lab.connectString(), 40_000, events, true));
        events.awaitState(KeeperState.SyncConnected);

        client.create("/a", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        assertThat(client.getState()).isEqualTo(ZooKeeper.States.CONNECTED);
    }

    @Test
    void an_idle_client_keeps_its_session_by_pings(Lab lab) throws Exception {
        var idle = client(lab, lab.connectString(), 8000, events);
        idle.create("/e", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        var silent = lab.closedAfterwards(new CuttableLine(lab.server().address()));
        var expiring = client(lab, silent.connectString() + lab.root(), 9000, new Events());
        expiring.create("/clock", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        var watcher = new Events();
        lab.client().exists("/clock", watcher);

        silent.cut();
        watcher.next();

        assertThat(idle.exists("/e", false)).isNotNull();
    }

    private int timeoutAskedFor(Lab lab, int millis) throws Exception {
        var connected = new Events();
        try (var client = new ZooKeeper(lab.connectString(), millis, connected)) {
            connected.awaitState(KeeperState.SyncConnected);
            return client.getSessionTimeout();
        }
    }

    private static ZooKeeper client(Lab lab, String connectString, int timeoutMillis, Events events)
            throws Exception {
        var client = lab.closedAfterwards(new ZooKeeper(connectString, timeoutMillis, events));
        events.awaitState(KeeperState.SyncConnected);
        return client;
    }
}
