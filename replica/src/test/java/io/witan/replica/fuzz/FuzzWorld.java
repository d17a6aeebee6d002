package io.witan.replica.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.replica.ConnectThrottle;
import io.witan.replica.ContainerSweep;
import io.witan.replica.Replica;
import io.witan.replica.ReplicaSettings;
import io.witan.replica.auth.Access;
import io.witan.replica.auth.DigestProvider;
import io.witan.replica.auth.IpProvider;
import io.witan.replica.write.WriteRules;
import io.witan.tree.SnapshotCursor;
import io.witan.tree.TreeListener;
import io.witan.tree.TreeLoader;
import io.witan.tree.TreeSettings;
import io.witan.tree.Znode;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.ConnectResponse;
import io.witan.wire.data.Acl;
import io.witan.wire.data.StoredStat;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnDigest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// One server's core with clients, a log and a clock, all in one thread and all from one seed. What
/// the core proposes is committed some time later; a second tree replays it from its bytes, as a
/// server would after a crash, and must come to the same state each time.
final class FuzzWorld {

    private static final TreeListener NOBODY =
            new TreeListener() {
                @Override
                public void created(byte[] path, int aclKey, int parentAclKey, long zxid) {}

                @Override
                public void deleted(byte[] path, int aclKey, int parentAclKey, long zxid) {}

                @Override
                public void dataChanged(byte[] path, int aclKey, long zxid) {}
            };

    private record Proposal(long zxid, byte[] bytes) {}

    private record OpenSnapshot(SnapshotCursor cursor, JuteWriter nodes) {}

    private final Random random;
    private final TreeSettings settings;
    private final ZnodeTree tree;
    private final ZnodeTree replayed;
    private final Replica replica;
    private final RequestMaker requests;
    private final ArrayDeque<Proposal> log = new ArrayDeque<>();
    private final List<FuzzClient> clients = new ArrayList<>();
    private final List<ConnectResponse> sessions = new ArrayList<>();
    private @Nullable OpenSnapshot snapshot;

    private long lastProposed;
    private long nowMillis = 1_000_000;
    private long wallMillis = 1_700_000_000_000L;

    FuzzWorld(long seed) {
        random = new Random(seed);
        settings = new TreeSettings(random.nextInt(4) > 0, false, true, random.nextLong());
        tree = new ZnodeTree(settings);
        replayed = new ZnodeTree(settings);
        replica =
                new Replica(
                        replicaSettings(),
                        new WriteRules(
                                random.nextBoolean(), random.nextInt(4) > 0, random.nextBoolean()),
                        tree,
                        new Access(
                                random.nextInt(8) == 0,
                                List.of(new DigestProvider("SHA1", null), new IpProvider())),
                        this::propose,
                        new Random(seed),
                        nowMillis);
        requests = new RequestMaker(random, tree);
    }

    private ReplicaSettings replicaSettings() {
        return new ReplicaSettings(
                1,
                500,
                1000,
                10_000,
                random.nextInt(8) == 0,
                random.nextBoolean(),
                random.nextBoolean() ? 1000 : 1 + random.nextInt(4),
                random.nextBoolean() ? 1 << 20 : 64,
                -1,
                1 << 20,
                2_097_150,
                random.nextInt(4) == 0 ? 1000 : Long.MAX_VALUE,
                random.nextInt(16) == 0 ? List.of("digest") : List.of(),
                ConnectThrottle.Settings.OFF,
                new ContainerSweep.Settings(1000, 100_000, random.nextBoolean() ? 0 : 2000));
    }

    void run(int steps) {
        if (random.nextBoolean()) {
            furnish();
        }
        for (int i = 0; i < steps; i++) {
            step();
            takeAll();
        }
        settle();
        for (FuzzClient client : clients) {
            client.assertNothingIsDue();
        }
        assertThat(replica.outstandingCount()).isZero();
        assertEphemeralsHaveSessions();
        assertSame(replayed, tree, true);
        startSnapshot();
        finishSnapshot();
        clients.forEach(FuzzClient::vanish);
        assertThat(replica.connectionCount()).isZero();
        assertThat(replica.watches().isEmpty()).isTrue();
        assertThat(replica.watches().bytes()).isZero();
    }

    /// Znodes to begin with, some under quotas, so that requests find something.
    private void furnish() {
        FuzzClient client = new FuzzClient(replica);
        clients.add(client);
        client.connect(new ConnectRequest(0, 0, 10_000, 0, null, false, true));
        for (byte[] frame : requests.furnishing(client::nextXid)) {
            client.send(frame);
            commit(1);
            takeAll();
        }
    }

    private void step() {
        clients.removeIf(FuzzClient::isClosed);
        int kind = random.nextInt(100);
        if (kind < 6 || clients.isEmpty()) {
            connect();
        } else if (kind < 70) {
            request();
        } else if (kind < 90) {
            commit(1 + random.nextInt(3));
        } else if (kind < 92) {
            passTime(random.nextInt(800));
        } else if (kind < 93) {
            passTime(random.nextInt(12_000));
        } else if (kind < 94) {
            anyClient().vanish();
        } else if (kind < 95) {
            FuzzClient client = anyClient();
            client.send(RequestMaker.closeSession(client.nextXid()));
        } else if (kind < 96) {
            anyClient().stopTaking();
        } else if (kind < 98) {
            anyClient().takeAgain();
        } else {
            continueSnapshot();
        }
    }

    private void connect() {
        FuzzClient client = new FuzzClient(replica);
        clients.add(client);
        if (clients.size() > 6) {
            clients.remove(0).vanish();
        }
        if (random.nextInt(20) == 0) {
            byte[] noise = new byte[random.nextInt(50)];
            random.nextBytes(noise);
            client.send(noise);
            return;
        }
        long sessionId = 0;
        byte[] password = random.nextInt(8) == 0 ? null : new byte[16];
        if (random.nextInt(3) == 0 && !sessions.isEmpty()) {
            ConnectResponse session = sessions.get(random.nextInt(sessions.size()));
            sessionId = session.sessionId();
            password = random.nextInt(4) == 0 ? password : session.passwd();
        }
        long seen = random.nextInt(10) == 0 ? random.nextLong() : Math.max(0, tree.lastZxid() - 1);
        client.connect(
                new ConnectRequest(
                        0,
                        seen,
                        random.nextInt(20_000) - 1000,
                        sessionId,
                        password,
                        random.nextBoolean(),
                        random.nextInt(4) > 0));
    }

    private void request() {
        FuzzClient client = anyClient();
        client.send(requests.frame(client.nextXid(), client.lastZxid()));
    }

    private FuzzClient anyClient() {
        return clients.get(random.nextInt(clients.size()));
    }

    private void passTime(int millis) {
        nowMillis += millis;
        wallMillis += millis;
        replica.timeIs(nowMillis, wallMillis);
        replica.tick();
    }

    private void takeAll() {
        for (FuzzClient client : clients) {
            client.takeOutput();
            client.pump();
            if (client.hasSession() && !sessions.contains(client.session())) {
                sessions.add(client.session());
            }
        }
    }

    /// Until nothing is in progress any more.
    private void settle() {
        for (int i = 0; i < 100; i++) {
            for (FuzzClient client : clients) {
                client.takeAgain();
            }
            commit(Integer.MAX_VALUE);
            takeAll();
        }
        assertThat(log).isEmpty();
    }

    // ---- the log

    private void propose(long zxid, byte[] bytes, int offset, int length) {
        assertThat(zxid).isEqualTo(lastProposed + 1);
        lastProposed = zxid;
        log.addLast(new Proposal(zxid, Arrays.copyOfRange(bytes, offset, offset + length)));
    }

    private void commit(int countMax) {
        for (int i = 0; i < countMax && !log.isEmpty(); i++) {
            Proposal proposal = log.removeFirst();
            replica.committed(proposal.zxid);
            JuteReader in = JuteReader.over(proposal.bytes);
            LoggedTxn logged = TxnCodec.read(in);
            assertThat(in.remaining()).isZero();
            assertThat(logged.header().zxid()).isEqualTo(proposal.zxid);
            assertThat(tree.lastZxid()).isEqualTo(proposal.zxid);
            assertDigestWasForeseen(logged);
            replayed.apply(logged.header(), logged.txn(), NOBODY);
            assertThat(replayed.digest())
                    .as("digest on replay of " + logged)
                    .isEqualTo(tree.digest());
        }
    }

    private void assertDigestWasForeseen(LoggedTxn logged) {
        TxnDigest digest = logged.digest();
        if (digest != null) {
            assertThat(digest.treeDigest())
                    .as("digest that the transaction carries: " + logged)
                    .isEqualTo(tree.digest());
        }
    }

    private void assertEphemeralsHaveSessions() {
        List<Znode> all = new ArrayList<>(List.of(tree.root()));
        for (int i = 0; i < all.size(); i++) {
            all.get(i).forEachChild(all::add);
        }
        int ephemerals = 0;
        for (Znode znode : all) {
            if (tree.sessions().contains(znode.storedOwner())) {
                ephemerals++;
            }
        }
        assertThat(all).hasSize(tree.znodeCount());
        assertThat(tree.ephemeralCount()).isEqualTo(ephemerals);
    }

    // ---- snapshots

    private void continueSnapshot() {
        OpenSnapshot open = snapshot;
        if (open == null) {
            startSnapshot();
        } else if (open.cursor.advance(open.nodes, 1 + random.nextInt(400))) {
            finishSnapshot();
        }
    }

    private void startSnapshot() {
        if (snapshot == null) {
            snapshot = new OpenSnapshot(tree.snapshot(), new JuteWriter());
        }
    }

    /// Whatever has happened since it was started, it holds the state of that moment.
    private void finishSnapshot() {
        OpenSnapshot open = snapshot;
        if (open == null) {
            return;
        }
        snapshot = null;
        while (!open.cursor.isComplete() && !open.cursor.advance(open.nodes, 500)) {
            // Next slice.
        }
        ZnodeTree loaded = new ZnodeTree(settings);
        load(loaded.loader(open.cursor.zxid()), open);
        assertThat(loaded.digestMismatches()).isZero();
        assertThat(loaded.digest()).as("digest of a snapshot").isEqualTo(open.cursor.digest());
        assertThat(loaded.znodeCount()).isEqualTo(open.cursor.znodeCount());
        if (tree.lastZxid() == open.cursor.zxid()) {
            // Loading counts quota usage anew, whatever clients wrote there (section 6.3).
            assertSame(loaded, tree, false);
        }
    }

    private static void load(TreeLoader loader, OpenSnapshot open) {
        JuteWriter header = new JuteWriter();
        open.cursor.header(header);
        JuteReader in = JuteReader.over(header.toByteArray());
        for (int i = in.readInt(); i > 0; i--) {
            loader.session(in.readLong(), in.readInt());
        }
        for (int i = in.readInt(); i > 0; i--) {
            loader.acl(in.readLong(), Acl.readList(in));
        }
        assertThat(in.remaining()).isZero();
        in = JuteReader.over(open.nodes.toByteArray());
        while (in.remaining() > 0) {
            int pathLength = in.readInt();
            int pathOffset = in.position();
            in.position(pathOffset + pathLength);
            int dataLength = in.readInt();
            int dataOffset = in.position();
            in.position(dataOffset + Math.max(0, dataLength));
            long aclKey = in.readLong();
            StoredStat stat = StoredStat.read(in);
            loader.znode(
                    in.bytes(),
                    pathOffset,
                    pathLength,
                    dataOffset,
                    dataLength,
                    aclKey,
                    stat.czxid(),
                    stat.mzxid(),
                    stat.ctime(),
                    stat.mtime(),
                    stat.version(),
                    stat.cversion(),
                    stat.aversion(),
                    stat.ephemeralOwner(),
                    stat.pzxid());
        }
        loader.end();
    }

    private static void assertSame(ZnodeTree actual, ZnodeTree expected, boolean withUsage) {
        assertThat(actual.digest()).isEqualTo(expected.digest());
        assertThat(text(actual, withUsage)).isEqualTo(text(expected, withUsage));
    }

    /// Everything in a tree, sorted, in words.
    private static String text(ZnodeTree tree, boolean withUsage) {
        List<String> lines = new ArrayList<>();
        List<Znode> all = new ArrayList<>(List.of(tree.root()));
        for (int i = 0; i < all.size(); i++) {
            Znode znode = all.get(i);
            znode.forEachChild(all::add);
            JuteWriter stat = new JuteWriter();
            znode.writeStoredStat(stat);
            String path = new String(znode.path(), UTF_8);
            byte[] data = znode.data();
            if (path.endsWith("/zookeeper_stats") && !withUsage) {
                data = null;
            }
            lines.add(
                    path
                            + " "
                            + (data == null ? "null" : HexFormat.of().formatHex(data))
                            + " "
                            + tree.acls().list(znode.aclKey())
                            + " "
                            + HexFormat.of().formatHex(stat.toByteArray()));
        }
        tree.sessions().forEach((id, timeout) -> lines.add("session " + id + " " + timeout));
        lines.sort(null);
        return String.join("\n", lines);
    }
}
