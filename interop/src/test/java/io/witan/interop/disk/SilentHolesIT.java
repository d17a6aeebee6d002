package io.witan.interop.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.AgainstWitan;
import io.witan.interop.Product;
import io.witan.interop.ServerProcess;
import io.witan.interop.ServerSettings;
import io.witan.interop.Vectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Damage in a log that an Apache server reads over without a word, losing acknowledged
/// transactions in the middle. Witan refuses to serve a history with a hole in it, and says where.
///
/// The directory is the recorded `small`: transactions 1 to 0xa in `log.1`, 0xb to 0xe in `log.b`,
/// and no snapshot but the empty one.
@AgainstWitan
class SilentHolesIT {

    @TempDir private Path home;

    @BeforeEach
    void only_the_empty_snapshot_is_left() throws Exception {
        Vectors.copyDataDir("small", home.resolve("data"));
        Files.delete(file("snapshot.a"));
    }

    @Test
    void the_undamaged_directory_is_served(Product product) throws Exception {
        try (var server = server(product)) {
            assertThat(server.tryStart()).isTrue();
            assertThat(server.fourLetterWord("srvr")).contains("Zxid: 0xe");
        }
    }

    @Test
    void a_flipped_end_byte_in_an_older_log(Product product) throws Exception {
        byte[] log = Files.readAllBytes(file("log.1"));
        log[DataDirectory.recordOffsets(log).get(4) - 1] ^= 1;
        Files.write(file("log.1"), log);

        expectRefusalThatNames(product, "log.1");
    }

    @Test
    void a_flipped_end_byte_in_the_last_log_with_records_after_it(Product product)
            throws Exception {
        byte[] log = Files.readAllBytes(file("log.b"));
        log[DataDirectory.recordOffsets(log).get(2) - 1] ^= 1;
        Files.write(file("log.b"), log);

        expectRefusalThatNames(product, "log.b");
    }

    @Test
    void a_zeroed_record_in_an_older_log(Product product) throws Exception {
        byte[] log = Files.readAllBytes(file("log.1"));
        List<Integer> records = DataDirectory.recordOffsets(log);
        Arrays.fill(log, records.get(5), records.get(6), (byte) 0);
        Files.write(file("log.1"), log);

        expectRefusalThatNames(product, "log.1");
    }

    /// The original serves this one too, without the records after the hole.
    @Test
    void a_zeroed_record_in_the_last_log_with_records_after_it(Product product) throws Exception {
        byte[] log = Files.readAllBytes(file("log.b"));
        List<Integer> records = DataDirectory.recordOffsets(log);
        Arrays.fill(log, records.get(1), records.get(2), (byte) 0);
        Files.write(file("log.b"), log);

        try (var server = server(product)) {
            server.tryStart();
            assertThat(server.log()).contains("log.b");
        }
    }

    @Test
    void an_older_log_that_has_become_shorter(Product product) throws Exception {
        byte[] log = Files.readAllBytes(file("log.1"));
        int inTheMiddleOfRecord6 = DataDirectory.recordOffsets(log).get(5) + 20;
        Files.write(file("log.1"), Arrays.copyOf(log, inTheMiddleOfRecord6));

        expectRefusalThatNames(product, "log.1");
    }

    @Test
    void an_older_record_in_the_place_of_a_later_one(Product product) throws Exception {
        byte[] log = Files.readAllBytes(file("log.1"));
        List<Integer> records = DataDirectory.recordOffsets(log);
        var misdirected = new ByteArrayOutputStream();
        misdirected.write(log, 0, records.get(4));
        misdirected.write(log, records.get(2), records.get(3) - records.get(2));
        misdirected.write(log, records.get(5), log.length - records.get(5));
        Files.write(file("log.1"), misdirected.toByteArray());

        expectRefusalThatNames(product, "log.1");
    }

    private void expectRefusalThatNames(Product product, String file) {
        try (var server = server(product)) {
            assertThat(server.tryStart()).as("serves with a hole in its history").isFalse();
            assertThat(server.log()).contains(file);
        }
    }

    private ServerProcess server(Product product) {
        return new ServerProcess(product, home, ServerSettings.PLAIN);
    }

    private Path file(String name) {
        return home.resolve("data/version-2").resolve(name);
    }
}
