package io.witan.cli.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Follows "When a majority is lost for good" of docs/operations/ensembles.md, with real processes.
@Timeout(300)
class MajorityLossIT {

    private static final Set<String> LEARNS_OR_LEADS = Set.of("leader", "follower");
    private static final int STOP_MILLIS = 15_000;

    @TempDir Path scratch;

    private final Map<Integer, ServerProcess> running = new TreeMap<>();

    @AfterEach
    void end() throws InterruptedException {
        for (ServerProcess process : running.values()) {
            process.kill();
        }
    }

    @Test
    void what_one_server_has_becomes_an_ensemble_of_three_again() throws Exception {
        var ports = new Ports();
        LocalEnsemble ensemble =
                LocalEnsemble.of(scratch, 3, ports.from(0, 3), ports.from(0, 3), ports.from(0, 3));
        LocalServer first = ensemble.servers().get(0);
        LocalServer survivor = ensemble.servers().get(1);
        LocalServer third = ensemble.servers().get(2);
        ensemble.write();
        start(first, survivor, third);
        awaitMode(survivor, LEARNS_OR_LEADS);
        try (var client = new RawClient(survivor.clientPort())) {
            assertThat(client.create("/kept")).isEqualTo(RawClient.OK);
        }

        // A majority is gone, disks and all.
        for (LocalServer lost : List.of(first, third)) {
            process(lost).kill();
            delete(lost.directory());
        }

        // Steps 2 to 5.
        stop(survivor);
        list(List.of(survivor), survivor);
        start(survivor);
        awaitMode(survivor, Set.of("leader"));
        assertHas(survivor, "/kept");

        // Step 6.
        Files.createDirectories(first.directory());
        Files.writeString(first.directory().resolve("myid"), first.sid() + "\n");
        list(List.of(survivor, first), survivor, first);
        stop(survivor);
        start(survivor);
        start(first);
        awaitMode(first, Set.of("follower"));
        awaitMode(survivor, Set.of("leader"));
        assertHas(first, "/kept");

        // Step 7.
        Files.createDirectories(third.directory());
        Files.writeString(third.directory().resolve("myid"), third.sid() + "\n");
        list(ensemble.servers(), first, survivor, third);
        stop(first);
        start(first);
        awaitMode(first, LEARNS_OR_LEADS);
        stop(survivor);
        start(survivor);
        awaitMode(survivor, LEARNS_OR_LEADS);
        start(third);
        awaitMode(third, Set.of("follower"));
        assertHas(third, "/kept");
    }

    private ServerProcess process(LocalServer server) {
        return Objects.requireNonNull(running.get(server.sid()));
    }

    private void start(LocalServer... servers) throws IOException {
        for (LocalServer server : servers) {
            running.put(server.sid(), ServerProcess.start(server));
        }
    }

    private void stop(LocalServer server) throws InterruptedException {
        ServerProcess process = process(server);
        process.askToStop();
        process.awaitStop(STOP_MILLIS);
    }

    /// Those lines into the files of these servers.
    private static void list(List<LocalServer> lines, LocalServer... files) throws IOException {
        for (LocalServer server : files) {
            Files.writeString(server.config(), server.configText(lines));
        }
    }

    private void awaitMode(LocalServer server, Set<String> wanted) {
        ServerProcess process = process(server);
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (System.nanoTime() < giveUp) {
            String mode = process.mode();
            if (mode != null && wanted.contains(mode)) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        throw new AssertionError(
                "%s is none of %s:%n%s"
                        .formatted(server, wanted, String.join("\n", process.lastLogLines(20))));
    }

    private static void assertHas(LocalServer server, String path) throws IOException {
        try (var client = new RawClient(server.clientPort())) {
            assertThat(client.exists(path)).as("%s at %s", path, server).isEqualTo(RawClient.OK);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
