package io.witan.interop.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.witan.interop.AgainstWitan;
import io.witan.interop.ServerProcess;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A server that is asked to end while clients write ends by itself and soon, complains about
/// nothing, and has everything that it acknowledged when it comes back.
///
/// That a disk is slow is no complaint about the stop.
@AgainstWitan(
        config = {"snapCount=150", "maxSessionTimeout=1000000", "fsync.warningthresholdms=60000"})
class StopIT {

    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;
    private static final int SIGNALLED = 128;
    private static final int WRITERS = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    private final List<Writer> writers = new ArrayList<>();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void under_load_by_SIGTERM(ServerProcess server) throws Exception {
        stopUnderLoad(server, "TERM", SIGTERM);
    }

    @Test
    void under_load_by_SIGINT(ServerProcess server) throws Exception {
        assumeFalse(server.ignoresSignal(SIGINT), "started in the background");
        stopUnderLoad(server, "INT", SIGINT);
    }

    @Test
    void idle_by_SIGINT(ServerProcess server) {
        assumeFalse(server.ignoresSignal(SIGINT), "started in the background");
        assertThat(server.stopBySignal("INT")).isEqualTo(SIGNALLED + SIGINT);
        assertNoComplaint(server);
    }

    private void stopUnderLoad(ServerProcess server, String signal, int number) throws Exception {
        for (int i = 0; i < WRITERS; i++) {
            var writer = new Writer("/" + signal + i, number * 100L + i);
            writer.resume(server);
            writers.add(writer);
        }
        for (int round = 0; round < 3; round++) {
            var acknowledgements = new CountDownLatch(400);
            List<Future<?>> writing = new ArrayList<>();
            for (Writer writer : writers) {
                writing.add(
                        threads.submit(() ->
                                writer.writeUntilTheServerDies(
                                        server, acknowledgements::countDown)));
            }
            assertThat(acknowledgements.await(ServerProcess.PATIENCE_SECONDS, SECONDS)).isTrue();

            int exitCode = server.stopBySignal(signal);

            for (Future<?> writer : writing) {
                writer.get();
            }
            assertThat(exitCode).isEqualTo(SIGNALLED + number);
            assertNoComplaint(server);

            server.start();
            for (Writer writer : writers) {
                writer.resume(server);
            }
        }
    }

    private static void assertNoComplaint(ServerProcess server) {
        assertThat(server.log()).doesNotContain("WARN", "ERROR", "Exception");
    }
}
