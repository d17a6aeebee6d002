package io.witan.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// One server, of either product, as a real process with a data directory of its own.
///
/// It keeps its port over restarts, so that clients find it again.
public final class ServerProcess implements AutoCloseable {

    /// How long anything that must happen may take before a test gives up on it. Generous, because
    /// it only ever runs out when something is wrong.
    public static final int PATIENCE_SECONDS = 60;

    private static final List<String> JVM_FLAGS =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    /// An Apache server that is asked in the middle of its start may leave the connection open and
    /// never answer.
    private static final int PROBE_MILLIS = 1_000;

    /// Each port is given once: classes run side by side, and some ports are opened late (that for
    /// learners when its server leads) or again.
    private static final Set<Integer> PORTS_GIVEN = ConcurrentHashMap.newKeySet();

    private final Product product;
    private final Path home;
    private final ServerSettings settings;
    private final boolean portIsGiven;
    private int port;
    private int runs;
    private @Nullable Path logFile;
    private @Nullable Process process;

    /// `home` gets the configuration and the logs; the data directory is `home/data`.
    public ServerProcess(Product product, Path home, ServerSettings settings) {
        this(product, home, settings, false, freePort());
    }

    /// A server with a port that others know of. The configuration is written once: the server may
    /// change it, and so may whatever ran in `home` before.
    public ServerProcess(Product product, Path home, ServerSettings settings, int port) {
        this(product, home, settings, true, port);
    }

    private ServerProcess(
            Product product, Path home, ServerSettings settings, boolean portIsGiven, int port) {
        this.product = product;
        this.home = home;
        this.settings = settings;
        this.portIsGiven = portIsGiven;
        this.port = port;
    }

    public Product product() {
        return product;
    }

    public int port() {
        return port;
    }

    public String connectString() {
        return "127.0.0.1:" + port;
    }

    public Path dataDir() {
        return home.resolve("data");
    }

    /// Starts the server and returns once it serves.
    public ServerProcess start() {
        if (!tryStart()) {
            throw new AssertionError(product + " did not start:\n" + log());
        }
        return this;
    }

    /// Starts the server; false if it gave up by itself, in which case [#log()] tells why.
    public boolean tryStart() {
        for (int attempt = 0; attempt < 5; attempt++) {
            launch();
            if (awaitServing()) {
                return true;
            }
            if (portIsGiven || runs > 1 || !log().contains("in use")) {
                return false;
            }
            port = freePort();
            runs = 0;
        }
        return false;
    }

    /// Starts the process without waiting for anything.
    public void launch() {
        if (isAlive()) {
            throw new IllegalStateException(product + " runs already");
        }
        try {
            Files.createDirectories(dataDir());
            Path config = home.resolve("zoo.cfg");
            if (!portIsGiven || !Files.exists(config)) {
                Files.writeString(config, settings.configFile(dataDir().toString(), port), UTF_8);
            }
            runs++;
            logFile = nextLogFile();
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(JVM_FLAGS);
            command.addAll(product.jvmFlags());
            command.addAll(settings.jvmFlags());
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
            command.addAll(List.of(product.mainClass(), config.toString()));
            process =
                    new ProcessBuilder(command)
                            .directory(home.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(logFile.toFile())
                            .start();
            Leftovers.watch(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until the launched process serves clients (true) or has ended (false).
    public boolean awaitServing() {
        long deadline = System.nanoTime() + SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < deadline) {
            if (exited(20)) {
                return false;
            }
            if (answer("srvr", PROBE_MILLIS).contains("Mode: ")) {
                return true;
            }
        }
        throw new AssertionError(product + " neither serves nor ends:\n" + log());
    }

    /// Asks the server to end, as an operator would, and waits until it has.
    public void stop() {
        end(false);
    }

    /// Sends the signal of that name, as a shell or a terminal does, and waits until the process
    /// has ended. Returns its exit code.
    public int stopBySignal(String signal) {
        Process running = signal(signal);
        if (!exited(PATIENCE_SECONDS * 1000)) {
            running.destroyForcibly();
            throw new AssertionError(product + " does not end at SIG" + signal + ":\n" + log());
        }
        process = null;
        return running.exitValue();
    }

    /// Sends the signal of that name and waits for nothing.
    public Process signal(String signal) {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException(product + " was not started");
        }
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(running.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while stopping " + product, e);
        }
        return running;
    }

    /// Whether the process was started so that it ignores a signal: in the background of a shell
    /// without job control, for one. False where the system does not tell.
    public boolean ignoresSignal(int number) {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException(product + " was not started");
        }
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + running.pid() + "/status"))) {
                if (line.startsWith("SigIgn:")) {
                    long ignored = Long.parseUnsignedLong(line.substring(7).strip(), 16);
                    return (ignored >>> (number - 1) & 1) == 1;
                }
            }
            return false;
        } catch (IOException unknown) {
            return false;
        }
    }

    /// `kill -9`.
    public void kill() {
        end(true);
    }

    /// `kill -9` in a while, at whatever the server has come to then.
    public void killAfter(int millis) {
        if (!exited(millis)) {
            kill();
        }
    }

    public void restart() {
        stop();
        start();
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /// What the current or last run has printed.
    public String log() {
        try {
            return logFile == null ? "" : Files.readString(logFile, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The answer to a four-letter word, empty if the server does not answer.
    public String fourLetterWord(String word) {
        return answer(word, PATIENCE_SECONDS * 1000);
    }

    /// The answer to a four-letter word, empty if the server does not answer soon: it starts, or it
    /// has stopped.
    public String probe(String word) {
        return answer(word, PROBE_MILLIS);
    }

    private String answer(String word, int timeoutMillis) {
        try (var socket = new Socket()) {
            socket.connect(address(), timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            socket.getOutputStream().write(word.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /// Each run has its own, whatever ran here before.
    private Path nextLogFile() {
        int number = 1;
        while (Files.exists(logFile(number))) {
            number++;
        }
        return logFile(number);
    }

    private Path logFile(int number) {
        return home.resolve("run-" + number + ".log");
    }

    private void end(boolean forcibly) {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException(product + " was not started");
        }
        if (forcibly) {
            running.destroyForcibly();
        } else {
            running.destroy();
        }
        if (!exited(PATIENCE_SECONDS * 1000)) {
            running.destroyForcibly();
            throw new AssertionError(product + " does not end when asked to:\n" + log());
        }
        process = null;
    }

    private boolean exited(long withinMillis) {
        Process running = process;
        try {
            return running == null || running.waitFor(withinMillis, MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + product, e);
        }
    }

    /// From below the range from which the system serves outgoing connections: nobody gets the port
    /// between two runs.
    public static int freePort() {
        while (true) {
            int candidate = ThreadLocalRandom.current().nextInt(12_000, 30_000);
            if (!PORTS_GIVEN.add(candidate)) {
                continue;
            }
            try (var probe = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException e) {
                // Taken: try another one.
            }
        }
    }

    /// Ends the servers of a test run that is itself ended from outside.
    private static final class Leftovers {

        static void watch(Process process) {
            var hook = new Thread(process::destroyForcibly);
            Runtime.getRuntime().addShutdownHook(hook);
            var _ = process.onExit().thenRun(() -> forget(hook));
        }

        private static void forget(Thread hook) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM is going down, the hook is about to run.
            }
        }
    }
}
