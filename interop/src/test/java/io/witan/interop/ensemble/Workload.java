package io.witan.interop.ensemble;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.interop.CuttableLine;
import io.witan.interop.Events;

import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.BadVersionException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.KeeperException.NotEmptyException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// What clients do with an ensemble, through each of its servers, and what they must see at all the
/// others. Run again, it works on a subtree of its own.
final class Workload {

    private final Ensemble ensemble;
    private final Ledger ledger;
    private final String root;
    private final Map<Member, ZooKeeper> clients = new TreeMap<>((a, b) -> a.sid() - b.sid());

    Workload(Ensemble ensemble, Ledger ledger, String root) {
        this.ensemble = ensemble;
        this.ledger = ledger;
        this.root = root;
    }

    void run() throws Exception {
        for (Member member : ensemble.running()) {
            clients.put(member, ensemble.client(member));
        }
        clients.values()
                .iterator()
                .next()
                .create(root, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (ZooKeeper client : clients.values()) {
            client.sync("/");
        }
        writesThroughEachAreReadAtAll();
        transactionsThroughEachAreReadAtAll();
        whatFailsFailsAlike();
        watchesSeeWritesOfOthers();
        ephemeralsGoWithTheirSession();
        sessionsMove();
        ensemble.closeClients();
    }

    private void writesThroughEachAreReadAtAll() throws Exception {
        for (var each : clients.entrySet()) {
            ZooKeeper client = each.getValue();
            String path = root + "/by-" + each.getKey().sid();
            client.create(path, bytes("0"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            client.setData(path, bytes("1"), 0);
            client.create(path + "/s-", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
            client.create(path + "/s-", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
            client.delete(path + "/s-0000000000", 0);
            client.create(path + "/container", null, OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
            client.create(path + "/container/c", null, Ids.READ_ACL_UNSAFE, CreateMode.PERSISTENT);
            client.create(
                    path + "/ttl",
                    null,
                    OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT_WITH_TTL,
                    new Stat(),
                    3_600_000);
            client.addAuthInfo("digest", bytes("user:secret"));
            client.create(path + "/mine", bytes("x"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            client.setACL(path + "/mine", Ids.CREATOR_ALL_ACL, 0);
            client.setData(path + "/mine", bytes("y"), 0);
            ledger.acknowledged(path, "1");
            ledger.acknowledged(path + "/mine", "y");
        }
        for (ZooKeeper reader : clients.values()) {
            reader.sync("/");
            for (Member writer : clients.keySet()) {
                String path = root + "/by-" + writer.sid();
                assertThat(reader.getData(path, false, null)).isEqualTo(bytes("1"));
                assertThat(reader.getChildren(path, false))
                        .containsExactlyInAnyOrder("s-0000000001", "container", "ttl", "mine");
            }
        }
    }

    private void transactionsThroughEachAreReadAtAll() throws Exception {
        for (var each : clients.entrySet()) {
            String path = root + "/multi-" + each.getKey().sid();
            each.getValue()
                    .multi(
                            List.of(
                                    Op.create(
                                            path,
                                            bytes("a"),
                                            OPEN_ACL_UNSAFE,
                                            CreateMode.PERSISTENT),
                                    Op.create(
                                            path + "/brief",
                                            null,
                                            OPEN_ACL_UNSAFE,
                                            CreateMode.PERSISTENT),
                                    Op.setData(path, bytes("b"), 0),
                                    Op.check(path, 1),
                                    Op.delete(path + "/brief", 0)));
            ledger.acknowledged(path, "b");
        }
        for (ZooKeeper reader : clients.values()) {
            reader.sync("/");
            for (Member writer : clients.keySet()) {
                String path = root + "/multi-" + writer.sid();
                assertThat(reader.getData(path, false, null)).isEqualTo(bytes("b"));
                assertThat(reader.getChildren(path, false)).isEmpty();
            }
        }
    }

    private void whatFailsFailsAlike() throws Exception {
        for (ZooKeeper client : clients.values()) {
            assertThatThrownBy(
                            () -> client.create(root, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                    .isInstanceOf(NodeExistsException.class);
            assertThatThrownBy(() -> client.delete(root, -1)).isInstanceOf(NotEmptyException.class);
            assertThatThrownBy(() -> client.setData(root, null, 77))
                    .isInstanceOf(BadVersionException.class);
            assertThatThrownBy(() ->
                            client.multi(
                                    List.of(
                                            Op.setData(root, bytes("never"), -1),
                                            Op.delete(root + "/missing", -1))))
                    .isInstanceOf(NoNodeException.class);
        }
    }

    private void watchesSeeWritesOfOthers() throws Exception {
        String path = root + "/watched";
        ZooKeeper owner = clients.values().iterator().next();
        owner.create(path, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (ZooKeeper writer : clients.values()) {
            Map<Member, Events> once = new TreeMap<>((a, b) -> a.sid() - b.sid());
            Map<Member, Events> recursive = new TreeMap<>((a, b) -> a.sid() - b.sid());
            for (var reader : clients.entrySet()) {
                reader.getValue().sync("/");
                var watcher = new Events();
                reader.getValue().getData(path, watcher, null);
                once.put(reader.getKey(), watcher);
                var deep = new Events();
                reader.getValue().addWatch(path, deep, AddWatchMode.PERSISTENT_RECURSIVE);
                recursive.put(reader.getKey(), deep);
            }
            writer.setData(path, null, -1);
            writer.create(path + "/child", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            writer.delete(path + "/child", 0);
            for (Events events : once.values()) {
                assertThat(events.next()).isEqualTo("NodeDataChanged " + path);
            }
            for (Events events : recursive.values()) {
                assertThat(events.next(3))
                        .containsExactly(
                                "NodeDataChanged " + path,
                                "NodeCreated " + path + "/child",
                                "NodeDeleted " + path + "/child");
            }
        }
    }

    private void ephemeralsGoWithTheirSession() throws Exception {
        for (Member member : clients.keySet()) {
            String path = root + "/ephemeral-" + member.sid();
            ZooKeeper owner = ensemble.client(member);
            owner.create(path, null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            Map<Member, Events> watchers = new TreeMap<>((a, b) -> a.sid() - b.sid());
            for (var reader : clients.entrySet()) {
                reader.getValue().sync("/");
                var watcher = new Events();
                assertThat(reader.getValue().exists(path, watcher).getEphemeralOwner())
                        .isEqualTo(owner.getSessionId());
                watchers.put(reader.getKey(), watcher);
            }
            owner.close();
            for (Events events : watchers.values()) {
                assertThat(events.next()).isEqualTo("NodeDeleted " + path);
            }
        }
    }

    /// One session that goes from server to server, with its ephemeral and its watch.
    private void sessionsMove() throws Exception {
        List<Member> stops = List.copyOf(clients.keySet());
        var line = ensemble.closedAfterwards(new CuttableLine(stops.getLast().address()));
        var events = new Events();
        ZooKeeper traveller = ensemble.client(line.connectString(), events);
        String path = root + "/traveller";
        traveller.create(path, null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        long session = traveller.getSessionId();
        int version = 0;
        for (Member stop : stops) {
            var watch = new Events();
            traveller.getData(path, watch, null);

            line.leadTo(stop.address());
            events.awaitState(KeeperState.Disconnected);
            events.awaitState(KeeperState.SyncConnected);
            ZooKeeper other = Objects.requireNonNull(clients.get(stop));
            traveller.setData(path, bytes("at " + stop.sid()), version++);

            assertThat(watch.next()).isEqualTo("NodeDataChanged " + path);
            assertThat(traveller.getSessionId()).isEqualTo(session);
            assertThat(other.exists(path, false).getEphemeralOwner()).isEqualTo(session);
        }
        traveller.close();
        for (ZooKeeper reader : clients.values()) {
            reader.sync("/");
            assertThat(reader.exists(path, false)).isNull();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
