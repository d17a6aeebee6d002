package io.witan.server;

import io.witan.replica.Replica;
import io.witan.replica.member.TreeStream;
import io.witan.server.config.ServerConfig;
import io.witan.server.fourletter.Environment;
import io.witan.server.fourletter.FourLetterWords;
import io.witan.server.log.LogThread;
import io.witan.server.log.Snapshots;
import io.witan.server.metrics.ShellMetrics;
import io.witan.server.net.ClientPort;
import io.witan.server.net.CommandWords;
import io.witan.server.net.CoreLoop;
import io.witan.server.net.RelayedEventLoop;
import io.witan.server.net.Transport;
import io.witan.storage.DataDirectory;
import io.witan.storage.LogWriter;
import io.witan.storage.SnapshotWriter;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// A server that stands alone, running: an ensemble of one. The constructor is its wiring, from the
/// recovered tree to the open port; [#close] undoes it in the other order.
public final class Server implements ServerInstance {

    /// Pause between two slices of a snapshot, so that they take a fraction of the core's time.
    private static final long SNAPSHOT_PAUSE_MICROS = 100;

    /// How often time is told to the core: bounds how late sessions expire beyond their bucket, and
    /// paces the deletion of containers.
    private static final long TICK_MILLIS = 50;

    private static final long LOG_PATIENCE_MILLIS = 10_000;

    private static final long SESSIONLESS_CHECK_MILLIS = 1_000;

    /// A server that stands alone has this id in the ids of its sessions.
    private static final long STANDALONE_SERVER_ID = 1;

    private final RelayedEventLoop loop;
    private final CoreLoop core;
    private final LogThread log;
    private final WayToDisk wayToDisk;
    private final Replica replica;
    private final Snapshots snapshots;
    private final ClientPort port;
    private final InetSocketAddress address;
    private final Housekeeping housekeeping;
    private final ShellMetrics metrics = new ShellMetrics();
    private boolean closed;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    /// @param transport for all its sockets
    /// @param recovered the state on disk, and where it is
    /// @param random seeded at the edge
    /// @param environment what it runs on, for `envi`
    /// @throws PortException if the client port cannot be had
    public Server(
            Transport transport,
            ServerConfig config,
            DataDirectory directory,
            RecoveredTree recovered,
            Environment environment,
            RandomGenerator random) {
        loop = new RelayedEventLoop("witan-core", transport.handlers(), this::failed);
        metrics.databaseLoadMillis.add(recovered.loadMillis());
        metrics.txnsLoaded.add(recovered.files().txnsReplayed());
        metrics.digestMismatches.add(recovered.digestMismatches());
        core = new CoreLoop(loop, this::failed);
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
        wayToDisk = new WayToDisk(core, log.commits());
        replica =
                new Replica(
                        Wiring.replicaSettings(config, STANDALONE_SERVER_ID),
                        Wiring.writeRules(config),
                        recovered.tree(),
                        Wiring.access(config),
                        log,
                        random,
                        CoreLoop.nowMillis());
        snapshots =
                new Snapshots(
                        () -> TreeStream.toDisk(recovered.tree().snapshot()),
                        Wiring.snapshotSchedule(
                                config.storage().snapshots(),
                                log,
                                recovered.files(),
                                recovered.tree()::approximateSnapshotBytes,
                                random),
                        config.storage().snapshots().writeLastZxid(),
                        zxid ->
                                Snapshots.File.of(
                                        new SnapshotWriter(
                                                directory.disk(),
                                                directory.snapshotDirectory(),
                                                zxid,
                                                config.storage().snapshots().compression())),
                        step -> core.later(SNAPSHOT_PAUSE_MICROS, step),
                        core::execute,
                        metrics.snapshotMillis);
        core.start(
                replica, this::toDisk, snapshots::afterBatch, TICK_MILLIS, metrics.coreSliceMicros);
        log.start();
        housekeeping = new Housekeeping(directory, config.storage().purge());
        housekeeping.start();
        port =
                new ClientPort(
                        core,
                        Wiring.socketLimits(config),
                        metrics,
                        p -> words(config, environment, p));
        address = bind(config, transport);
        core.every(SESSIONLESS_CHECK_MILLIS, port::closeSessionless);
    }

    private CommandWords words(
            ServerConfig config, Environment environment, ClientPort clientPort) {
        return new ServerWords(
                new FourLetterWords(config, environment, ZoneId::systemDefault),
                new ReplicaView(
                        () -> replica,
                        () -> "standalone",
                        clientPort,
                        metrics,
                        housekeeping,
                        new ProcessFigures(Path.of("/proc")),
                        null));
    }

    private InetSocketAddress bind(ServerConfig config, Transport transport) {
        try {
            return port.bind(
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

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
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
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        snapshots.close();
        if (housekeeping != null) {
            housekeeping.close();
        }
    }

    Replica replica() {
        return replica;
    }

    ClientPort port() {
        return port;
    }

    Snapshots snapshots() {
        return snapshots;
    }

    /// Hands over what a batch has proposed.
    private void toDisk() {
        wayToDisk.take(replica.connectionCount(), replica.everyClientWaits());
    }

    /// From the log thread.
    private void durable(long zxid, int txns, long nanos) {
        core.execute(() -> {
            metrics.syncMillis.add(nanos / 1_000_000);
            metrics.syncBatchTxns.add(txns);
            replica.committed(zxid);
        });
    }

    private void failed(Throwable reason) {
        failure.complete(reason);
    }
}
