package io.witan.benchmarks.subject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// One running server with a directory of its own, which goes away with it.
public final class ServerProcess implements AutoCloseable {

    private static final Duration START_MAX = Duration.ofMinutes(2);
    private static final Duration STOP_MAX = Duration.ofSeconds(30);
    private static final Duration POLL_PAUSE = Duration.ofMillis(2);
    private static final int LOG_LINES_SHOWN = 15;

    private final Subject subject;
    private final Process process;
    private final Path directory;
    private final InetSocketAddress address;
    private final Duration timeToFirstRead;
    private final Thread killOnExit;

    private ServerProcess(
            Subject subject,
            Process process,
            Path directory,
            InetSocketAddress address,
            Duration timeToFirstRead,
            Thread killOnExit) {
        this.subject = subject;
        this.process = process;
        this.directory = directory;
        this.address = address;
        this.timeToFirstRead = timeToFirstRead;
        this.killOnExit = killOnExit;
    }

    /// The configuration that every measured server gets, but for its port and directory. Limits
    /// that only protect a server from its clients are lifted; everything else is as it comes.
    public static Map<String, String> baseConfiguration() {
        var configuration = new LinkedHashMap<String, String>();
        configuration.put("tickTime", "2000");
        configuration.put("clientPortAddress", "127.0.0.1");
        configuration.put("maxClientCnxns", "0");
        configuration.put("maxSessionTimeout", "600000");
        configuration.put("admin.enableServer", "false");
        return configuration;
    }

    /// Starts a server in a new directory below `parent` and waits until it has answered a read.
    public static ServerProcess start(
            Subject subject, Path parent, JvmFlags flags, Map<String, String> settings) {
        try {
            Files.createDirectories(parent);
            var directory = Files.createTempDirectory(parent, subject.name() + "-");
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
            var config = writeConfiguration(directory, address.getPort(), settings);
            var builder = new ProcessBuilder(subject.command(config, flags));
            for (var variable : subject.environment(flags)) {
                var equals = variable.indexOf('=');
                builder.environment()
                        .put(variable.substring(0, equals), variable.substring(equals + 1));
            }
            builder.redirectErrorStream(true);
            builder.redirectOutput(log(directory).toFile());
            var begin = System.nanoTime();
            var process = builder.start();
            var killOnExit = new Thread(() -> killAndRemove(process, directory));
            Runtime.getRuntime().addShutdownHook(killOnExit);
            var timeToFirstRead = awaitFirstRead(subject, process, directory, address, begin);
            return new ServerProcess(
                    subject, process, directory, address, timeToFirstRead, killOnExit);
        } catch (IOException e) {
            throw new SetupException(
                    "cannot start %s: %s".formatted(subject.name(), e.getMessage()), e);
        }
    }

    public Subject subject() {
        return subject;
    }

    public InetSocketAddress address() {
        return address;
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /// From the start of the process to the answer of the first read on a fresh connection.
    public Duration timeToFirstRead() {
        return timeToFirstRead;
    }

    /// Where the server keeps its log and its snapshots.
    public Path files() {
        return data(directory).resolve("version-2");
    }

    /// Stops the server and removes its directory.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        removeDirectory(directory);
        try {
            Runtime.getRuntime().removeShutdownHook(killOnExit);
        } catch (IllegalStateException _) {
            // This JVM is ending, and the hook does the same.
        }
    }

    /// What the server said last.
    public String lastLines() {
        try {
            return lastLines(log(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Somebody pressed Ctrl-C: leave neither a server nor gigabytes behind.
    private static void killAndRemove(Process process, Path directory) {
        process.destroyForcibly();
        process.onExit().join();
        removeDirectory(directory);
    }

    private static Path data(Path directory) {
        return directory.resolve("data");
    }

    private static Path log(Path directory) {
        return directory.resolve("server.log");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path writeConfiguration(Path directory, int port, Map<String, String> settings)
            throws IOException {
        var text = new StringBuilder();
        text.append("dataDir=").append(data(directory)).append('\n');
        text.append("clientPort=").append(port).append('\n');
        settings.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        Files.createDirectories(data(directory));
        return Files.writeString(directory.resolve("zoo.cfg"), text);
    }

    /// Returns how long after `begin` the first read was answered.
    private static Duration awaitFirstRead(
            Subject subject, Process process, Path directory, InetSocketAddress address, long begin)
            throws IOException {
        try (var firstRead = new FirstRead(address)) {
            while (true) {
                var answered = firstRead.nanosIfAnswered();
                if (answered.isPresent()) {
                    return Duration.ofNanos(answered.getAsLong() - begin);
                }
                var waited = Duration.ofNanos(System.nanoTime() - begin);
                if (!process.isAlive() || waited.compareTo(START_MAX) > 0) {
                    var what =
                            process.isAlive()
                                    ? "does not serve after " + waited.toSeconds() + " s"
                                    : "ended before it served";
                    process.destroyForcibly();
                    throw new SetupException(
                            "%s %s. Its last lines, from %s:%n%s"
                                    .formatted(
                                            subject.name(),
                                            what,
                                            log(directory),
                                            lastLines(log(directory))));
                }
                LockSupport.parkNanos(POLL_PAUSE.toNanos());
            }
        }
    }

    private static String lastLines(Path file) throws IOException {
        var lines = Files.readAllLines(file);
        return String.join(
                "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
    }

    private static void removeDirectory(Path directory) {
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
