package io.witan.benchmarks.subject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Map;

/// The directory of one server, and the client port that it serves: what stays when its process
/// ends and another takes over.
///
/// ```
/// zoo.cfg
/// data/          the server's own: logs, snapshots, myid
/// server.log     what it said
/// ```
record ServerHome(Path directory, InetSocketAddress address) {

    private static final int LOG_LINES_SHOWN = 15;

    static ServerHome create(
            Path parent, String name, InetSocketAddress address, Map<String, String> settings)
            throws IOException {
        Files.createDirectories(parent);
        var home = new ServerHome(Files.createTempDirectory(parent, name + "-"), address);
        var text = new StringBuilder();
        text.append("dataDir=").append(home.data()).append('\n');
        text.append("clientPort=").append(address.getPort()).append('\n');
        settings.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        Files.createDirectories(home.data());
        Files.writeString(home.configuration(), text);
        return home;
    }

    /// Changes a setting for the next process: the last line of a key counts.
    void set(String key, String value) throws IOException {
        Files.writeString(configuration(), key + "=" + value + "\n", StandardOpenOption.APPEND);
    }

    /// Says which of an ensemble's servers this is.
    void writeId(int id) throws IOException {
        Files.writeString(data().resolve("myid"), id + "\n");
    }

    Path configuration() {
        return directory.resolve("zoo.cfg");
    }

    Path data() {
        return directory.resolve("data");
    }

    Path log() {
        return directory.resolve("server.log");
    }

    String lastLines() {
        try {
            var lines = Files.readAllLines(log());
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove() {
        if (!Files.exists(directory)) {
            return;
        }
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + directory, e);
        }
    }
}
