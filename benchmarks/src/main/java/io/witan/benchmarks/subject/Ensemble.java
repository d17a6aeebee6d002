package io.witan.benchmarks.subject;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// One or more servers of one product, each a process in a directory of its own below `parent`. One
/// is a standalone server; several are an ensemble over the loopback interface.
public final class Ensemble implements AutoCloseable {

    /// One for each that is given to it.
    private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);

    private static final Duration LEADER_MAX = Duration.ofMinutes(2);
    private static final Duration POLL_PAUSE = Duration.ofMillis(5);

    private final JvmFlags flags;

    /// In the order of their ids, which count from one.
    private final List<ServerProcess> servers;

    private Ensemble(JvmFlags flags, List<ServerProcess> servers) {
        this.flags = flags;
        this.servers = servers;
    }

    /// Starts all servers and waits until each of them has answered a read.
    public static Ensemble start(
            Subject subject, Path parent, int size, JvmFlags flags, Map<String, String> settings) {
        if (size == 1) {
            var server = ServerProcess.start(subject, parent, flags, settings);
            return new Ensemble(flags, new ArrayList<>(List.of(server)));
        }
        var servers = new ArrayList<ServerProcess>();
        var ensemble = new Ensemble(flags, servers);
        try {
            for (var home : homes(subject, parent, size, settings)) {
                servers.add(ServerProcess.launch(subject, home, flags));
            }
            awaitFirstReads(servers);
            return ensemble;
        } catch (IOException e) {
            ensemble.close();
            throw ServerProcess.cannotStart(subject, e);
        } catch (RuntimeException e) {
            ensemble.close();
            throw e;
        }
    }

    /// Of all of them at the same time: each remembers how long it took.
    private static void awaitFirstReads(List<ServerProcess> servers) {
        var waits =
                servers.stream()
                        .map(server -> CompletableFuture.runAsync(server::awaitFirstRead, THREADS))
                        .toList();
        try {
            waits.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw e.getCause() instanceof SetupException cause ? cause : e;
        }
    }

    private static List<ServerHome> homes(
            Subject subject, Path parent, int size, Map<String, String> settings)
            throws IOException {
        var ports = freePorts(3 * size);
        var all = new LinkedHashMap<>(settings);
        all.put("initLimit", "10");
        all.put("syncLimit", "5");
        for (var i = 0; i < size; i++) {
            all.put(
                    "server." + (i + 1),
                    "127.0.0.1:%d:%d".formatted(ports.get(3 * i), ports.get(3 * i + 1)));
        }
        var homes = new ArrayList<ServerHome>();
        for (var i = 0; i < size; i++) {
            var address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(3 * i + 2));
            var home = ServerHome.create(parent, subject.name(), address, all);
            home.writeId(i + 1);
            homes.add(home);
        }
        return homes;
    }

    /// All of them are open at the same time, so no two are the same.
    private static List<Integer> freePorts(int count) throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        try {
            for (var i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    public String name() {
        return servers.getFirst().subject().name();
    }

    public int size() {
        return servers.size();
    }

    public List<ServerProcess> servers() {
        return List.copyOf(servers);
    }

    public List<ProcessHandle> handles() {
        return servers.stream().map(ServerProcess::handle).toList();
    }

    public List<InetSocketAddress> addresses() {
        return servers.stream().map(ServerProcess::address).toList();
    }

    /// The leader's address last, so that a single client is a follower's in every ensemble.
    public List<InetSocketAddress> addressesLeaderLast() {
        var addresses = new ArrayList<>(addresses());
        if (size() > 1) {
            addresses.add(addresses.remove(awaitLeader()));
        }
        return addresses;
    }

    /// The index of the server that says it leads, once there is one.
    public int awaitLeader() {
        var begin = System.nanoTime();
        while (System.nanoTime() - begin < LEADER_MAX.toNanos()) {
            var leader =
                    IntStream.range(0, size()).filter(i -> mode(i).equals("leader")).findFirst();
            if (leader.isPresent()) {
                return leader.getAsInt();
            }
            LockSupport.parkNanos(POLL_PAUSE.toNanos());
        }
        throw new SetupException(
                "no server of %s says that it leads, after %d s"
                        .formatted(name(), LEADER_MAX.toSeconds()));
    }

    /// Waits until a server serves clients, as whatever it is.
    public void awaitServing(int server) {
        servers.get(server).awaitFirstRead();
    }

    /// What `srvr` answers as the server's mode; empty if it answers nothing.
    private String mode(int server) {
        return PlainText.ask(servers.get(server).address(), "srvr")
                .flatMap(answer -> PlainText.value(answer, "Mode: "))
                .orElse("");
    }

    /// Ends the process with SIGKILL; returns when the kernel has been told.
    public void kill(int server) {
        servers.get(server).kill();
    }

    /// Stands still a server, whose sockets stay open.
    public void suspend(int server) {
        servers.get(server).suspend();
    }

    public void resume(int server) {
        servers.get(server).resume();
    }

    /// Asks a server to end and waits until it has.
    public void stop(int server) {
        servers.get(server).stop();
    }

    /// Changes a setting of a server, for its next process.
    public void set(int server, String key, String value) {
        try {
            servers.get(server).home().set(key, value);
        } catch (IOException e) {
            throw new SetupException("cannot change a configuration: " + e.getMessage(), e);
        }
    }

    /// A new process takes over the directory of one that was killed or stopped; waits until it has
    /// answered a read.
    public void startAgain(int server) {
        var ended = servers.get(server);
        ended.end();
        var begun = ServerProcess.launch(ended.subject(), ended.home(), flags);
        servers.set(server, begun);
        begun.awaitFirstRead();
    }

    /// The server whose process has ended, if any has.
    public OptionalInt ended() {
        return IntStream.range(0, size())
                .filter(i -> !servers.get(i).handle().isAlive())
                .findFirst();
    }

    /// From the start of the first process until so many servers had answered a read.
    public Duration timeToFirstReads(int count) {
        var first = servers.stream().mapToLong(ServerProcess::startNanos).min().orElseThrow();
        return Duration.ofNanos(
                servers.stream()
                                .mapToLong(ServerProcess::firstReadNanos)
                                .sorted()
                                .skip(count - 1L)
                                .findFirst()
                                .orElseThrow()
                        - first);
    }

    public String lastLines() {
        return String.join("\n", servers.stream().map(ServerProcess::lastLines).toList());
    }

    /// Stops all servers and removes their directories.
    @Override
    public void close() {
        // All are told before the first is waited for.
        servers.forEach(server -> server.handle().destroy());
        servers.forEach(ServerProcess::close);
    }
}
