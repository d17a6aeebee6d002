package io.witan.cli.ensemble;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Starts the servers of a [LocalEnsemble], tells what becomes of them, and ends them when this
/// process ends.
final class RunningEnsemble {

    private static final int LOOK_MILLIS = 200;

    /// After that it is said who is missing; the servers go on trying.
    private static final int PATIENCE_MILLIS = 60_000;

    private static final int STOP_MILLIS = 15_000;

    private static final int LOG_LINES_SHOWN = 15;

    private final LocalEnsemble ensemble;
    private final PrintWriter out;

    /// Grows while the servers are started, which a stop from outside may cut short.
    private final List<ServerProcess> processes = new CopyOnWriteArrayList<>();

    /// What each server said last, by its id; null for one that does not serve.
    private final Map<Integer, @Nullable String> modes = new TreeMap<>();

    private final Map<Integer, ServerProcess> ended = new TreeMap<>();
    private final long beganAtNanos = System.nanoTime();
    private boolean announced;
    private boolean complained;
    private volatile boolean stopping;

    RunningEnsemble(LocalEnsemble ensemble, PrintWriter out) {
        this.ensemble = ensemble;
        this.out = out;
    }

    /// Returns when all servers have ended by themselves. Otherwise the process is stopped from
    /// outside, and the servers with it.
    int run() throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "witan-stop"));
        say("Starting %d servers; their data is in %s".formatted(count(), ensemble.data()));
        for (LocalServer server : ensemble.servers()) {
            ServerProcess process = start(server);
            say(
                    "  %s%s  clients %s  learners %d  elections %d  pid %d  log %s"
                            .formatted(
                                    server,
                                    server.observer() ? " (observer)" : "",
                                    server.client(),
                                    server.quorumPort(),
                                    server.electionPort(),
                                    process.pid(),
                                    server.log()));
        }
        while (ended.size() < count()) {
            processes.forEach(this::seeWhetherEnded);
            processes.forEach(this::look);
            if (!announced) {
                if (!ended.isEmpty()) {
                    return notStarted();
                }
                announceIfComplete();
            }
            Thread.sleep(LOOK_MILLIS);
        }
        say("All servers have ended.");
        return 1;
    }

    private synchronized ServerProcess start(LocalServer server) throws IOException {
        if (stopping) {
            throw new IOException("stopped while the servers were being started");
        }
        var process = ServerProcess.start(server);
        processes.add(process);
        return process;
    }

    private int count() {
        return ensemble.servers().size();
    }

    // ---- looking

    private void seeWhetherEnded(ServerProcess process) {
        LocalServer server = process.server();
        if (!process.isAlive() && ended.putIfAbsent(server.sid(), process) == null && announced) {
            say(
                    "  %7s  %s has ended with code %d. To have it back: witan server %s"
                            .formatted(elapsed(), server, process.exitCode(), server.config()));
        }
    }

    private void look(ServerProcess process) {
        LocalServer server = process.server();
        String mode = process.mode();
        String before = modes.put(server.sid(), mode);
        if (!Objects.equals(mode, before)) {
            say("  %7s  %s %s".formatted(elapsed(), server, inWords(mode)));
        }
    }

    private static String inWords(@Nullable String mode) {
        return switch (mode) {
            case null -> "does not serve";
            case "leader" -> "leads";
            case "follower" -> "follows";
            case "observer" -> "observes";
            default -> "is " + mode;
        };
    }

    private String elapsed() {
        return String.format(
                Locale.ROOT, "%.1f s", (System.nanoTime() - beganAtNanos) / 1_000_000_000.0);
    }

    // ---- once it stands

    private void announceIfComplete() {
        List<LocalServer> missing =
                ensemble.servers().stream().filter(s -> modes.get(s.sid()) == null).toList();
        LocalServer leader =
                ensemble.servers().stream()
                        .filter(s -> "leader".equals(modes.get(s.sid())))
                        .findFirst()
                        .orElse(null);
        if (missing.isEmpty() && leader != null) {
            announced = true;
            announce(leader);
        } else if (!complained && System.nanoTime() - beganAtNanos > PATIENCE_MILLIS * 1_000_000L) {
            complained = true;
            say(
                    "Not all servers serve after %d s: %s. Their logs tell why; they go on trying."
                            .formatted(PATIENCE_MILLIS / 1_000, missing));
        }
    }

    private void announce(LocalServer leader) {
        var other =
                ensemble.servers().stream()
                        .filter(s -> !s.equals(leader))
                        .findFirst()
                        .orElse(leader);
        say(
                """

                The ensemble stands after %s: %s leads.

                  clients   %s
                  try       echo srvr | nc %s %d
                            zkCli.sh -server %s
                            kill -9 %d, and see another one lead

                Ctrl-C stops all.
                """
                        .formatted(
                                elapsed(),
                                leader,
                                ensemble.connectString(),
                                LocalServer.ADDRESS,
                                other.clientPort(),
                                ensemble.connectString(),
                                processes.get(leader.sid() - 1).pid()));
    }

    /// One that cannot run makes the whole pointless: most likely all cannot.
    private int notStarted() {
        for (ServerProcess process : ended.values()) {
            say(
                    "%s has ended with code %d. The end of %s:"
                            .formatted(
                                    process.server(), process.exitCode(), process.server().log()));
            process.lastLogLines(LOG_LINES_SHOWN).forEach(line -> say("  | " + line));
        }
        say("The ensemble is not started.");
        return 1;
    }

    // ---- the end

    private synchronized void stop() {
        boolean anyAlive = processes.stream().anyMatch(ServerProcess::isAlive);
        stopping = true;
        processes.forEach(ServerProcess::askToStop);
        try {
            for (ServerProcess process : processes) {
                process.awaitStop(STOP_MILLIS);
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
        if (anyAlive) {
            out.println("All servers are stopped; the data stays in " + ensemble.data());
            out.flush();
        }
    }

    /// Nothing of what happens while it is being stopped is news.
    private void say(String line) {
        if (!stopping) {
            out.println(line);
            out.flush();
        }
    }
}
