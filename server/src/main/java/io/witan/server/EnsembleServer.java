package io.witan.server;

import io.witan.replica.member.Member;
import io.witan.replica.member.MemberSettings;
import io.witan.server.config.EnsembleSettings;
import io.witan.server.config.ServerConfig;
import io.witan.server.ensemble.Chronicle;
import io.witan.server.ensemble.ElectionPort;
import io.witan.server.ensemble.ElectionPortSettings;
import io.witan.server.ensemble.QuorumPort;
import io.witan.server.ensemble.QuorumPortLimits;
import io.witan.server.fourletter.EnsembleFigures;
import io.witan.server.fourletter.Environment;
import io.witan.server.fourletter.FourLetterWords;
import io.witan.server.log.Snapshots;
import io.witan.server.log.StorageThread;
import io.witan.server.metrics.EnsembleMetrics;
import io.witan.server.metrics.ShellMetrics;
import io.witan.server.net.ClientPort;
import io.witan.server.net.CoreLoop;
import io.witan.server.net.RelayedEventLoop;
import io.witan.server.net.Transport;
import io.witan.storage.ConfigFiles;
import io.witan.storage.DataDirectory;
import io.witan.storage.EnsembleStore;
import io.witan.storage.StoredTxn;
import io.witan.wire.config.EnsembleConfig;
import io.witan.zab.AgreementView;
import io.witan.zab.LogEntry;
import io.witan.zab.PeerSettings;
import io.witan.zab.PeerStart;
import io.witan.zab.peer.Peer;
import io.witan.zab.quorum.Oracle;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// A member of an ensemble, running. The constructor is its wiring, from the recovered tree to the
/// open ports; [#close] undoes it in the other order.
public final class EnsembleServer implements ServerInstance {

    private static final Logger LOG = LoggerFactory.getLogger(EnsembleServer.class);

    private static final long SNAPSHOT_PAUSE_MICROS = 100;

    /// How often time is told to the core at least; it says when it wants to be told sooner.
    private static final long TICK_MILLIS = 50;

    private static final long LOG_PATIENCE_MILLIS = 10_000;

    private static final long SESSIONLESS_CHECK_MILLIS = 1_000;

    /// What may wait for a learner that does not take it.
    private static final long LEARNER_BACKLOG_BYTES_MAX = 128L << 20;

    private static final int PACKETS_COLLECTED_BYTES = 256 << 10;

    /// Bytes that a learner may be sent from the log on disk.
    private static final long LOG_SYNC_BYTES_MAX = 64L << 20;

    /// Between two attempts to have the election port (quorum, section 1.1).
    private static final int ELECTION_BIND_PAUSE_MILLIS = 1_000;

    /// Silence that ends an election (quorum, section 3.3).
    private static final int FINALIZE_WAIT_MILLIS = 200;

    private final RelayedEventLoop loop;
    private final CoreLoop core;
    private final StorageThread storage;
    private final WayToDisk wayToDisk;
    private final Snapshots snapshots;
    private final Member member;
    private final MemberShell shell;
    private final ElectionPort electionPort;
    private final QuorumPort quorumPort;
    private final long serverId;
    private final Chronicle chronicle;
    private final ClientPort clientPort;
    private final InetSocketAddress address;
    private final Housekeeping housekeeping;
    private final ShellMetrics metrics = new ShellMetrics();
    private final EnsembleMetrics ensembleMetrics = new EnsembleMetrics();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private boolean closed;
    private long wakeAtMillis = Long.MAX_VALUE;

    /// @param transport for all its sockets
    /// @param store loaded
    /// @param recovered what it gave
    /// @param random seeded at the edge
    /// @param environment what it runs on, for `envi`
    /// @throws PortException if the client port cannot be had
    public EnsembleServer(
            Transport transport,
            ServerConfig config,
            EnsembleSettings ensemble,
            DataDirectory directory,
            EnsembleStore store,
            RecoveredTree.OfMember recovered,
            Environment environment,
            RandomGenerator random) {
        loop = new RelayedEventLoop("witan-core", transport.handlers(), this::failed);
        serverId = ensemble.sid();
        metrics.databaseLoadMillis.add(recovered.loadMillis());
        metrics.txnsLoaded.add(recovered.state().files().txnsReplayed());
        core = new CoreLoop(loop, this::failed);
        storage = new StorageThread(store, this::durable, this::failed);
        wayToDisk = new WayToDisk(core, storage.commits());
        PeerSettings peerSettings = peerSettings(config, ensemble);
        var peer = new Peer(peerSettings, start(ensemble, recovered), oracle(ensemble));
        shell =
                new MemberShell(
                        core,
                        storage,
                        new MemberShell.Disk(
                                directory,
                                ensemble.files() == null
                                        ? null
                                        : new KeptConfigs(
                                                new ConfigFiles(
                                                        directory.disk(),
                                                        ensemble.files()
                                                                .toAbsolutePath()
                                                                .normalize()),
                                                ensemble.sid()),
                                config.storage().snapshots().writeLastZxid(),
                                s ->
                                        RecoveredTree.recover(
                                                s,
                                                recovered.tree().settings(),
                                                config.storage().snapshots().writeLastZxid(),
                                                (file, done, total) -> {})));
        DisklessHost diskless =
                ensemble.diskless()
                        ? new DisklessHost(shell, ensemble.sid(), core::execute, this::failed)
                        : null;
        member =
                new Member(
                        new MemberSettings(
                                peerSettings,
                                Wiring.replicaSettings(config, ensemble.sid()),
                                Wiring.writeRules(config),
                                Integer.MAX_VALUE,
                                ensemble.leaderServes()),
                        peer,
                        recovered.tree(),
                        Wiring.access(config),
                        diskless == null ? shell : diskless,
                        random,
                        CoreLoop.nowMillis());
        electionPort =
                new ElectionPort(
                        core,
                        loop,
                        transport.listeners(),
                        transport.sockets(),
                        new ElectionPortSettings(
                                ensemble.sid(),
                                ensemble.election().listenOnAll(),
                                ensemble.election().connectMillis(),
                                ensemble.election().handshakeMillis(),
                                ensemble.election().bindAttempts(),
                                ELECTION_BIND_PAUSE_MILLIS,
                                ensemble.election().tcpKeepAlive()),
                        sid -> memberOf(peer, sid),
                        shell,
                        this::failed);
        quorumPort =
                new QuorumPort(
                        core,
                        loop,
                        transport.listeners(),
                        transport.sockets(),
                        ensemble.sid(),
                        ensemble.election().listenOnAll(),
                        config.sessions().tickTimeMillis() * ensemble.connectLimit(),
                        ensemble.learners().observerMasterPort(),
                        new QuorumPortLimits(
                                QuorumPortLimits.fieldBytesMax(
                                        config.limits().frames().fieldBytesMax()),
                                PACKETS_COLLECTED_BYTES,
                                LEARNER_BACKLOG_BYTES_MAX),
                        sid -> memberOf(peer, sid),
                        shell,
                        this::failed);
        chronicle = new Chronicle(ensembleMetrics, quorumPort::snapshotBytes, LOG::info, LOG::warn);
        shell.connect(member, electionPort, quorumPort, chronicle);
        if (diskless != null) {
            diskless.connect(new DisklessHost.ToMember(member));
        }
        snapshots =
                new Snapshots(
                        member::snapshot,
                        Wiring.snapshotSchedule(
                                config.storage().snapshots(),
                                storage,
                                recovered.state().files(),
                                () -> member.tree().approximateSnapshotBytes(),
                                random),
                        config.storage().snapshots().writeLastZxid(),
                        zxid -> Snapshots.File.of(store.beginSnapshot(zxid)),
                        step -> core.later(SNAPSHOT_PAUSE_MICROS, step),
                        core::execute,
                        metrics.snapshotMillis);
        core.start(member, this::toDisk, this::afterBatch, TICK_MILLIS, metrics.coreSliceMicros);
        storage.start();
        housekeeping =
                new Housekeeping(
                        directory,
                        config.storage().purge(),
                        () -> store.purge(config.storage().purge().snapshotsRetained()),
                        Housekeeping.ownThread());
        housekeeping.start();
        clientPort =
                new ClientPort(
                        core,
                        Wiring.socketLimits(config),
                        metrics,
                        port ->
                                new ServerWords(
                                        new FourLetterWords(
                                                config, environment, ZoneId::systemDefault),
                                        new ReplicaView(
                                                member::replica,
                                                () -> mode(member.view()),
                                                port,
                                                metrics,
                                                housekeeping,
                                                new ProcessFigures(Path.of("/proc")),
                                                new ReplicaView.OfMember(
                                                        member::takesClients,
                                                        this::figures,
                                                        ensembleMetrics.all))));
        address = bind(config, transport);
        core.every(SESSIONLESS_CHECK_MILLIS, clientPort::closeSessionless);
        core.every(Chronicle.REMIND_MILLIS, this::remind);
        core.execute(() -> {
            electionPort.listen();
            member.start();
        });
    }

    private InetSocketAddress bind(ServerConfig config, Transport transport) {
        try {
            return clientPort.bind(
                    loop,
                    transport.listeners(),
                    config.clientPort().address(),
                    config.clientPort().backlogConnections(),
                    config.clientPort().tcpKeepAlive());
        } catch (BindException taken) {
            close();
            throw PortException.of(config.clientPort().address(), taken);
        }
    }

    // ---- settings

    private static PeerSettings peerSettings(ServerConfig config, EnsembleSettings ensemble) {
        int tickTimeMillis = config.sessions().tickTimeMillis();
        var learners = ensemble.learners();
        var election = ensemble.election();
        return new PeerSettings(
                ensemble.sid(),
                new PeerSettings.Ticks(
                        tickTimeMillis,
                        ensemble.initLimit(),
                        ensemble.syncLimit(),
                        ensemble.connectLimit()),
                new PeerSettings.ElectionTimes(
                        FINALIZE_WAIT_MILLIS,
                        election.notifyMillisMin(),
                        election.notifyMillisMax(),
                        ensemble.readOnlyMode() ? Math.max(2_000, tickTimeMillis) : -1),
                new PeerSettings.Membership(
                        ensemble.reconfigEnabled(), ensemble.standaloneEnabled()),
                new PeerSettings.Leadership(
                        PeerSettings.Leadership.COUNTER_MAX,
                        learners.waitForEpochMillisMax(),
                        LEARNER_BACKLOG_BYTES_MAX),
                new PeerSettings.CatchUp(
                        learners.historyCountMax(),
                        Wiring.historyBytesMax(),
                        learners.logSync() ? LOG_SYNC_BYTES_MAX : 0,
                        learners.forceSnapshotSync(),
                        learners.snapshotSyncsMax(),
                        learners.diffSyncsMax()),
                learners.observerMasterPort() > 0,
                new PeerSettings.Own(
                        learners.heartbeatMillis(),
                        // The leader does not know of clients with local sessions.
                        config.sessions().localSessionsEnabled()
                                ? 0
                                : learners.idleLearnerMillis()));
    }

    private static PeerStart start(EnsembleSettings ensemble, RecoveredTree.OfMember recovered) {
        var state = recovered.state();
        return new PeerStart(
                state.acceptedEpoch(),
                state.currentEpoch(),
                state.lastZxid(),
                entries(state.recent()),
                state.mayVote(),
                ensemble.members(),
                ensemble.lastSeen() == null ? ensemble.members() : ensemble.lastSeen());
    }

    static List<LogEntry> entries(List<StoredTxn> txns) {
        return txns.stream().map(txn -> new LogEntry(txn.zxid(), txn.bytes())).toList();
    }

    /// A file that says 1 lets this server go on alone (quorum, section 1.4).
    private static Oracle oracle(EnsembleSettings ensemble) {
        Path path = ensemble.oraclePath();
        if (path == null) {
            return Oracle.NONE;
        }
        return () -> {
            try {
                return Files.readString(path).startsWith("1");
            } catch (IOException unreadable) {
                return false;
            }
        };
    }

    private static io.witan.wire.config.@org.jspecify.annotations.Nullable Member memberOf(
            AgreementView view, long sid) {
        EnsembleConfig committed = view.committedConfig();
        var member = committed.member(sid);
        return member != null ? member : view.lastSeenConfig().member(sid);
    }

    /// In the words of the four-letter commands.
    private static String mode(AgreementView view) {
        return switch (view.state()) {
            case LOOKING -> view.isServing() ? "read-only" : "looking";
            case LEADING -> "leader";
            case FOLLOWING -> "follower";
            case OBSERVING -> "observer";
        };
    }

    private EnsembleFigures figures() {
        AgreementView view = member.view();
        return new EnsembleFigures(
                serverId,
                peerState(view),
                view.committedConfig(),
                view.state() == AgreementView.State.LEADING ? leaderFigures(view) : null,
                view.state() == AgreementView.State.OBSERVING ? view.leaderSid() : -1);
    }

    private EnsembleFigures.Leader leaderFigures(AgreementView view) {
        int followers = 0;
        int nonVoting = 0;
        int observers = 0;
        EnsembleConfig config = view.committedConfig();
        for (long sid : view.syncedSids()) {
            if (config.isParticipant(sid)) {
                followers += sid == serverId ? 0 : 1;
            } else if (config.member(sid) == null) {
                nonVoting++;
            } else {
                observers++;
            }
        }
        return new EnsembleFigures.Leader(
                quorumPort.linkCount(),
                followers,
                nonVoting,
                observers,
                view.pendingSyncs(),
                chronicle.servesForMillis(CoreLoop.nowMillis()),
                chronicle.proposalSizes());
    }

    /// As the original names its states and phases.
    private static String peerState(AgreementView view) {
        return switch (view.state()) {
            case LOOKING -> "looking - election";
            case LEADING -> "leading - broadcast";
            case FOLLOWING -> "following - broadcast";
            case OBSERVING -> "observing - broadcast";
        };
    }

    // ---- running

    /// Hands over what a batch has logged.
    private void toDisk() {
        var replica = member.replica();
        // Members wait for this one as well, so that only a lone client is served so: 0041.
        wayToDisk.take(replica == null ? 0 : replica.connectionCount(), false);
    }

    private void afterBatch() {
        if (member.view().isServing()) {
            snapshots.afterBatch();
        }
        long wake = member.wakeAtMillis();
        if (wake < wakeAtMillis) {
            long now = CoreLoop.nowMillis();
            if (wake < now + TICK_MILLIS) {
                wakeAtMillis = wake;
                core.later(1_000 * Math.max(0, wake - now), this::wake);
            }
        }
    }

    private void wake() {
        wakeAtMillis = Long.MAX_VALUE;
        core.enter();
        member.tick();
    }

    private void remind() {
        chronicle.remind(
                member.view().committedConfig().participants(),
                electionPort.connectedSids(),
                CoreLoop.nowMillis());
    }

    /// From the storage thread.
    private void durable(long zxid, int txns, long nanos) {
        core.execute(() -> {
            metrics.syncMillis.add(nanos / 1_000_000);
            metrics.syncBatchTxns.add(txns);
            member.durable(zxid);
        });
    }

    private void failed(Throwable reason) {
        failure.complete(reason);
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public CompletableFuture<Throwable> failure() {
        return failure;
    }

    /// What this member is, from any thread: a look at the core.
    Member member() {
        return member;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (clientPort != null) {
            clientPort.close();
        }
        core.stop();
        core.execute(() -> {
            quorumPort.close();
            electionPort.close();
        });
        storage.close(LOG_PATIENCE_MILLIS);
        core.settle();
        if (clientPort != null) {
            core.execute(clientPort::closeConnections);
            core.settle();
        }
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        snapshots.close();
        if (housekeeping != null) {
            housekeeping.close();
        }
    }
}
