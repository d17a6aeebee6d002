package io.witan.wire.file;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.Vectors;
import io.witan.wire.data.Acl;
import io.witan.wire.data.StoredStat;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Adler32;
import java.util.zip.GZIPInputStream;

/// The records of real snapshot files are understood, and come out again byte for byte
/// (client-and-disk, section 9.4). The real reader is in the storage module.
class RecordedSnapshotsTest {

    private static final byte[] END = {'/'};

    /// Snappy needs a library that this module has no use for.
    static List<String> explained() {
        return Vectors.files("disk/expected", "").stream()
                .filter(file -> file.contains(".snapshot.") && !file.contains("snappy"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("explained")
    void every_record_means_what_the_original_reads_and_is_encoded_again(String expected)
            throws IOException {
        String name = Path.of(expected).getFileName().toString();
        String folder = name.substring(0, name.indexOf('.')).replace('-', '/');
        String file = name.substring(name.indexOf('.') + 1, name.length() - ".jsonl".length());
        byte[] bytes = uncompressed("disk/" + folder + "/version-2/" + file);

        List<String> lines = new ArrayList<>();
        JuteWriter out = new JuteWriter();
        copy(JuteReader.over(bytes), out, lines);

        assertThat(out.toByteArray()).isEqualTo(bytes);
        List<String> wanted = Vectors.lines(expected);
        assertThat(lines.get(0)).isEqualTo(wanted.get(0).replaceFirst("\"file\":\"[^\"]*\",", ""));
        assertThat(lines.subList(1, lines.size()))
                .containsExactlyInAnyOrderElementsOf(
                        wanted.subList(2, wanted.size()).stream()
                                .map(line -> line.replaceFirst(",\"client\".*", "}"))
                                .toList());
    }

    @Test
    void sections_have_the_sizes_by_which_they_are_told() {
        assertThat(SnapshotFormat.SEAL_BYTES).isEqualTo(8 + 4 + 1);
        assertThat(SnapshotFormat.DIGEST_SECTION_BYTES)
                .isEqualTo(8 + 4 + 8 + SnapshotFormat.SEAL_BYTES);
        assertThat(SnapshotFormat.ZXID_SECTION_BYTES).isEqualTo(8 + SnapshotFormat.SEAL_BYTES);
    }

    /// Copies a snapshot record by record, and adds its meaning to `lines`: the sections first.
    private static void copy(JuteReader in, JuteWriter out, List<String> lines) {
        assertThat(in.readInt()).isEqualTo(SnapshotFormat.MAGIC);
        assertThat(in.readInt()).isEqualTo(SnapshotFormat.VERSION);
        assertThat(in.readLong()).isEqualTo(SnapshotFormat.DBID);
        out.writeInt(SnapshotFormat.MAGIC).writeInt(SnapshotFormat.VERSION);
        out.writeLong(SnapshotFormat.DBID);
        lines.add("");
        copySessions(in, out, lines);
        copyZnodes(in, out, lines, copyAcls(in, out));
        StringBuilder sections = new StringBuilder("{");
        copySeal(1, in, out, sections);
        if (in.remaining() >= SnapshotFormat.DIGEST_SECTION_BYTES) {
            long zxid = in.readLong();
            int version = in.readInt();
            long digest = in.readLong();
            out.writeLong(zxid).writeInt(version).writeLong(digest);
            sections.append(
                    ",\"digestZxid\":\"0x%x\",\"digestVersion\":%d,\"digest\":\"%d\","
                            .formatted(zxid, version, digest));
            copySeal(2, in, out, sections);
        }
        if (in.remaining() == SnapshotFormat.ZXID_SECTION_BYTES) {
            long zxid = in.readLong();
            out.writeLong(zxid);
            sections.append(",\"lastProcessedZxid\":\"0x%x\",".formatted(zxid));
            copySeal(3, in, out, sections);
        }
        assertThat(in.remaining()).isZero();
        lines.set(0, sections.append('}').toString());
    }

    private static void copySessions(JuteReader in, JuteWriter out, List<String> lines) {
        int count = in.readInt();
        out.writeInt(count);
        for (int i = 0; i < count; i++) {
            long id = in.readLong();
            int timeout = in.readInt();
            out.writeLong(id).writeInt(timeout);
            lines.add("{\"session\":\"0x%x\",\"timeout\":%d}".formatted(id, timeout));
        }
    }

    private static Map<Long, List<Acl>> copyAcls(JuteReader in, JuteWriter out) {
        Map<Long, List<Acl>> acls = new LinkedHashMap<>();
        acls.put(SnapshotFormat.OPEN_ACL_KEY, Acl.OPEN);
        int count = in.readInt();
        out.writeInt(count);
        for (int i = 0; i < count; i++) {
            long key = in.readLong();
            List<Acl> acl = Acl.readList(in);
            out.writeLong(key);
            Acl.writeList(out, acl);
            acls.put(key, acl);
        }
        return acls;
    }

    private static void copyZnodes(
            JuteReader in, JuteWriter out, List<String> lines, Map<Long, List<Acl>> acls) {
        while (true) {
            byte[] path = in.readBufferNotNull("path");
            out.writeBuffer(path);
            if (Arrays.equals(path, END)) {
                return;
            }
            byte[] data = in.readBuffer();
            long key = in.readLong();
            StoredStat stat = StoredStat.read(in);
            out.writeBuffer(data).writeLong(key);
            stat.write(out);
            lines.add(
                    "{\"path\":%s,\"data\":%s,\"aclRef\":%d,\"acl\":%s,"
                                    .formatted(
                                            Vectors.quoted(
                                                    path.length == 0
                                                            ? "/"
                                                            : new String(path, UTF_8)),
                                            data == null
                                                    ? "null"
                                                    : "\"" + HexFormat.of().formatHex(data) + '"',
                                            key,
                                            Vectors.aclJson(acls.get(key)))
                            + "\"czxid\":\"0x%x\",\"mzxid\":\"0x%x\",\"ctime\":%d,\"mtime\":%d,"
                                    .formatted(
                                            stat.czxid(), stat.mzxid(), stat.ctime(), stat.mtime())
                            + "\"version\":%d,\"cversion\":%d,\"aversion\":%d,"
                                    .formatted(stat.version(), stat.cversion(), stat.aversion())
                            + "\"ephemeralOwner\":\"0x%x\",\"pzxid\":\"0x%x\"}"
                                    .formatted(stat.ephemeralOwner(), stat.pzxid()));
        }
    }

    private static void copySeal(
            int number, JuteReader in, JuteWriter out, StringBuilder sections) {
        Adler32 adler = new Adler32();
        adler.update(out.bytes(), 0, out.length());
        long seal = in.readLong();
        assertThat(seal).isEqualTo(adler.getValue());
        assertThat(in.readBuffer()).isEqualTo(END);
        out.writeLong(seal).writeBuffer(END);
        sections.append("\"seal%1$d\":%2$d,\"seal%1$dok\":true".formatted(number, seal));
    }

    private static byte[] uncompressed(String file) throws IOException {
        byte[] bytes = Vectors.bytes(file);
        if (!file.endsWith(".gz")) {
            return bytes;
        }
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return gzip.readAllBytes();
        }
    }
}
