package io.witan.benchmarks.subject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// One running server.
public final class ServerProcess implements AutoCloseable {

    private static final Duration START_MAX = Duration.ofMinutes(2);
    private static final Duration STOP_MAX = Duration.ofSeconds(30);
    private static final Duration POLL_PAUSE = Duration.ofMillis(2);
    private static final Duration UNCHANGED = Duration.ofSeconds(2);
    private static final Duration UNCHANGED_WAIT_MAX = Duration.ofMinutes(1);

    /// Exit values: of its own accord after the signal, by SIGTERM, and by SIGKILL.
    private static final Set<Integer> TOLD_TO_END = Set.of(0, 128 + 15, 128 + 9);

    private final Subject subject;
    private final ServerHome home;
    private final Process process;
    private final long startNanos;
    private final Thread killOnExit;

    private Duration timeToFirstRead = Duration.ZERO;
    private boolean toldToEnd;
    private Optional<String> lastWords = Optional.empty();

    private ServerProcess(Subject subject, ServerHome home, Process process, long startNanos) {
        this.subject = subject;
        this.home = home;
        this.process = process;
        this.startNanos = startNanos;
        killOnExit = new Thread(this::killAndRemove);
        Runtime.getRuntime().addShutdownHook(killOnExit);
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
        configuration.put("4lw.commands.whitelist", "srvr,mntr,srst");
        return configuration;
    }

    /// Starts a server of its own in a new directory below `parent`, which goes away with it, and
    /// waits until it has answered a read.
    public static ServerProcess start(
            Subject subject, Path parent, JvmFlags flags, Map<String, String> settings) {
        try {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
            var server =
                    launch(
                            subject,
                            ServerHome.create(parent, subject.name(), address, settings),
                            flags);
            server.awaitFirstRead();
            return server;
        } catch (IOException e) {
            throw cannotStart(subject, e);
        }
    }

    /// Starts the server of a directory, and does not wait for it.
    static ServerProcess launch(Subject subject, ServerHome home, JvmFlags flags) {
        var builder = new ProcessBuilder(subject.command(home.configuration(), flags));
        for (var variable : subject.environment(flags)) {
            var equals = variable.indexOf('=');
            builder.environment()
                    .put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(home.log().toFile()));
        var begin = System.nanoTime();
        try {
            return new ServerProcess(subject, home, builder.start(), begin);
        } catch (IOException e) {
            throw cannotStart(subject, e);
        }
    }

    static SetupException cannotStart(Subject subject, IOException e) {
        return new SetupException(
                "cannot start %s: %s".formatted(subject.name(), e.getMessage()), e);
    }

    public Subject subject() {
        return subject;
    }

    public InetSocketAddress address() {
        return home.address();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /// From the start of the process to the answer of the first read on a fresh connection.
    public Duration timeToFirstRead() {
        return timeToFirstRead;
    }

    long startNanos() {
        return startNanos;
    }

    long firstReadNanos() {
        return startNanos + timeToFirstRead.toNanos();
    }

    /// Has it start its figures anew.
    public void resetFigures() {
        PlainText.ask(address(), "srst");
    }

    /// A figure of `mntr`; empty if it has none of that name.
    public OptionalDouble figure(String name) {
        return PlainText.ask(address(), "mntr")
                .flatMap(answer -> PlainText.value(answer, name + "\t"))
                .map(value -> OptionalDouble.of(Double.parseDouble(value)))
                .orElse(OptionalDouble.empty());
    }

    /// Where the server keeps its log and its snapshots.
    public Path files() {
        return home.data().resolve("version-2");
    }

    /// Waits until a snapshot that was begun is complete: until no file of the data directory has
    /// come, gone or grown for two seconds.
    public void awaitUnchangedFiles() {
        var giveUp = System.nanoTime() + UNCHANGED_WAIT_MAX.toNanos();
        var since = System.nanoTime();
        var before = fileSizes();
        while (System.nanoTime() - since < UNCHANGED.toNanos() && System.nanoTime() < giveUp) {
            LockSupport.parkNanos(100_000_000);
            var now = fileSizes();
            if (!now.equals(before)) {
                since = System.nanoTime();
                before = now;
            }
        }
    }

    private Map<Path, Long> fileSizes() {
        var sizes = new TreeMap<Path, Long>();
        try (var files = Files.walk(files())) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                sizes.put(file, Files.size(file));
            }
        } catch (IOException | UncheckedIOException goneMeanwhile) {
            sizes.put(files(), System.nanoTime());
        }
        return sizes;
    }

    ServerHome home() {
        return home;
    }

    /// Stops the server and removes its directory. Of a server that has ended by itself its
    /// [#lastWords] stay.
    @Override
    public void close() {
        stop();
        home.remove();
    }

    /// Asks the process to end, and waits until it has; the directory stays.
    void stop() {
        var endedBefore = !process.isAlive() && !toldToEnd;
        toldToEnd = true;
        process.destroy();
        end();
        if (process.isAlive()) {
            // Somebody interrupted the wait for its end.
            return;
        }
        if (endedBefore || !TOLD_TO_END.contains(process.exitValue())) {
            lastWords =
                    Optional.of(
                            "%s ended by itself with %d. Its last lines:%n%s"
                                    .formatted(subject.name(), process.exitValue(), lastLines()));
        }
    }

    /// What a server said last that ended by itself and was closed since.
    public Optional<String> lastWords() {
        return lastWords;
    }

    /// Ends the process with SIGKILL, as a crash would.
    void kill() {
        toldToEnd = true;
        process.destroyForcibly();
    }

    /// Stands still the process and all its threads, which keeps its sockets open.
    void suspend() {
        signal("STOP");
    }

    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new SetupException("cannot run kill: " + e.getMessage(), e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until the process has ended.
    void end() {
        try {
            if (!process.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(killOnExit);
        } catch (IllegalStateException _) {
            // This JVM is ending, and the hook does the same.
        }
    }

    /// What the server said last.
    public String lastLines() {
        return home.lastLines();
    }

    /// Somebody pressed Ctrl-C: leave neither a server nor gigabytes behind.
    private void killAndRemove() {
        process.destroyForcibly();
        process.onExit().join();
        home.remove();
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Waits until the server has answered a read, and remembers how long after its start that was.
    void awaitFirstRead() {
        var begin = System.nanoTime();
        try (var firstRead = new FirstRead(address())) {
            while (true) {
                var answered = firstRead.nanosIfAnswered();
                if (answered.isPresent()) {
                    timeToFirstRead = Duration.ofNanos(answered.getAsLong() - startNanos);
                    return;
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
                                    .formatted(subject.name(), what, home.log(), lastLines()));
                }
                LockSupport.parkNanos(POLL_PAUSE.toNanos());
            }
        }
    }
}
