package io.witan.replica;

import io.witan.replica.auth.Access;
import io.witan.replica.auth.DigestProvider;
import io.witan.replica.auth.IpProvider;
import io.witan.replica.member.Member;
import io.witan.replica.member.MemberHost;
import io.witan.replica.member.MemberSettings;
import io.witan.replica.member.TreeStream;
import io.witan.replica.write.WriteRules;
import io.witan.tree.TreeSettings;
import io.witan.tree.Znode;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.Request;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.data.Id;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.SessionTouch;
import io.witan.wire.quorum.SnapshotStreamParser;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnHeader;
import io.witan.zab.Effect;
import io.witan.zab.Happening;
import io.witan.zab.LogEntry;
import io.witan.zab.PeerSettings;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// A member of an ensemble with everything around it in a test's hands: what the ensemble agrees
/// on, its clock, its clients.
final class TestMember implements MemberHost, ServerSide {

    static final int TICK = 2_000;

    static final String CONFIG =
            """
            server.1=h1:2888:3888:participant;h1:2181
            server.2=h2:2888:3888:participant;h2:2181
            server.3=h3:2888:3888:participant;h3:2181
            version=0\
            """;

    /// What a test may set before the server starts.
    static final class Options {
        boolean localSessions;
        boolean upgrading;
        boolean reconfigEnabled = true;
        boolean leaderServes = true;
        @Nullable String superDigest;
        long serverId = 1;
        @Nullable ZnodeTree tree;
    }

    final ScriptedAgreement agreement;
    final Member member;

    /// Effects that the host was given.
    final List<Effect> effects = new ArrayList<>();

    final List<TreeStream> sentSnapshots = new ArrayList<>();
    final List<TreeStream> storedSnapshots = new ArrayList<>();
    final List<Long> reloads = new ArrayList<>();
    @Nullable SnapshotStreamParser snapshotParser;

    private final List<TestClient> clients = new ArrayList<>();
    private long now = 1_000_000;
    private long wall = 1_700_000_000_000L;

    TestMember() {
        this(o -> {});
    }

    TestMember(Consumer<Options> choose) {
        Options o = new Options();
        choose.accept(o);
        agreement = new ScriptedAgreement(config(CONFIG));
        agreement.synced.addAll(List.of(1L, 2L, 3L));
        var settings =
                new ReplicaSettings(
                        o.serverId,
                        TICK,
                        2 * TICK,
                        20 * TICK,
                        o.localSessions,
                        o.upgrading,
                        1_000,
                        64 << 20,
                        -1,
                        100 << 20,
                        2 << 20,
                        Long.MAX_VALUE,
                        List.of(),
                        ConnectThrottle.Settings.OFF,
                        ContainerSweep.Settings.DEFAULT);
        member =
                new Member(
                        new MemberSettings(
                                PeerSettings.standard(o.serverId),
                                settings,
                                new WriteRules(false, true, o.reconfigEnabled),
                                2 << 20,
                                o.leaderServes),
                        agreement,
                        o.tree != null
                                ? o.tree
                                : new ZnodeTree(new TreeSettings(true, false, true, 99)),
                        new Access(
                                false,
                                List.of(
                                        new IpProvider(),
                                        new DigestProvider("SHA1", o.superDigest))),
                        this,
                        new Random(1),
                        now);
        member.timeIs(now, wall);
        member.start();
    }

    static EnsembleConfig config(String text) {
        try {
            return EnsembleConfig.parse(text);
        } catch (ConfigTextException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    // ---- what the ensemble does

    /// Agreement has these effects.
    void does(Effect... some) {
        for (Effect effect : some) {
            agreement.next(effect);
        }
        member.durable(0);
        settles();
    }

    TestMember leads(long epoch) {
        does(new Effect.StartLeading(epoch));
        return this;
    }

    TestMember follows(long epoch) {
        does(new Effect.StartFollowing(2, epoch, false));
        return this;
    }

    /// As leader: the oldest proposal is committed.
    void commits() {
        LogEntry entry = agreement.proposed.removeFirst();
        does(new Effect.Deliver(entry.zxid(), entry.txn()));
    }

    void commitsAll() {
        while (!agreement.proposed.isEmpty()) {
            commits();
        }
    }

    /// A transaction that another server has made.
    void delivers(long session, int cxid, long zxid, int type, Txn txn) {
        JuteWriter out = new JuteWriter();
        TxnCodec.write(out, new TxnHeader(session, cxid, zxid, wall, type), txn, null);
        does(new Effect.Deliver(zxid, out.toByteArray()));
    }

    /// The oldest sync is confirmed.
    void confirmsSync() {
        does(new Effect.Synced(agreement.syncs.removeFirst()));
    }

    /// As leader: a learner hands on a request.
    void forwards(long link, long session, int cxid, Request request, Id... ids) {
        JuteWriter body = new JuteWriter();
        request.write(body);
        forwards(link, session, cxid, request.type(), body.toByteArray(), ids);
    }

    void forwards(long link, long session, int cxid, int type, byte[] body, Id... ids) {
        does(
                new Effect.Forwarded(
                        link, new ForwardedRequest(session, cxid, type, body, List.of(ids))));
    }

    void hears(long link, long session, int timeoutMillis) {
        does(new Effect.SessionsHeard(link, List.of(new SessionTouch(session, timeoutMillis))));
    }

    /// As leader: a learner asks about a session. The answer.
    String asksAbout(long link, long session, int timeoutMillis) {
        does(new Effect.RevalidationAsked(link, session, timeoutMillis));
        return agreement.revalidationAnswers.getLast();
    }

    LoggedTxn lastTxn() {
        return agreement.log.getLast();
    }

    // ---- the clock

    /// Time passes, with ticks, in small steps.
    void passes(long millis) {
        long end = now + millis;
        while (now < end) {
            now += Math.min(100, end - now);
            wall += Math.min(100, end - now);
            member.timeIs(now, wall);
            member.tick();
            settles();
        }
    }

    long now() {
        return now;
    }

    // ---- clients

    TestClient accepts() {
        TestClient client = new TestClient(this, "10.0.0.1");
        clients.add(client);
        return client;
    }

    /// A connection that asks for a new session.
    TestClient introduces() {
        TestClient client = accepts();
        client.introduces(new ConnectRequest(0, 0, 10_000, 0, new byte[16], true, true));
        return client;
    }

    /// A connection that asks for an existing session.
    TestClient renews(long session, byte[] password) {
        TestClient client = accepts();
        client.introduces(new ConnectRequest(0, 0, 10_000, session, password, true, true));
        return client;
    }

    /// As leader: a connection with a session that everybody knows.
    TestClient connects() {
        TestClient client = introduces();
        commitsAll();
        client.takesConnectResponse();
        return client;
    }

    // ---- as the client sees the server

    @Override
    public ClientConnection connected(ClientLink link) {
        return member.connected(link);
    }

    @Override
    public void received(ClientConnection c, byte[] bytes, int offset, int length) {
        member.received(c, bytes, offset, length);
    }

    @Override
    public void disconnected(ClientConnection c) {
        member.disconnected(c);
    }

    @Override
    public void outputDrained(ClientConnection c) {
        member.outputDrained(c);
    }

    @Override
    public void settles() {
        List.copyOf(clients).forEach(TestClient::flows);
    }

    // ---- as the member sees its host

    @Override
    public void execute(Effect effect) {
        effects.add(effect);
    }

    @Override
    public void sendSnapshot(long link, TreeStream stream) {
        sentSnapshots.add(stream);
    }

    @Override
    public void receiveSnapshot(long link, SnapshotStreamParser parser) {
        snapshotParser = parser;
    }

    @Override
    public void storeSnapshot(long ticket, long zxid, TreeStream stream) {
        storedSnapshots.add(stream);
    }

    @Override
    public void told(Happening happening) {}

    @Override
    public void reloadTree(long ticket) {
        reloads.add(ticket);
    }

    // ---- the tree

    @Nullable Znode znode(String path) {
        return member.tree().find(path.getBytes(StandardCharsets.UTF_8));
    }

    String data(String path) {
        Znode znode = znode(path);
        if (znode == null) {
            throw new AssertionError("no znode " + path);
        }
        return Frame.text(znode.data());
    }
}
