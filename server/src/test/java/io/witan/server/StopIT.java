package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.storage.testing.FakeDisk;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.EOFException;
import java.nio.file.Path;

/// A server that is stopped while clients write ends without a complaint, and what it has
/// acknowledged is there afterwards.
class StopIT {

    private static final int WRITES = 5_000;

    @TempDir private Path scratch;

    private final FakeDisk disk = new FakeDisk();

    @Test
    void a_stop_under_load_is_no_failure_and_loses_nothing_acknowledged() throws Exception {
        int acknowledged = 0;
        try (var server = new RunningServer(disk, scratch);
                var client = server.connectWithSession()) {
            for (int i = 1; i <= WRITES; i++) {
                client.sendLater(i, OpCode.CREATE, WireClient.createBody("/n" + i, new byte[10]));
            }
            client.flush();
            assertThat(client.receive().xid()).isEqualTo(1);
            acknowledged = 1;

            server.server().close();

            try {
                while (true) {
                    var reply = client.receive();
                    assertThat(reply.err()).isEqualTo(ErrorCode.OK);
                    assertThat(reply.xid()).isEqualTo(acknowledged + 1);
                    acknowledged++;
                }
            } catch (EOFException | java.net.SocketException closed) {
                // As it must be.
            }
            assertThat(server.server().failure()).isNotDone();
        }

        try (var server = new RunningServer(disk, scratch);
                var reader = server.connectWithSession()) {
            for (int i = 1; i <= acknowledged; i++) {
                var reply = reader.call(i, OpCode.EXISTS, WireClient.pathAndWatch("/n" + i, false));
                assertThat(reply.err()).isEqualTo(ErrorCode.OK);
            }
        }
    }
}
