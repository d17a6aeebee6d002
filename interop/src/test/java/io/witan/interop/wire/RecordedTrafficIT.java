package io.witan.interop.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.AgainstBoth;
import io.witan.interop.Product;
import io.witan.interop.ServerProcess;
import io.witan.interop.ServerSettings;
import io.witan.interop.Vectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.Objects;

/// What a server says is, byte for byte, what an Apache server said when the traffic was recorded;
/// session ids, passwords, times and the order of children aside. Each recording starts with an
/// empty database.
@AgainstBoth
class RecordedTrafficIT {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01-connect.txt",
                "02-ops.txt",
                "03-errors.txt",
                "04-multi.txt",
                "05-watches.txt",
                "06-acl.txt",
                "07-quota.txt",
                "09-java-client.txt",
                "small.traffic.txt",
                "main.traffic.txt"
            })
    void is_answered_as_recorded(String recording, Product product, @TempDir Path home)
            throws Exception {
        try (var server = new ServerProcess(product, home, ServerSettings.PLAIN).start();
                var replay = new Replay(server)) {
            replay.run(Recording.of(Vectors.traffic(recording)));
        }
    }

    @Test
    void four_letter_words_are_answered_as_recorded(Product product, @TempDir Path home)
            throws Exception {
        var settings = ServerSettings.config("4lw.commands.whitelist=ruok,isro");
        var steps = Recording.of(Vectors.traffic("08-4lw.txt")).steps();
        try (var server = new ServerProcess(product, home, settings).start()) {
            for (int i = 0; i < steps.size(); i += 2) {
                try (var connection = new WireConnection(server.address())) {
                    connection.sendRaw(Objects.requireNonNull(steps.get(i).bytes()));
                    assertThat(connection.readToEnd())
                            .as("line %d", steps.get(i + 1).line())
                            .isEqualTo(steps.get(i + 1).bytes());
                }
            }
        }
    }
}
