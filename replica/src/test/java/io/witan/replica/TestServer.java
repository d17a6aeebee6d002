package io.witan.replica;

import io.witan.replica.auth.Access;
import io.witan.replica.auth.DigestProvider;
import io.witan.replica.auth.IpProvider;
import io.witan.replica.write.WriteRules;
import io.witan.tree.TreeSettings;
import io.witan.tree.Znode;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.ConnectRequest;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnDigest;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// A replica in memory with everything around it in a test's hands: its clock, its log, its
/// clients. Transactions commit as soon as they are proposed, unless the test [#holds] them.
final class TestServer implements Proposals, ServerSide {

    static final int TICK = 2_000;

    /// What a test may set before the server starts.
    static final class Options {
        boolean extendedTypes = true;
        boolean digest = true;
        boolean enforceQuota;
        boolean closeSessionPaths = true;
        int closeSessionBytesMax = WriteRules.CLOSE_SESSION_BYTES_MAX;
        boolean reconfigEnabled;
        boolean skipAcl;
        boolean localSessions;
        boolean upgrading;
        int outstandingMax = 1_000;
        long outstandingBytesMax = 64 << 20;
        int largeRequestBytes = -1;
        long largeRequestsBytesMax = 100 << 20;
        long watchBytesMax = Long.MAX_VALUE;
        int fieldBytesMax = 2 << 20;
        List<String> requiredSchemes = List.of();
        ConnectThrottle.Settings throttle = ConnectThrottle.Settings.OFF;
        ContainerSweep.Settings sweep = ContainerSweep.Settings.DEFAULT;
        @Nullable String superDigest;
        @Nullable ZnodeTree tree;
        long startMillis = 1_000_000;
    }

    final ZnodeTree tree;
    final Replica replica;

    /// What has been proposed, decoded from its bytes.
    final List<LoggedTxn> log = new ArrayList<>();

    private final Deque<Long> uncommitted = new ArrayDeque<>();
    private final List<TestClient> clients = new ArrayList<>();
    private boolean holding;
    private long now;
    private long wall = 1_700_000_000_000L;

    TestServer() {
        this(options -> {});
    }

    TestServer(Consumer<Options> choose) {
        Options o = new Options();
        choose.accept(o);
        now = o.startMillis;
        tree =
                o.tree != null
                        ? o.tree
                        : new ZnodeTree(new TreeSettings(o.extendedTypes, false, o.digest, 99));
        var settings =
                new ReplicaSettings(
                        1,
                        TICK,
                        2 * TICK,
                        20 * TICK,
                        o.localSessions,
                        o.upgrading,
                        o.outstandingMax,
                        o.outstandingBytesMax,
                        o.largeRequestBytes,
                        o.largeRequestsBytesMax,
                        o.fieldBytesMax,
                        o.watchBytesMax,
                        o.requiredSchemes,
                        o.throttle,
                        o.sweep);
        replica =
                new Replica(
                        settings,
                        new WriteRules(
                                o.enforceQuota,
                                o.closeSessionPaths,
                                o.closeSessionBytesMax,
                                o.reconfigEnabled),
                        tree,
                        new Access(
                                o.skipAcl,
                                List.of(
                                        new IpProvider(),
                                        new DigestProvider("SHA1", o.superDigest))),
                        this,
                        new Random(1),
                        now);
        replica.timeIs(now, wall);
    }

    // ---- the log

    @Override
    public void propose(long zxid, byte[] bytes, int offset, int length) {
        byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
        LoggedTxn txn = TxnCodec.read(JuteReader.over(copy));
        if (txn.header().zxid() != zxid) {
            throw new AssertionError("proposed as " + zxid + ", but is " + txn.header());
        }
        JuteWriter again = new JuteWriter();
        TxnCodec.write(again, txn.header(), txn.txn(), txn.digest());
        if (!Arrays.equals(copy, again.toByteArray())) {
            throw new AssertionError("not the bytes of " + txn);
        }
        log.add(txn);
        uncommitted.addLast(zxid);
    }

    /// From now on transactions commit only when told.
    TestServer holds() {
        holding = true;
        return this;
    }

    /// The oldest `count` transactions that are held become committed.
    void commits(int count) {
        long zxid = 0;
        for (int i = 0; i < count; i++) {
            zxid = uncommitted.removeFirst();
        }
        if (count > 0) {
            replica.committed(zxid);
            readsOn();
        }
    }

    void commitsAll() {
        while (!uncommitted.isEmpty()) {
            commits(uncommitted.size());
        }
    }

    /// As [#commitsAll], and no more holding.
    void releases() {
        holding = false;
        commitsAll();
    }

    int heldCount() {
        return uncommitted.size();
    }

    @Override
    public ClientConnection connected(ClientLink link) {
        return replica.connected(link);
    }

    @Override
    public void received(ClientConnection c, byte[] bytes, int offset, int length) {
        replica.received(c, bytes, offset, length);
    }

    @Override
    public void disconnected(ClientConnection c) {
        replica.disconnected(c);
    }

    @Override
    public void outputDrained(ClientConnection c) {
        replica.outputDrained(c);
    }

    @Override
    public void settles() {
        if (!holding) {
            commitsAll();
        }
        readsOn();
    }

    private void readsOn() {
        List.copyOf(clients).forEach(TestClient::flows);
    }

    LoggedTxn lastTxn() {
        return log.getLast();
    }

    /// The digest that the last transaction carries.
    long lastDigest() {
        TxnDigest digest = log.getLast().digest();
        if (digest == null) {
            throw new AssertionError("no digest in " + log.getLast());
        }
        return digest.treeDigest();
    }

    // ---- the clock

    long now() {
        return now;
    }

    long wall() {
        return wall;
    }

    /// Time passes, with ticks, in small steps.
    void passes(long millis) {
        long end = now + millis;
        while (now < end) {
            jumps(Math.min(100, end - now));
        }
    }

    /// Time passes in one step, with a tick at its end.
    void jumps(long millis) {
        now += millis;
        wall += millis;
        replica.timeIs(now, wall);
        replica.tick();
        settles();
    }

    // ---- clients

    /// A connection that has not said anything yet.
    TestClient accepts() {
        return accepts("10.0.0.1");
    }

    TestClient accepts(String address) {
        TestClient client = new TestClient(this, address);
        clients.add(client);
        return client;
    }

    /// A connection with a new session.
    TestClient connects() {
        return connects(10_000);
    }

    TestClient connects(int timeoutMillis) {
        TestClient client = accepts();
        client.introduces(new ConnectRequest(0, 0, timeoutMillis, 0, new byte[16], false, true));
        boolean held = holding;
        if (held) {
            // A session is made by a transaction; whoever tests its making does it by hand.
            commitsAll();
        }
        client.takesConnectResponse();
        return client;
    }

    /// A connection that asks for the session of another.
    TestClient renews(TestClient before) {
        TestClient client = accepts();
        client.introduces(
                new ConnectRequest(
                        0, 0, 10_000, before.sessionId(), before.password(), false, true));
        return client;
    }

    // ---- the tree

    @Nullable Znode znode(String path) {
        return tree.find(path.getBytes(StandardCharsets.UTF_8));
    }

    Znode existing(String path) {
        Znode znode = znode(path);
        if (znode == null) {
            throw new AssertionError("no znode " + path);
        }
        return znode;
    }

    long lastZxid() {
        return tree.lastZxid();
    }
}
