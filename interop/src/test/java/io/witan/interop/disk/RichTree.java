package io.witan.interop.disk;

import static org.apache.zookeeper.ZooDefs.Ids.CREATOR_ALL_ACL;
import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.apache.zookeeper.ZooDefs.Ids.READ_ACL_UNSAFE;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.interop.Events;
import io.witan.interop.Lab;
import io.witan.interop.ServerProcess;
import io.witan.interop.wire.Jute;
import io.witan.interop.wire.WireConnection;
import io.witan.interop.wire.WireConnection.Session;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.StatsTrack;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.cli.SetQuotaCommand;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes one of everything under `/hopN`, and leaves a session with ephemerals open.
final class RichTree {

    private static final int EPHEMERAL = 1;
    private static final int CREATE = 1;

    private RichTree() {}

    /// Returns the session that stays, for others to renew.
    static Session write(ServerProcess server, int hop) throws Exception {
        try (ZooKeeper client = Lab.connected(server.connectString(), new Events());
                ZooKeeper shortLived = Lab.connected(server.connectString(), new Events())) {
            client.addAuthInfo("digest", bytes("owner:secret"));
            String top = "/hop" + hop;
            plainZnodes(client, top);
            sequences(client, top);
            accessLists(client, top);
            specialKinds(client, top);
            quotas(client, top);
            transactions(client, top);
            shortLived.create(top + "/brief", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        }
        try (var staying = new WireConnection(server.address())) {
            Session session = staying.connect(40_000);
            for (int i = 0; i < 3; i++) {
                staying.call(i, CREATE, ephemeral("/hop" + hop + "/ephemeral" + i));
            }
            return session;
        }
    }

    /// A session that has been written belongs to somebody who knows its password still.
    static boolean isAlive(ServerProcess server, Session session) throws Exception {
        try (var connection = new WireConnection(server.address())) {
            return connection.renew(session).id() == session.id();
        }
    }

    private static void plainZnodes(ZooKeeper client, String top) throws Exception {
        create(client, top, bytes("top"));
        create(client, top + "/null", null);
        create(client, top + "/empty", new byte[0]);
        create(client, top + "/ünïcödé-节点", bytes("données 😀"));
        create(client, top + "/large", new byte[300_000]);
        for (String path = top + "/deep"; path.length() < 300; path += "/deeper") {
            create(client, path, bytes("d"));
        }
        create(client, top + "/changed", bytes("0"));
        client.setData(top + "/changed", bytes("1"), 0);
        client.setData(top + "/changed", null, 1);
        create(client, top + "/deleted", bytes("x"));
        client.delete(top + "/deleted", 0);
        client.setData("/", bytes("root " + top), -1);
        refused(() -> client.setData(top + "/changed", bytes("x"), 99));
        refused(() -> create(client, top, null));
    }

    private static void sequences(ZooKeeper client, String top) throws Exception {
        create(client, top + "/seq", null);
        for (int i = 0; i < 200; i++) {
            String path =
                    client.create(
                            top + "/seq/n-",
                            bytes("" + i),
                            OPEN_ACL_UNSAFE,
                            CreateMode.PERSISTENT_SEQUENTIAL);
            if (i % 3 == 0) {
                client.delete(path, -1);
            }
        }
    }

    private static void accessLists(ZooKeeper client, String top) throws Exception {
        client.create(top + "/creator", bytes("c"), CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        client.create(top + "/readable", bytes("r"), READ_ACL_UNSAFE, CreateMode.PERSISTENT);
        List<ACL> mixed = new ArrayList<>(READ_ACL_UNSAFE);
        mixed.add(new ACL(Perms.ALL, new Id("ip", "10.0.0.0/8")));
        mixed.add(
                new ACL(
                        Perms.WRITE | Perms.ADMIN,
                        new Id("digest", "bob:ikIaKsbtGweaHnb/jKn7OHqbunM=")));
        create(client, top + "/mixed", bytes("m"));
        client.setACL(top + "/mixed", mixed, 0);
    }

    private static void specialKinds(ZooKeeper client, String top) throws Exception {
        client.create(top + "/container", null, OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
        create(client, top + "/container/child", null);
        long hour = 3_600_000;
        client.create(
                top + "/ttl",
                bytes("t"),
                OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT_WITH_TTL,
                null,
                hour);
        client.create(
                top + "/ttl-",
                bytes("t"),
                OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL,
                null,
                hour);
    }

    private static void quotas(ZooKeeper client, String top) throws Exception {
        create(client, top + "/quota", bytes("12345"));
        SetQuotaCommand.createQuota(
                client,
                top + "/quota",
                new StatsTrack("count=10,bytes=100=;byteHardLimit=1000;countHardLimit=20"));
        create(client, top + "/quota/a", bytes("123"));
        client.setData(top + "/quota/a", bytes("1"), -1);
    }

    private static void transactions(ZooKeeper client, String top) throws Exception {
        client.multi(
                Arrays.asList(
                        Op.check(top, 0),
                        Op.create(
                                top + "/multi", bytes("m"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                        Op.create(
                                top + "/multi/s-",
                                null,
                                OPEN_ACL_UNSAFE,
                                CreateMode.PERSISTENT_SEQUENTIAL),
                        Op.create(top + "/multi/gone", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL),
                        Op.create(top + "/multi/c", null, OPEN_ACL_UNSAFE, CreateMode.CONTAINER),
                        Op.setData(top + "/multi", bytes("m1"), 0),
                        Op.delete(top + "/multi/gone", -1)));
        refused(() ->
                client.multi(
                        Arrays.asList(
                                Op.delete(top + "/multi", -1),
                                Op.create(
                                        top + "/never",
                                        null,
                                        OPEN_ACL_UNSAFE,
                                        CreateMode.PERSISTENT))));
    }

    private static Jute ephemeral(String path) {
        return new Jute().string(path).buffer(bytes("mine")).openAcl().integer(EPHEMERAL);
    }

    private interface Call {
        void run() throws Exception;
    }

    /// Failed writes are in the log too.
    private static void refused(Call call) throws Exception {
        try {
            call.run();
        } catch (KeeperException e) {
            return;
        }
        throw new AssertionError("the write should have failed");
    }

    private static void create(ZooKeeper client, String path, byte @Nullable [] data)
            throws Exception {
        client.create(path, data, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
