package io.witan.server;

import io.witan.server.config.ConfigReader;
import io.witan.server.fourletter.Environment;
import io.witan.server.net.Transport;
import io.witan.storage.DataDirectory;
import io.witan.storage.Disk;
import io.witan.tree.TreeSettings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A server of this JVM on a port of its own, over any disk. Its data directory is `/data`.
final class RunningServer implements AutoCloseable {

    private final DataDirectory directory;
    private final Server server;

    /// @param scratch where the configuration file is written
    /// @param settings lines of that file besides the port and the directory
    RunningServer(Disk disk, Path scratch, String... settings) throws IOException {
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "dataDir=/data",
                                "clientPort=0",
                                "tickTime=100",
                                // Clients of these tests send no pings, however slow the machine
                                // is.
                                "maxSessionTimeout=600000"));
        lines.addAll(Arrays.asList(settings));
        Path file = scratch.resolve("zoo.cfg");
        Files.write(file, lines);
        var config = new ConfigReader(Map.of()).read(List.of(file.toString())).config();
        var storage = config.storage();
        directory =
                DataDirectory.open(
                        disk, storage.dataDir(), storage.logDir(), storage.createDirectories());
        RecoveredTree recovered =
                RecoveredTree.recover(
                        directory,
                        storage.recovery(),
                        new TreeSettings(false, false, true, 1),
                        storage.snapshots().compression(),
                        storage.snapshots().writeLastZxid(),
                        (path, done, total) -> {});
        server =
                new Server(
                        Transport.best(),
                        config,
                        directory,
                        recovered,
                        environment(),
                        new SplittableRandom(1));
    }

    Server server() {
        return server;
    }

    /// A raw connection without a session.
    WireClient connect() throws IOException {
        return new WireClient(server.address().getPort());
    }

    /// A connection with a session.
    WireClient connectWithSession() throws IOException {
        WireClient client = connect();
        client.openSession(600_000);
        return client;
    }

    @Override
    public void close() {
        server.close();
        directory.close();
    }

    private static Environment environment() {
        return Environment.of(
                "3.9.4-witan-test", "localhost", Map.of(), () -> new long[] {0, 0, 0});
    }
}
