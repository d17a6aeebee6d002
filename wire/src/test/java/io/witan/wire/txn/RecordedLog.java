package io.witan.wire.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.Vectors;
import io.witan.wire.file.LogFormat;
import io.witan.wire.jute.JuteReader;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.Adler32;

/// One record of a recorded log file. The plainest reader of a log that is whole; the real one is
/// in the storage module.
///
/// @param offset in the file, of the record's checksum
public record RecordedLog(int offset, long checksum, byte[] payload) {

    /// Logs that were changed on purpose hold nothing that the others do not.
    public static List<String> files() {
        List<String> logs = new ArrayList<>();
        for (String folder : List.of("main", "small", "gzip", "snappy", "old", "dup", "ensemble")) {
            logs.addAll(Vectors.files("disk/" + folder, "log."));
        }
        return logs;
    }

    public static List<RecordedLog> of(String log) {
        byte[] bytes = Vectors.bytes(log);
        JuteReader in = JuteReader.over(bytes);
        assertThat(in.readInt()).isEqualTo(LogFormat.MAGIC);
        assertThat(in.readInt()).isEqualTo(LogFormat.VERSION);
        assertThat(in.readLong()).isEqualTo(LogFormat.DBID);
        assertThat(in.position()).isEqualTo(LogFormat.HEADER_BYTES);
        List<RecordedLog> records = new ArrayList<>();
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
            records.add(new RecordedLog(offset, checksum, payload));
        }
        return records;
    }
}
