package io.witan.server;

import io.witan.server.config.ConfigReader;
import io.witan.server.config.EnsembleSettings;
import io.witan.server.config.ServerConfig;
import io.witan.server.fourletter.Environment;
import io.witan.server.net.Transport;
import io.witan.storage.DataDirectory;
import io.witan.storage.Disk;
import io.witan.storage.EnsembleStore;
import io.witan.storage.EnsembleStoreSettings;
import io.witan.tree.TreeSettings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/// The only member of an ensemble, in this JVM, on ports of its own and over any disk.
final class RunningMember implements AutoCloseable {

    private static final int RECENT_TXNS_MAX = 500;
    private static final long RECENT_BYTES_MAX = 1 << 20;

    private final DataDirectory directory;
    private final EnsembleServer server;

    /// @param scratch where the configuration is written
    RunningMember(Disk disk, Path scratch) throws IOException {
        Path data = Files.createDirectories(scratch.resolve("data"));
        Files.writeString(data.resolve("myid"), "1");
        Path file = scratch.resolve("zoo.cfg");
        Files.write(
                file,
                List.of(
                        "dataDir=" + data,
                        "tickTime=100",
                        "initLimit=600",
                        "syncLimit=600",
                        "standaloneEnabled=false",
                        "4lw.commands.whitelist=srvr",
                        "maxSessionTimeout=600000",
                        "clientPort=0",
                        "server.1=%s:%d:%d"
                                .formatted(
                                        InetAddress.getLoopbackAddress().getHostAddress(),
                                        freePort(),
                                        freePort())));
        ServerConfig config = new ConfigReader(Map.of()).read(List.of(file.toString())).config();
        EnsembleSettings ensemble = Objects.requireNonNull(config.ensemble());
        var storage = config.storage();
        directory = DataDirectory.open(disk, storage.dataDir(), storage.logDir(), true);
        var store =
                new EnsembleStore(
                        directory,
                        new EnsembleStoreSettings(
                                storage.recovery(),
                                storage.log(),
                                storage.snapshots().compression(),
                                RECENT_TXNS_MAX,
                                RECENT_BYTES_MAX,
                                false),
                        new LogReport());
        server =
                new EnsembleServer(
                        Transport.best(),
                        config,
                        ensemble,
                        directory,
                        store,
                        RecoveredTree.recover(
                                store,
                                new TreeSettings(false, false, true, 1),
                                storage.snapshots().writeLastZxid(),
                                (path, done, total) -> {}),
                        Environment.of(
                                "3.9.4-witan-test",
                                "localhost",
                                Map.of(),
                                () -> new long[] {0, 0, 0}),
                        new SplittableRandom(1));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    ServerInstance server() {
        return server;
    }

    /// A connection with a session; waits until the member serves.
    WireClient connectWithSession() throws IOException {
        int port = server.address().getPort();
        while (!WireClient.ask(port, "srvr").contains("Mode: leader")) {
            Thread.onSpinWait();
        }
        var client = new WireClient(port);
        client.openSession(600_000);
        return client;
    }

    @Override
    public void close() {
        server.close();
        directory.close();
    }
}
