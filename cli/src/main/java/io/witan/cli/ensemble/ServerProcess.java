package io.witan.cli.ensemble;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A [LocalServer] in a process of its own.
final class ServerProcess {

    private static final int ANSWER_MILLIS = 1_000;

    private final LocalServer server;
    private final Process process;

    private ServerProcess(LocalServer server, Process process) {
        this.server = server;
        this.process = process;
    }

    static ServerProcess start(LocalServer server) throws IOException {
        List<String> command = command();
        command.add(server.config().toString());
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(server.log().toFile()))
                        .start();
        process.getOutputStream().close();
        return new ServerProcess(server, process);
    }

    /// By the launcher where that has started this process, so that servers get the same JVM flags
    /// as any other; else by this JVM's own means.
    private static List<String> command() {
        String home = System.getProperty("witan.home");
        if (home != null) {
            return new ArrayList<>(List.of(Path.of(home, "witan").toString(), "server"));
        }
        return new ArrayList<>(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.witan.cli.Main",
                        "server"));
    }

    LocalServer server() {
        return server;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    /// What it says of itself: leader, follower or observer; null while it does not serve.
    @Nullable String mode() {
        try (var socket = new Socket()) {
            socket.connect(Ports.address(server.clientPort()), ANSWER_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring("Mode: ".length()))
                    .findFirst()
                    .orElse(null);
        } catch (IOException notYet) {
            return null;
        }
    }

    List<String> lastLogLines(int count) {
        try {
            List<String> lines = Files.readAllLines(server.log());
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException unreadable) {
            return List.of("(its log cannot be read: " + unreadable.getMessage() + ")");
        }
    }

    /// As SIGTERM does: the server ends when its log is on disk.
    void askToStop() {
        process.destroy();
    }

    /// Ends it one way or the other.
    void awaitStop(int millisMax) throws InterruptedException {
        if (!process.waitFor(millisMax, TimeUnit.MILLISECONDS)) {
            kill();
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
