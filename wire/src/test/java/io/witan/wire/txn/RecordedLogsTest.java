package io.witan.wire.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.Vectors;
import io.witan.wire.file.LogFormat;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Adler32;

/// Every transaction in the log files of real servers is understood, and comes out again byte for
/// byte (client-and-disk, sections 8.1, 8.2 and 9.2).
class RecordedLogsTest {

    private record LogRecord(int offset, long checksum, byte[] payload) {}

    /// Logs that a test changed on purpose hold nothing that the others do not.
    static List<String> logs() {
        List<String> logs = new ArrayList<>();
        for (String folder : List.of("main", "small", "gzip", "snappy", "old", "dup", "ensemble")) {
            logs.addAll(Vectors.files("disk/" + folder, "log."));
        }
        return logs;
    }

    @ParameterizedTest
    @MethodSource("logs")
    void every_transaction_is_decoded_and_encoded_again(String log) {
        List<LogRecord> records = records(log);

        assertThat(records).isNotEmpty();
        for (LogRecord record : records) {
            JuteReader in = JuteReader.over(record.payload());
            LoggedTxn logged = TxnCodec.read(in);
            JuteWriter out = new JuteWriter();
            TxnCodec.write(out, logged.header(), logged.txn(), logged.digest());

            assertThat(in.remaining()).isZero();
            assertThat(out.toByteArray()).as("offset " + record.offset).isEqualTo(record.payload());
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
        for (LogRecord record : records("disk/" + folder + "/version-2/" + file)) {
            LoggedTxn logged = TxnCodec.read(JuteReader.over(record.payload));
            lines.add(TxnJson.line(record.offset, record.payload.length, record.checksum, logged));
        }

        List<String> wanted = Vectors.lines(expected);
        assertThat(lines).isEqualTo(wanted.subList(1, wanted.size() - 1));
    }

    @Test
    void a_create_without_parent_cversion_is_written_with_minus_one() {
        for (LogRecord record : records("disk/v0/version-2/log.1")) {
            LoggedTxn logged = TxnCodec.read(JuteReader.over(record.payload()));
            JuteWriter out = new JuteWriter();
            TxnCodec.write(out, logged.header(), logged.txn(), logged.digest());

            if (logged.txn() instanceof Txn.Create create) {
                assertThat(create.parentCversion()).isEqualTo(-1);
                assertThat(out.length()).isEqualTo(record.payload.length + 4);
            } else {
                assertThat(out.toByteArray()).isEqualTo(record.payload);
            }
        }
    }

    /// The plainest reader of a log that is whole; the real one is in the storage module.
    private static List<LogRecord> records(String log) {
        byte[] bytes = Vectors.bytes(log);
        JuteReader in = JuteReader.over(bytes);
        assertThat(in.readInt()).isEqualTo(LogFormat.MAGIC);
        assertThat(in.readInt()).isEqualTo(LogFormat.VERSION);
        assertThat(in.readLong()).isEqualTo(LogFormat.DBID);
        assertThat(in.position()).isEqualTo(LogFormat.HEADER_BYTES);
        List<LogRecord> records = new ArrayList<>();
        while (in.remaining() >= LogFormat.RECORD_HEAD_BYTES) {
            int offset = in.position();
            long checksum = in.readLong();
            byte[] payload = in.readBufferNotNull("payload");
            if (payload.length == 0) {
                return records;
            }
            Adler32 adler = new Adler32();
            adler.update(payload);
            assertThat(checksum).isEqualTo(adler.getValue());
            assertThat(in.readByte()).isEqualTo(LogFormat.RECORD_END);
            records.add(new LogRecord(offset, checksum, payload));
        }
        return records;
    }
}
