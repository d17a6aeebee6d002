package io.witan.interop.crash;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.witan.interop.AgainstWitan;
import io.witan.interop.ServerProcess;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/// Snapshots are frequent, so that kills fall into them too. The moments come from a seed
/// (`-Dwitan.interop.crash.seed=N`); what exactly is under way then is up to the machine, and the
/// checks hold for all of it.
@AgainstWitan(config = {"snapCount=150", "maxSessionTimeout=1000000"})
class CrashIT {

    private static final long SEED = Long.getLong("witan.interop.crash.seed", 20_260_101L);
    private static final int KILLS = Integer.getInteger("witan.interop.crash.kills", 24);
    private static final int WRITERS = 4;
    private static final int ACKNOWLEDGEMENTS_MAX = 800;
    private static final int START_MILLIS_MAX = 600;

    private final Random random = new Random(SEED);
    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    private final List<Writer> writers = new ArrayList<>();

    @Test
    void what_was_acknowledged_outlives_every_kill(ServerProcess server) throws Exception {
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Writer("/writer" + i, SEED + i));
        }

        for (int kill = 0; kill < KILLS; kill++) {
            checkWhatTheServerHas(server);
            writeAndKill(server);
            if (kill % 4 == 3) {
                killWhileStarting(server);
            }
            server.start();
        }

        checkWhatTheServerHas(server);
        server.restart();
        checkWhatTheServerHas(server);
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private void checkWhatTheServerHas(ServerProcess server) throws Exception {
        List<Callable<Void>> checks = new ArrayList<>();
        for (Writer writer : writers) {
            checks.add(() -> {
                writer.resume(server);
                return null;
            });
        }
        for (Future<Void> check : threads.invokeAll(checks)) {
            check.get();
        }
    }

    private void writeAndKill(ServerProcess server) throws Exception {
        var acknowledgements = new CountDownLatch(1 + random.nextInt(ACKNOWLEDGEMENTS_MAX));
        List<Future<?>> writing = new ArrayList<>();
        for (Writer writer : writers) {
            writing.add(
                    threads.submit(() ->
                            writer.writeUntilTheServerDies(server, acknowledgements::countDown)));
        }

        boolean enough = acknowledgements.await(ServerProcess.PATIENCE_SECONDS, SECONDS);
        LockSupport.parkNanos(random.nextInt(5_000_000));
        server.kill();

        for (Future<?> writer : writing) {
            writer.get();
        }
        assertThat(enough).as("the server answers").isTrue();
    }

    /// Recovery itself may be cut off anywhere.
    private void killWhileStarting(ServerProcess server) {
        server.launch();
        server.killAfter(random.nextInt(START_MILLIS_MAX));
    }
}
