package io.witan.server;

import io.witan.replica.ClientConnection;
import io.witan.replica.Replica;
import io.witan.replica.RequestStats;
import io.witan.replica.metrics.MetricSet;
import io.witan.replica.metrics.MetricVisitor;
import io.witan.server.fourletter.ConnectionView;
import io.witan.server.fourletter.EnsembleFigures;
import io.witan.server.fourletter.OperationNames;
import io.witan.server.fourletter.ServerView;
import io.witan.server.fourletter.Traffic;
import io.witan.server.fourletter.WatchSummary;
import io.witan.server.metrics.ShellMetrics;
import io.witan.server.net.ClientPort;
import io.witan.server.net.CoreLoop;
import io.witan.tree.QuotaRoot;
import io.witan.tree.Znode;
import io.witan.tree.watch.Watcher;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What four-letter words show of a server, alone or in an ensemble. Reads the core's own state, on
/// its thread.
final class ReplicaView implements ServerView {

    private final Supplier<@Nullable Replica> replica;
    private final Supplier<String> mode;
    private final ClientPort port;
    private final ShellMetrics shellMetrics;
    private final Housekeeping housekeeping;
    private final ProcessFigures process;
    private final @Nullable OfMember member;
    private final long startedAtMillis = CoreLoop.nowMillis();

    /// What a member of an ensemble has more.
    ///
    /// @param takesClients whether one that comes now is served
    record OfMember(
            BooleanSupplier takesClients, Supplier<EnsembleFigures> figures, MetricSet metrics) {}

    /// @param replica who serves; null while nobody does
    /// @param member null of a server that stands alone
    ReplicaView(
            Supplier<@Nullable Replica> replica,
            Supplier<String> mode,
            ClientPort port,
            ShellMetrics shellMetrics,
            Housekeeping housekeeping,
            ProcessFigures process,
            @Nullable OfMember member) {
        this.replica = replica;
        this.mode = mode;
        this.port = port;
        this.shellMetrics = shellMetrics;
        this.housekeeping = housekeeping;
        this.process = process;
        this.member = member;
    }

    @Override
    public boolean isServing() {
        return replica.get() != null;
    }

    @Override
    public boolean takesClients() {
        return member == null ? isServing() : member.takesClients().getAsBoolean();
    }

    @Override
    public String mode() {
        return mode.get();
    }

    @Override
    public @Nullable EnsembleFigures ensemble() {
        return member == null ? null : member.figures().get();
    }

    private Replica replica() {
        return Objects.requireNonNull(replica.get(), "asked while nobody serves");
    }

    @Override
    public long lastZxid() {
        return replica().tree().lastZxid();
    }

    @Override
    public int znodeCount() {
        // The original counts the root twice; alerts compare the counts of all members of an
        // ensemble.
        return replica().tree().znodeCount() + 1;
    }

    @Override
    public int ephemeralCount() {
        return replica().tree().ephemeralCount();
    }

    @Override
    public long approximateDataBytes() {
        return replica().tree().approximateDataBytes();
    }

    @Override
    public int globalSessionCount() {
        // Of all of the ensemble; a learner tracks only those of its own clients.
        return replica().tree().sessions().count();
    }

    @Override
    public int localSessionCount() {
        return replica().sessions().localCount();
    }

    @Override
    public Traffic traffic() {
        return traffic(replica().stats());
    }

    private static Traffic traffic(RequestStats stats) {
        return new Traffic(
                stats.receivedCount(),
                stats.sentCount(),
                stats.latencyMinMillis(),
                stats.latencyMeanMillis(),
                stats.latencyMaxMillis());
    }

    @Override
    public int outstandingCount() {
        return replica().outstandingCount();
    }

    @Override
    public int connectionCount() {
        return replica().connectionCount();
    }

    @Override
    public void forEachConnection(Consumer<ConnectionView> visitor) {
        long nowMillis = CoreLoop.nowMillis();
        long toWallMillis = System.currentTimeMillis() - nowMillis;
        port.forEachSocket((remote, connection) ->
                visitor.accept(view(remote, connection, nowMillis, toWallMillis)));
    }

    private ConnectionView view(
            InetSocketAddress remote,
            ClientConnection connection,
            long nowMillis,
            long toWallMillis) {
        var session = replica().sessions().find(connection.sessionId());
        var traffic = traffic(connection.stats());
        if (session == null) {
            long sessionlessUntil = connection.connectedAtMillis() + port.sessionlessMillis();
            return new ConnectionView(
                    remote,
                    false,
                    connection.outstandingCount(),
                    traffic,
                    Math.max(nowMillis, sessionlessUntil) + toWallMillis,
                    null);
        }
        return new ConnectionView(
                remote,
                true,
                connection.outstandingCount(),
                traffic,
                session.expiryMillis() + toWallMillis,
                new ConnectionView.Session(
                        session.id(),
                        session.timeoutMillis(),
                        connection.connectedAtMillis() + toWallMillis,
                        OperationNames.of(connection.lastOperation()),
                        connection.lastCxid(),
                        connection.lastZxid(),
                        connection.lastResponseAtMillis(),
                        connection.lastLatencyMillis()));
    }

    @Override
    public void resetConnectionStats() {
        replica().forEachConnection(ClientConnection::resetStats);
    }

    @Override
    public void resetServerStats() {
        replica().stats().reset();
        replica().metrics().reset();
        shellMetrics.all.reset();
        if (member != null) {
            member.metrics().reset();
        }
    }

    @Override
    public void forEachSession(SessionVisitor visitor) {
        long toWallMillis = System.currentTimeMillis() - CoreLoop.nowMillis();
        replica()
                .sessions()
                .forEach(session ->
                        visitor.session(session.id(), session.expiryMillis() + toWallMillis));
    }

    @Override
    public int ephemeralOwnerCount() {
        return replica().tree().sessions().withEphemeralsCount();
    }

    @Override
    public void forEachEphemeral(PathVisitor visitor) {
        var sessions = replica().tree().sessions();
        sessions.forEach((id, timeoutMillis) ->
                sessions.ephemerals(id).forEach((Znode znode) -> visitor.path(id, znode.path())));
    }

    @Override
    public long watchCount() {
        return replica().watches().watchCount();
    }

    @Override
    public WatchSummary watchSummary() {
        var watches = replica().watches();
        return new WatchSummary(
                watches.dataWatchingCount(), watches.dataPathCount(), watches.dataWatchCount());
    }

    @Override
    public void forEachWatchBySession(PathVisitor visitor) {
        replica()
                .forEachConnection(connection ->
                        replica()
                                .watches()
                                .forEach(
                                        connection,
                                        (path, watcher, child) -> {
                                            if (!child) {
                                                visitor.path(connection.sessionId(), path);
                                            }
                                        }));
    }

    @Override
    public void forEachWatchByPath(PathVisitor visitor) {
        replica()
                .watches()
                .forEach((path, watcher, child) -> {
                    if (!child) {
                        visitor.path(sessionId(watcher), path);
                    }
                });
    }

    private static long sessionId(Watcher watcher) {
        return watcher instanceof ClientConnection connection ? connection.sessionId() : 0;
    }

    @Override
    public void forEachDigest(DigestVisitor visitor) {
        replica().tree().digestLog().forEach(visitor::digest);
    }

    @Override
    public long dataDirBytes() {
        return housekeeping.dataDirBytes();
    }

    @Override
    public long logDirBytes() {
        return housekeeping.logDirBytes();
    }

    @Override
    public long uptimeMillis() {
        return CoreLoop.nowMillis() - startedAtMillis;
    }

    @Override
    public double connectionDropProbability() {
        return replica().connectDropChance();
    }

    @Override
    public long openFileDescriptorCount() {
        return process.openFileDescriptorCount();
    }

    @Override
    public long maxFileDescriptorCount() {
        return process.maxFileDescriptorCount();
    }

    @Override
    public void forEachMetric(MetricVisitor visitor) {
        replica().metrics().forEach(visitor);
        shellMetrics.all.forEach(visitor);
        if (member != null) {
            member.metrics().forEach(visitor);
        }
    }

    @Override
    public void forEachQuota(QuotaVisitor visitor) {
        var roots = new ArrayList<QuotaRoot>();
        replica().tree().quotas().forEach(roots::add);
        roots.sort(Comparator.comparing(QuotaRoot::path, Arrays::compareUnsigned));
        roots.forEach(root -> quota(root, visitor));
    }

    /// As the original: a hard limit where there is one, else the soft one.
    private static void quota(QuotaRoot root, QuotaVisitor visitor) {
        var path = new String(root.path(), StandardCharsets.UTF_8);
        int end = path.indexOf('/', 1);
        var numbers = root.numbers();
        visitor.quota(
                path.substring(1, end < 0 ? path.length() : end),
                numbers.countHardLimit() >= 0 ? numbers.countHardLimit() : numbers.count(),
                numbers.byteHardLimit() >= 0 ? numbers.byteHardLimit() : numbers.bytes(),
                numbers.usedCount(),
                numbers.usedBytes());
    }
}
