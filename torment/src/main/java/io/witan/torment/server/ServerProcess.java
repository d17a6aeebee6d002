package io.witan.torment.server;

import io.witan.torment.lan.Lan;
import io.witan.torment.lan.Shell;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One server: its home directory over all its runs, and the process of the present one.
///
/// ```
///   home/zoo.cfg
///   home/data/          its disk; in namespaces of our own a file system of its own
///   home/run-3.log      what it printed in its third run
/// ```
///
/// One thread at a time.
public final class ServerProcess {

    private static final List<String> JVM_FLAGS =
            List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

    private static final String FILLER = "filler";
    private static final int LOG_LINES_SHOWN = 12;

    private final long sid;
    private final Product product;
    private final Lan lan;
    private final Path home;
    private final List<String> arguments;

    private int runs;
    private @Nullable Process process;

    ServerProcess(long sid, Product product, Lan lan, Path home, ClassPaths programs) {
        this.sid = sid;
        this.product = product;
        this.lan = lan;
        this.home = home;
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        command.add("-Dznode.container.checkIntervalMs=3000");
        command.addAll(programs.arguments(product));
        command.add(home.resolve("zoo.cfg").toString());
        this.arguments = lan.on(sid, command);
    }

    public long sid() {
        return sid;
    }

    public Product product() {
        return product;
    }

    public Path home() {
        return home;
    }

    public Path dataDirectory() {
        return home.resolve("data");
    }

    /// How often it was started.
    public int runs() {
        return runs;
    }

    public void start() {
        if (isAlive()) {
            throw new IllegalStateException("server " + sid + " runs already");
        }
        runs++;
        try {
            process =
                    new ProcessBuilder(arguments)
                            .directory(home.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(logFile().toFile())
                            .start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isAlive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /// How the last run ended; null while it runs.
    public @Nullable Integer exitCode() {
        Process last = process;
        return last == null || last.isAlive() ? null : last.exitValue();
    }

    /// `kill -9`, also of a frozen process.
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            await(running, 60);
        }
    }

    /// SIGTERM, as init systems do; `kill -9` if that takes too long.
    public void terminate() {
        Process running = process;
        if (running != null) {
            running.destroy();
            if (!await(running, 10)) {
                kill();
            }
        }
    }

    private static boolean await(Process process, int seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a server ends", e);
        }
    }

    public void freeze() {
        signal("STOP");
    }

    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        Process running = process;
        if (running != null && running.isAlive()) {
            // It may end at this very moment; then the signal does no harm.
            Shell.run("kill -" + name + " " + running.pid());
        }
    }

    /// Takes all that is left of its disk, but some bytes.
    public void fillDisk(int bytesLeft) {
        Shell.run(
                "dd if=/dev/zero of=%1$s bs=64k 2>/dev/null || true; truncate -s -%2$d %1$s"
                        .formatted(dataDirectory().resolve(FILLER), bytesLeft));
    }

    public void freeDisk() {
        try {
            Files.deleteIfExists(dataDirectory().resolve(FILLER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path logFile() {
        return home.resolve("run-" + runs + ".log");
    }

    /// What the present or last run has printed, its end.
    public String lastWords() {
        try {
            List<String> lines = Files.readAllLines(logFile(), StandardCharsets.UTF_8);
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    /// The answer to a four-letter word; empty if there is none.
    public String ask(String word) {
        return FourLetterWord.ask(lan.clientAddress(sid), word);
    }
}
