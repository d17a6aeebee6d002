package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.storage.PosixDisk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Four-letter words over a socket, from a server that runs.
class FourLetterWordsIT {

    @TempDir Path scratch;

    @Test
    void a_word_is_answered_and_the_connection_closed() throws IOException {
        try (var server = server("4lw.commands.whitelist=ruok, isro")) {
            assertThat(ask(server, "ruok")).isEqualTo("imok");
            assertThat(ask(server, "isro")).isEqualTo("rw");
            assertThat(ask(server, "conf"))
                    .isEqualTo("conf is not executed because it is not in the whitelist.\n");
            assertThat(ask(server, "abcd")).isEmpty();
            assertThat(ask(server, new byte[] {(byte) 0xff, (byte) 0xf4, (byte) 0xff, (byte) 0xfd}))
                    .isEmpty();
        }
    }

    @Test
    void every_word_has_an_answer_from_a_server_with_clients() throws IOException {
        try (var server = server("4lw.commands.whitelist=*");
                var client = server.connectWithSession()) {
            client.create(1, "/a", new byte[0]);

            assertThat(ask(server, "srvr")).contains("Zxid: 0x2\n").contains("Node count: 6\n");
            assertThat(ask(server, "stat")).contains("Clients:\n /127.0.0.1:");
            assertThat(ask(server, "cons")).contains("lop=CREA").contains("lcxid=0x1,lzxid=0x2,");
            assertThat(ask(server, "dump"))
                    .contains("Session Sets (1)/(1):\n")
                    .contains("Connections Sets (");
            assertThat(ask(server, "conf")).contains("tickTime=100\n");
            assertThat(ask(server, "envi")).contains("zookeeper.version=3.9.4-witan");
            assertThat(ask(server, "wchs"))
                    .isEqualTo("0 connections watching 0 paths\nTotal watches:0\n");
            assertThat(ask(server, "wchc")).isEqualTo("\n");
            assertThat(ask(server, "wchp")).isEqualTo("\n");
            assertThat(ask(server, "dirs")).contains("datadir_size: ").contains("logdir_size: ");
            assertThat(ask(server, "hash")).isEmpty();
            assertThat(ask(server, "gtmk")).isEqualTo("306");
            assertThat(
                            ask(
                                    server,
                                    ByteBuffer.allocate(12)
                                            .put("stmk".getBytes(StandardCharsets.US_ASCII))
                                            .putLong(18)
                                            .array()))
                    .isEqualTo("18");
            assertThat(ask(server, "mntr"))
                    .contains("zk_znode_count\t6\n")
                    .contains("zk_global_sessions\t1\n")
                    .contains("zk_cnt_fsynctime\t2\n")
                    .contains("zk_cnt_updatelatency\t1\n")
                    .contains("zk_connection_request_count\t1\n");
            assertThat(ask(server, "crst")).isEqualTo("Connection stats reset.\n");
            assertThat(ask(server, "cons"))
                    .contains("lop=NA")
                    .contains("lzxid=0xffffffffffffffff,");
            assertThat(ask(server, "srst")).isEqualTo("Server stats reset.\n");
            assertThat(ask(server, "mntr")).contains("zk_cnt_fsynctime\t0\n");
        }
    }

    private RunningServer server(String... settings) throws IOException {
        return new RunningServer(new PosixDisk(), scratch, addressed(settings));
    }

    private String[] addressed(String... settings) {
        var all = new String[settings.length + 1];
        all[0] = "dataDir=" + scratch.resolve("data");
        System.arraycopy(settings, 0, all, 1, settings.length);
        return all;
    }

    private static String ask(RunningServer server, String word) throws IOException {
        return ask(server, word.getBytes(StandardCharsets.US_ASCII));
    }

    private static String ask(RunningServer server, byte[] bytes) throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), server.server().address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
