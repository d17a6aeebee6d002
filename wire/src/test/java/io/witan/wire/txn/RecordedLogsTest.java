package io.witan.wire.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.Vectors;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Every transaction in the log files of real servers is understood, and comes out again byte for
/// byte (client-and-disk, sections 8.1, 8.2 and 9.2).
class RecordedLogsTest {

    static List<String> logs() {
        return RecordedLog.files();
    }

    @ParameterizedTest
    @MethodSource("logs")
    void every_transaction_is_decoded_and_encoded_again(String log) {
        List<RecordedLog> records = RecordedLog.of(log);

        assertThat(records).isNotEmpty();
        for (RecordedLog record : records) {
            JuteReader in = JuteReader.over(record.payload());
            LoggedTxn logged = TxnCodec.read(in);
            JuteWriter out = new JuteWriter();
            TxnCodec.write(out, logged.header(), logged.txn(), logged.digest());

            assertThat(in.remaining()).isZero();
            assertThat(out.toByteArray())
                    .as("offset " + record.offset())
                    .isEqualTo(record.payload());
        }
    }

    static List<String> explained() {
        return Vectors.files("disk/expected", "").stream()
                .filter(file -> file.contains(".log."))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("explained")
    void every_transaction_means_what_the_original_reads(String expected) {
        String name = Path.of(expected).getFileName().toString();
        String folder = name.substring(0, name.indexOf('.')).replace('-', '/');
        String file = name.substring(name.indexOf('.') + 1, name.length() - ".jsonl".length());

        List<String> lines = new ArrayList<>();
        for (RecordedLog record : RecordedLog.of("disk/" + folder + "/version-2/" + file)) {
            LoggedTxn logged = TxnCodec.read(JuteReader.over(record.payload()));
            lines.add(
                    TxnJson.line(
                            record.offset(), record.payload().length, record.checksum(), logged));
        }

        List<String> wanted = Vectors.lines(expected);
        assertThat(lines).isEqualTo(wanted.subList(1, wanted.size() - 1));
    }

    @Test
    void a_create_without_parent_cversion_is_written_with_minus_one() {
        for (RecordedLog record : RecordedLog.of("disk/v0/version-2/log.1")) {
            LoggedTxn logged = TxnCodec.read(JuteReader.over(record.payload()));
            JuteWriter out = new JuteWriter();
            TxnCodec.write(out, logged.header(), logged.txn(), logged.digest());

            if (logged.txn() instanceof Txn.Create create) {
                assertThat(create.parentCversion()).isEqualTo(-1);
                assertThat(out.length()).isEqualTo(record.payload().length + 4);
            } else {
                assertThat(out.toByteArray()).isEqualTo(record.payload());
            }
        }
    }
}
