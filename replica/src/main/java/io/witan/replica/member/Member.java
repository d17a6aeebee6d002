package io.witan.replica.member;

import io.witan.replica.ClientConnection;
import io.witan.replica.ClientLink;
import io.witan.replica.ClientService;
import io.witan.replica.Replica;
import io.witan.replica.SharedParts;
import io.witan.replica.auth.Access;
import io.witan.replica.session.LocalSession;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.OpCode;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.SessionTouch;
import io.witan.wire.quorum.SnapshotStreamParser;
import io.witan.wire.txn.TxnHeader;
import io.witan.zab.Agreement;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;
import io.witan.zab.Happening;
import io.witan.zab.LogEntry;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/// One server of an ensemble, without its sockets and files. Events come in by the methods below,
/// each after [#timeIs]; what they bring about is carried out before the method returns, in the
/// order in which [Agreement] says it.
///
/// ```
///   serving      StartLeading, StartFollowing,        StopServing
///   periods      StartReadOnly                             |
///                    |------ a Replica, its clients -------|
///   tree         one, from start to ReceiveSnapshot or ReloadTree, then another
/// ```
///
/// Each serving period has a [Replica] of its own, and with it go its clients, its proposals and
/// what it has forwarded: nothing of an earlier period can act in a later one.
///
/// Owned by one thread, which makes all calls.
public final class Member implements ClientService {

    /// Where the type stands in a transaction's bytes: at the end of its header.
    private static final int TXN_TYPE_OFFSET = TxnHeader.BYTES - 4;

    private final MemberSettings settings;
    private final Agreement agreement;
    private final MemberHost host;
    private final SharedParts shared;

    private ZnodeTree tree;

    /// Whether [#tree] is being received from a leader, and was not yet complete; also when the
    /// link has broken since.
    private boolean isTreePartial;

    /// The last transaction applied to the tree, or the last one of the snapshot or log that it was
    /// loaded from. Not [ZnodeTree#lastZxid], which also knows the begin of the epoch.
    private long lastDelivered;

    /// Serves the clients; null while no clients are served.
    private @Nullable Replica replica;

    /// Whether the replica is for clients of this server, too, and not for those of learners alone.
    /// False while there is none.
    private boolean takesClients;

    /// Local sessions live on from one serving period to the next: nobody else knows them.
    private List<LocalSession> localSessions = List.of();

    /// What `/zookeeper/config` shows; null until agreement has said so.
    private @Nullable EnsembleConfig config;

    private long nowMillis;
    private long wallMillis;
    private boolean carryingOut;

    /// @param agreement not started yet
    /// @param tree as recovered from disk; the member owns it from here on
    /// @param random for refusals by chance
    /// @param nowMillis the time, on a clock that never runs back
    public Member(
            MemberSettings settings,
            Agreement agreement,
            ZnodeTree tree,
            Access access,
            MemberHost host,
            RandomGenerator random,
            long nowMillis) {
        this.settings = settings;
        this.agreement = agreement;
        this.tree = tree;
        this.host = host;
        this.lastDelivered = tree.lastZxid();
        this.nowMillis = nowMillis;
        this.shared =
                SharedParts.of(settings.replica(), settings.rules(), access, random, nowMillis);
    }

    // ---- time

    /// Sets the time of the events that follow.
    ///
    /// @param nowMillis on a clock that never runs back
    /// @param wallMillis since 1970
    @Override
    public void timeIs(long nowMillis, long wallMillis) {
        this.nowMillis = nowMillis;
        this.wallMillis = wallMillis;
        agreement.timeIs(nowMillis);
        if (replica != null) {
            replica.timeIs(nowMillis, wallMillis);
        }
    }

    /// Begins. Once, first.
    public void start() {
        agreement.start();
        carryOut();
    }

    /// Time has passed. Useful when [#wakeAtMillis] has come; harmless at other times.
    @Override
    public void tick() {
        agreement.tick();
        carryOut();
        if (replica != null) {
            replica.tick();
            carryOut();
        }
    }

    /// When [#tick] has something to do at the earliest; [Long#MAX_VALUE] for never.
    public long wakeAtMillis() {
        return Math.min(
                agreement.wakeAtMillis(),
                replica == null ? Long.MAX_VALUE : replica.wakeAtMillis());
    }

    // ---- election port

    public void notified(long fromSid, Notification notification) {
        agreement.notified(fromSid, notification);
        carryOut();
    }

    public void electionLinkChanged(long sid, boolean up) {
        agreement.electionLinkChanged(sid, up);
        carryOut();
    }

    // ---- quorum port

    public void learnerConnected(long link) {
        agreement.learnerConnected(link);
        carryOut();
    }

    public void leaderConnected(long attempt, long link) {
        agreement.leaderConnected(attempt, link);
        carryOut();
    }

    public void leaderUnreachable(long attempt, String reason) {
        agreement.leaderUnreachable(attempt, reason);
        carryOut();
    }

    public void received(long link, QuorumPacket packet) {
        agreement.received(link, packet);
        carryOut();
    }

    /// That parser has been given some more; to be told now and then, so that a long snapshot is
    /// not taken for a silent leader.
    public void snapshotAdvanced(long link) {
        agreement.snapshotAdvanced(link);
        carryOut();
    }

    /// The parser that [MemberHost#receiveSnapshot] gave is complete.
    public void snapshotReceived(long link) {
        lastDelivered = tree.lastZxid();
        isTreePartial = false;
        showConfig();
        agreement.snapshotReceived(link);
        carryOut();
    }

    public void disconnected(long link, String reason) {
        agreement.disconnected(link, reason);
        carryOut();
    }

    // ---- disk

    public void durable(long zxid) {
        agreement.durable(zxid);
        carryOut();
    }

    public void stored(long ticket) {
        agreement.stored(ticket);
        carryOut();
    }

    public void logRead(long ticket, @Nullable List<LogEntry> entries) {
        agreement.logRead(ticket, entries);
        carryOut();
    }

    /// What [MemberHost#reloadTree] asked for.
    ///
    /// @param reloaded the member owns it from here on
    /// @param recent the end of the log, without a hole, ending at the tree's last zxid; may be
    ///   empty
    public void treeReloaded(long ticket, ZnodeTree reloaded, List<LogEntry> recent) {
        if (replica != null) {
            throw new IllegalStateException("the tree was replaced under its clients");
        }
        tree = reloaded;
        isTreePartial = false;
        lastDelivered = reloaded.lastZxid();
        showConfig();
        agreement.treeReloaded(ticket, lastDelivered, recent);
        carryOut();
    }

    // ---- clients

    /// A client has connected. The result is its name in later events. While no clients are served,
    /// its connection is closed at once.
    @Override
    public ClientConnection connected(ClientLink link) {
        if (replica == null) {
            return Replica.refuse(shared, link, "this server has no leader", nowMillis);
        }
        return takesClients
                ? replica.connected(link)
                : Replica.refuse(
                        shared,
                        link,
                        "this server leads, and leaves clients to the others (leaderServes=no)",
                        nowMillis);
    }

    /// A whole frame has come in, without its length. The bytes are valid during this call only.
    @Override
    public void received(ClientConnection c, byte[] bytes, int offset, int length) {
        if (replica != null && !c.isClosed()) {
            replica.received(c, bytes, offset, length);
            carryOut();
        }
    }

    /// The client's connection is gone.
    @Override
    public void disconnected(ClientConnection c) {
        if (replica != null && !c.isClosed()) {
            replica.disconnected(c);
            carryOut();
        }
    }

    /// The client has taken enough of its replies for more to be made.
    @Override
    public void outputDrained(ClientConnection c) {
        if (replica != null && !c.isClosed()) {
            replica.outputDrained(c);
            carryOut();
        }
    }

    // ---- for the host's own affairs

    /// The tree as it is now, for a snapshot file that the host writes when it sees fit.
    ///
    /// @throws IllegalStateException of a tree that is being received: what it lacks would be lost
    public TreeStream snapshot() {
        if (isTreePartial) {
            throw new IllegalStateException("a snapshot of a tree that is not complete");
        }
        return TreeStream.toDisk(tree.snapshot(), lastDelivered);
    }

    public AgreementView view() {
        return agreement.view();
    }

    public ZnodeTree tree() {
        return tree;
    }

    /// The last transaction whose effects are in the tree.
    public long lastDeliveredZxid() {
        return lastDelivered;
    }

    /// Serves the clients at present; null if they are not served.
    public @Nullable Replica replica() {
        return replica;
    }

    /// Whether a client that comes now is served. Not while there is no leader, and perhaps not by
    /// the leader, which then serves those of its learners only.
    public boolean takesClients() {
        return takesClients;
    }

    // ---- effects

    private void carryOut() {
        if (carryingOut) {
            throw new IllegalStateException("an effect has called back");
        }
        carryingOut = true;
        List<Effect> effects = agreement.takeEffects();
        while (!effects.isEmpty()) {
            for (Effect effect : effects) {
                carryOut(effect);
            }
            effects = agreement.takeEffects();
        }
        carryingOut = false;
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.OnReplica mine -> carryOutHere(mine);
            case Effect.SendSnapshot(long link, long zxid) ->
                    host.sendSnapshot(link, TreeStream.toLearner(tree.snapshot(), zxid));
            case Effect.ReceiveSnapshot(long link, long zxid) -> receiveSnapshot(link, zxid);
            case Effect.StoreSnapshot(long ticket, long zxid) ->
                    host.storeSnapshot(ticket, zxid, TreeStream.toDisk(tree.snapshot(), zxid));
            case Effect.ReloadTree(long ticket) -> host.reloadTree(ticket);
            case Effect.OnElectionPort other -> host.execute(other);
            case Effect.OnQuorumPort other -> host.execute(other);
            case Effect.OnDisk other -> host.execute(other);
            case Effect.Tell(Happening happening) -> host.told(happening);
        }
    }

    private void carryOutHere(Effect.OnReplica effect) {
        switch (effect) {
            case Effect.Deliver(long zxid, byte[] txn) -> deliver(zxid, txn);
            case Effect.StartLeading(long epoch) -> startLeading(epoch);
            case Effect.StartFollowing(long _, long epoch, boolean _) -> startFollowing(epoch);
            case Effect.StartReadOnly() -> startReadOnly();
            case Effect.StopServing(String reason) -> stopServing(reason);
            case Effect.ConfigInForce(EnsembleConfig inForce) -> {
                config = inForce;
                showConfig();
            }
            case Effect.AnswerPing(long link, long zxid) -> answerPing(link, zxid);
            case Effect.Forwarded forwarded -> {
                if (replica != null) {
                    replica.forwarded(forwarded.link(), forwarded.request());
                }
            }
            case Effect.SessionsHeard heard -> {
                if (replica != null) {
                    replica.sessionsHeard(heard.touches());
                }
            }
            case Effect.RevalidationAsked(long link, long sessionId, int timeoutMillis) -> {
                boolean valid =
                        replica != null && replica.revalidate(link, sessionId, timeoutMillis);
                agreement.revalidation(link, sessionId, valid);
            }
            case Effect.LearnerGone(long _) -> {
                // Sessions that it owned keep it as their owner: its requests can come no more, and
                // where the client turns up next, revalidation makes another one the owner.
            }
            case Effect.SessionLeft(long sessionId) -> {
                if (replica != null) {
                    replica.sessionLeft(sessionId);
                }
            }
            case Effect.Revalidated(long sessionId, boolean valid) -> {
                if (replica != null) {
                    replica.revalidated(sessionId, valid);
                }
            }
            case Effect.Synced(long token) -> {
                if (replica != null) {
                    replica.synced(token);
                }
            }
        }
    }

    private void deliver(long zxid, byte[] txn) {
        if (zxid <= lastDelivered) {
            throw new IllegalStateException(
                    "%s is delivered after %s"
                            .formatted(Zxids.hex(zxid), Zxids.hex(lastDelivered)));
        }
        if (replica != null) {
            replica.delivered(zxid, txn);
        } else {
            Replica.apply(tree, txn);
        }
        lastDelivered = zxid;
        if (ByteBuffer.wrap(txn).getInt(TXN_TYPE_OFFSET) == OpCode.RECONFIG
                && config != null
                && config.version() > zxid) {
            // History that this server catches up with must not bring back an older configuration.
            showConfig();
        }
    }

    // ---- serving

    private void startLeading(long epoch) {
        reachEpoch(epoch);
        begin(
                Replica.leading(
                        shared,
                        tree,
                        agreement,
                        new Reconfiguration(agreement, settings.peer()),
                        localSessions,
                        nowMillis),
                settings.leaderServes());
    }

    private void startFollowing(long epoch) {
        reachEpoch(epoch);
        begin(Replica.following(shared, tree, agreement, localSessions, nowMillis), true);
    }

    private void startReadOnly() {
        begin(Replica.readOnly(shared, tree, localSessions, nowMillis), true);
    }

    /// A server that is in synchrony with the leader of an epoch has seen all that came before it,
    /// and says so to clients: else one that has talked to the leader, which begins its epoch with
    /// that zxid, would be ahead of all other servers until something is written.
    private void reachEpoch(long epoch) {
        tree.lastZxid(Math.max(tree.lastZxid(), Zxids.startOf(epoch)));
    }

    private void begin(Replica begun, boolean forClientsHere) {
        if (replica != null) {
            throw new IllegalStateException("clients are being served already");
        }
        replica = begun;
        takesClients = forClientsHere;
        begun.timeIs(nowMillis, wallMillis);
        begun.begin();
    }

    private void stopServing(String reason) {
        if (replica != null) {
            localSessions = replica.stop(reason);
            replica = null;
            takesClients = false;
        }
    }

    private void answerPing(long link, long zxid) {
        List<SessionTouch> touches = replica == null ? List.of() : replica.takeTouches();
        var answer = new QuorumPacket(PacketType.PING, zxid, SessionTouch.encode(touches));
        host.execute(new Effect.SendPacket(link, answer));
    }

    // ---- the tree

    /// Until it is complete, the tree in memory is that of nobody; agreement reloads it if the
    /// stream breaks off.
    private void receiveSnapshot(long link, long zxid) {
        if (replica != null) {
            throw new IllegalStateException("the tree is replaced under its clients");
        }
        tree = new ZnodeTree(tree.settings());
        isTreePartial = true;
        host.receiveSnapshot(
                link,
                new SnapshotStreamParser(tree.loader(zxid), settings.snapshotFieldBytesMax()));
    }

    private void showConfig() {
        if (config != null) {
            tree.setConfig(
                    config.text().getBytes(StandardCharsets.UTF_8), config.version(), wallMillis);
        }
    }
}
