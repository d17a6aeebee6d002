package io.witan.server;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.witan.replica.ConnectThrottle;
import io.witan.replica.ContainerSweep;
import io.witan.replica.Replica;
import io.witan.replica.ReplicaSettings;
import io.witan.replica.auth.Access;
import io.witan.replica.auth.AuthProvider;
import io.witan.replica.auth.DigestProvider;
import io.witan.replica.auth.IpProvider;
import io.witan.replica.write.WriteRules;
import io.witan.server.config.LimitsConfig;
import io.witan.server.config.ServerConfig;
import io.witan.server.config.StorageConfig;
import io.witan.server.fourletter.Environment;
import io.witan.server.fourletter.FourLetterWords;
import io.witan.server.log.LogThread;
import io.witan.server.log.Snapshots;
import io.witan.server.metrics.ShellMetrics;
import io.witan.server.net.ClientPort;
import io.witan.server.net.CommandWords;
import io.witan.server.net.CoreLoop;
import io.witan.server.net.SocketLimits;
import io.witan.storage.DataDirectory;
import io.witan.storage.LogWriter;
import io.witan.storage.SnapshotWriter;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// A server that stands alone, running: an ensemble of one. The constructor is its wiring, from the
/// recovered tree to the open port; [#close] undoes it in the other order.
public final class Server implements AutoCloseable {

    /// Requests in progress may hold this much memory before connections are not read from any
    /// more.
    private static final long OUTSTANDING_BYTES_MAX = 64L << 20;

    /// Watches may take this share of the heap, one part in so many; a million on usual paths is
    /// less than a hundred megabytes. More would be an accident or an attack, and end the server.
    private static final long WATCHES_SHARE_OF_HEAP = 4;

    /// Pause between two slices of a snapshot, so that they take a fraction of the core's time.
    private static final long SNAPSHOT_PAUSE_MICROS = 100;

    /// How often time is told to the core: bounds how late sessions expire beyond their bucket, and
    /// paces the deletion of containers.
    private static final long TICK_MILLIS = 50;

    private static final long LOG_PATIENCE_MILLIS = 10_000;

    private static final long SESSIONLESS_CHECK_MILLIS = 1_000;

    /// A server that stands alone has this id in the ids of its sessions.
    private static final long STANDALONE_SERVER_ID = 1;

    private final EventLoopGroup group;
    private final CoreLoop core;
    private final LogThread log;
    private final Snapshots snapshots;
    private final ClientPort port;
    private final InetSocketAddress address;
    private final Housekeeping housekeeping;
    private final ShellMetrics metrics = new ShellMetrics();
    private boolean closed;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    /// @param recovered the state on disk, and where it is
    /// @param random seeded at the edge
    /// @param environment what it runs on, for `envi`
    /// @throws PortException if the client port cannot be had
    public Server(
            ServerConfig config,
            DataDirectory directory,
            RecoveredTree recovered,
            Environment environment,
            RandomGenerator random) {
        boolean epoll = Epoll.isAvailable();
        group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("witan-core"),
                        epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        metrics.databaseLoadMillis.add(recovered.loadMillis());
        metrics.txnsLoaded.add(recovered.files().txnsReplayed());
        metrics.digestMismatches.add(recovered.digestMismatches());
        core = new CoreLoop(group.next(), this::failed);
        log =
                new LogThread(
                        new LogWriter(
                                directory.disk(),
                                directory.logDirectory(),
                                config.storage().log(),
                                new LogReport(),
                                recovered.tree().lastZxid()),
                        this::durable,
                        this::failed);
        var replica =
                new Replica(
                        replicaSettings(config),
                        writeRules(config),
                        recovered.tree(),
                        access(config),
                        log,
                        random,
                        CoreLoop.nowMillis());
        snapshots =
                new Snapshots(
                        recovered.tree(),
                        log,
                        snapshotPolicy(config.storage().snapshots()),
                        random,
                        zxid ->
                                new SnapshotWriter(
                                        directory.disk(),
                                        directory.snapshotDirectory(),
                                        zxid,
                                        config.storage().snapshots().compression()),
                        step -> core.later(SNAPSHOT_PAUSE_MICROS, step),
                        core::execute,
                        metrics.snapshotMillis);
        core.start(replica, log, snapshots::afterBatch, TICK_MILLIS);
        log.start();
        housekeeping = new Housekeeping(directory, config.storage().purge());
        housekeeping.start();
        port =
                new ClientPort(
                        core,
                        socketLimits(config),
                        metrics,
                        p -> words(config, environment, replica, p));
        address = bind(config, epoll);
        core.every(SESSIONLESS_CHECK_MILLIS, port::closeSessionless);
    }

    private CommandWords words(
            ServerConfig config, Environment environment, Replica replica, ClientPort clientPort) {
        return new ServerWords(
                new FourLetterWords(config, environment, ZoneId.systemDefault()),
                new StandaloneView(
                        replica,
                        clientPort,
                        metrics,
                        housekeeping,
                        new ProcessFigures(Path.of("/proc/self"))));
    }

    private InetSocketAddress bind(ServerConfig config, boolean epoll) {
        Class<? extends ServerChannel> type =
                epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        try {
            return port.bind(
                    group,
                    type,
                    config.clientPort().address(),
                    config.clientPort().backlogConnections(),
                    config.clientPort().tcpKeepAlive());
        } catch (BindException taken) {
            close();
            throw PortException.of(config.clientPort().address(), taken);
        }
    }

    /// The address that clients connect to.
    public InetSocketAddress address() {
        return address;
    }

    /// Completes with the reason if the server cannot go on. It must be closed then.
    public CompletableFuture<Throwable> failure() {
        return failure;
    }

    /// Stops: takes no more from clients, makes durable and answers what they have asked, closes
    /// connections and files. A disk that does not answer is not waited for longer than
    /// [#LOG_PATIENCE_MILLIS]; nothing that it has not got was acknowledged. From any thread but
    /// the server's own. May be called again.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (port != null) {
            port.close();
        }
        core.stop();
        log.close(LOG_PATIENCE_MILLIS);
        // What became durable last is an event, and its answers leave at the end of its batch.
        core.settle();
        if (port != null) {
            core.execute(port::closeConnections);
            core.settle();
        }
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        snapshots.close();
        if (housekeeping != null) {
            housekeeping.close();
        }
    }

    Replica replica() {
        return core.replica();
    }

    ClientPort port() {
        return port;
    }

    Snapshots snapshots() {
        return snapshots;
    }

    /// From the log thread.
    private void durable(long zxid, int txns, long nanos) {
        core.execute(() -> {
            metrics.syncMillis.add(nanos / 1_000_000);
            metrics.syncBatchTxns.add(txns);
            core.replica().committed(zxid);
        });
    }

    private void failed(Throwable reason) {
        failure.complete(reason);
    }

    // ---- settings for the parts

    private static ReplicaSettings replicaSettings(ServerConfig config) {
        LimitsConfig limits = config.limits();
        var containers = config.tree().containers();
        return new ReplicaSettings(
                STANDALONE_SERVER_ID,
                config.sessions().tickTimeMillis(),
                config.sessions().timeoutMillisMin(),
                config.sessions().timeoutMillisMax(),
                // Local sessions exist in ensembles only (client-and-disk, section 10.4).
                false,
                false,
                limits.requests().outstandingMax(),
                OUTSTANDING_BYTES_MAX,
                limits.requests().largeThresholdBytes(),
                limits.requests().largeTotalBytesMax(),
                limits.frames().fieldBytesMax(),
                Runtime.getRuntime().maxMemory() / WATCHES_SHARE_OF_HEAP,
                config.auth().requiredSchemes(),
                connectThrottle(limits.connectionThrottle()),
                new ContainerSweep.Settings(
                        containers.checkIntervalMillis(),
                        containers.deletionsPerMinuteMax(),
                        containers.neverUsedMillisMax()));
    }

    private static ConnectThrottle.Settings connectThrottle(LimitsConfig.ConnectionThrottle t) {
        return new ConnectThrottle.Settings(
                t.tokens(),
                t.fillTimeMillis(),
                t.fillCount(),
                t.freezeTimeMillis(),
                t.dropIncrease(),
                t.dropDecrease(),
                t.decreaseRatio(),
                t.weighted(),
                t.globalSessionTokens(),
                t.renewalTokens(),
                t.localSessionTokens());
    }

    private static WriteRules writeRules(ServerConfig config) {
        return new WriteRules(
                config.tree().enforceQuota(), config.tree().closeSessionTxnEnabled(), false);
    }

    private static Access access(ServerConfig config) {
        List<AuthProvider> providers = new ArrayList<>();
        providers.add(new IpProvider());
        var digest = config.auth().digest();
        if (digest.enabled()) {
            providers.add(new DigestProvider(digest.algorithm(), digest.superDigest()));
        }
        return new Access(config.auth().skipAcl(), providers);
    }

    private static SocketLimits socketLimits(ServerConfig config) {
        LimitsConfig limits = config.limits();
        return new SocketLimits(
                limits.frames().bytesMax(),
                limits.requests().unsentReplyBytesMax(),
                limits.connections().perAddressMax(),
                limits.connections().totalMax(),
                (int) config.clientPort().sessionlessTimeoutMillis());
    }

    private static Snapshots.Policy snapshotPolicy(StorageConfig.Snapshots snapshots) {
        return new Snapshots.Policy(
                snapshots.txnsMax(), snapshots.logBytesMax(), snapshots.writeLastZxid());
    }
}
