package io.witan.cli.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// One of three servers alone: it serves nobody, and says so to whoever monitors it. Answers as of
/// an Apache ZooKeeper 3.9.4 server in the same state.
@Timeout(120)
class LonelyMemberIT {

    private static final String NOT_SERVING =
            "This ZooKeeper instance is not currently serving requests\n";

    @TempDir Path scratch;

    @Test
    void words_are_answered_while_there_is_no_leader() throws Exception {
        var ports = new Ports();
        LocalEnsemble three =
                LocalEnsemble.of(scratch, 3, ports.from(0, 3), ports.from(0, 3), ports.from(0, 3));
        three.write();
        LocalServer alone = three.servers().getFirst();
        ServerProcess process = ServerProcess.start(alone);
        try {
            awaitPort(alone.clientPort());

            assertThat(answer(alone, "ruok")).isEqualTo("imok");
            assertThat(answer(alone, "isro")).isEqualTo("null");
            assertThat(answer(alone, "srvr")).isEqualTo(NOT_SERVING);
            assertThat(answer(alone, "mntr")).isEqualTo(NOT_SERVING);
        } finally {
            process.kill();
        }
    }

    private static void awaitPort(int port) throws IOException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < giveUp) {
            try (var socket = new Socket()) {
                socket.connect(Ports.address(port));
                return;
            } catch (ConnectException notYet) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
        throw new AssertionError("the client port is not open");
    }

    private static String answer(LocalServer server, String word) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(Ports.address(server.clientPort()));
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
