package io.witan.wire.jute;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.witan.wire.Vectors;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.data.Stat;
import io.witan.wire.data.StoredStat;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/// Encodings recorded from the original (`values/jute.txt`).
class JuteVectorsTest {

    /// The original writes each half of a surrogate pair as a group of three bytes and cannot read
    /// that itself; standard UTF-8 is written here (client-and-disk, section 1).
    private static final List<String> WRITTEN_DIFFERENTLY =
            List.of("ustring \"\\ud83d\\ude00\"", "ustring \"\\ud83d\"");

    @TestFactory
    List<DynamicTest> values_are_written_and_read_as_by_the_original() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : Vectors.values("jute.txt")) {
            if (WRITTEN_DIFFERENTLY.stream().anyMatch(line::startsWith)) {
                continue;
            }
            tests.add(DynamicTest.dynamicTest(line, () -> check(line)));
        }
        assertThat(tests).hasSizeGreaterThan(30);
        return tests;
    }

    private static void check(String line) {
        if (line.startsWith("read ustring ")) {
            String[] words = line.split(" ", 5);
            String decoded = JuteReader.over(HexFormat.of().parseHex(words[2])).readString();
            assertThat(decoded).isEqualTo(Vectors.unquoted(words[4]));
            return;
        }
        // The note behind the ACL list is the only text after a value's bytes.
        String[] words = line.replaceFirst(" \\(record .*", "").split(" ");
        String hex = words[words.length - 1];
        String value = words.length < 3 ? "" : words[1];
        JuteReader in = JuteReader.over(HexFormat.of().parseHex(hex));
        switch (words[0]) {
            case "int" -> {
                assertThat(written(w -> w.writeInt(Integer.parseInt(value)))).isEqualTo(hex);
                assertThat(in.readInt()).isEqualTo(Integer.parseInt(value));
            }
            case "long" -> {
                assertThat(written(w -> w.writeLong(Long.parseLong(value)))).isEqualTo(hex);
                assertThat(in.readLong()).isEqualTo(Long.parseLong(value));
            }
            case "boolean" -> {
                assertThat(written(w -> w.writeBoolean(Boolean.parseBoolean(value))))
                        .isEqualTo(hex);
                assertThat(in.readBoolean()).isEqualTo(Boolean.parseBoolean(value));
            }
            case "byte" -> {
                assertThat(written(w -> w.writeByte(Integer.parseInt(value)))).isEqualTo(hex);
                assertThat(in.readByte()).isEqualTo(Byte.parseByte(value));
            }
            case "ustring" -> {
                String text = value.equals("null") ? null : Vectors.unquoted(value);
                assertThat(written(w -> w.writeString(text))).isEqualTo(hex);
                assertThat(in.readString()).isEqualTo(text);
            }
            case "buffer" -> {
                byte[] buffer =
                        switch (value) {
                            case "null" -> null;
                            case "(empty)" -> new byte[0];
                            default -> HexFormat.of().parseHex(value);
                        };
                assertThat(written(w -> w.writeBuffer(buffer))).isEqualTo(hex);
                assertThat(in.readBuffer()).isEqualTo(buffer);
            }
            case "vector<ustring>" -> {
                List<byte[]> strings = value.equals("null") ? null : strings(value);
                assertThat(written(w -> w.writeVector(strings, JuteWriter::writeBuffer)))
                        .isEqualTo(hex);
                List<byte[]> read = in.readVector(4, JuteReader::readBuffer);
                if (strings == null) {
                    assertThat(read).isNull();
                } else {
                    assertThat(read).containsExactly(strings.toArray(byte[][]::new));
                }
            }
            case "vector<ACL>" -> {
                List<Acl> list = List.of(new Acl(31, new Id("world", "anyone")));
                assertThat(value).isEqualTo("[{31,world,anyone}]");
                assertThat(written(w -> Acl.writeList(w, list))).isEqualTo(hex);
                assertThat(Acl.readList(in)).isEqualTo(list);
            }
            case "Stat" -> {
                Stat stat = new Stat(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
                assertThat(written(stat::write)).isEqualTo(hex).hasSize(2 * Stat.BYTES);
                assertThat(Stat.read(in)).isEqualTo(stat);
            }
            case "StatPersisted" -> {
                StoredStat stat = new StoredStat(1, 2, 3, 4, 5, 6, 7, 8, 9);
                assertThat(written(stat::write)).isEqualTo(hex).hasSize(2 * StoredStat.BYTES);
                assertThat(StoredStat.read(in)).isEqualTo(stat);
            }
            // No record in use has a floating-point field, so there is no code for them.
            case "float", "double" -> in.position(in.position() + in.remaining());
            default -> throw new IllegalArgumentException(line);
        }
        assertThat(in.remaining()).isZero();
    }

    private static List<byte[]> strings(String list) {
        List<byte[]> strings = new ArrayList<>();
        for (String element : Vectors.elements(list.substring(1, list.length() - 1))) {
            strings.add(
                    element.equals("null") ? null : Vectors.unquoted(element).getBytes(US_ASCII));
        }
        return strings;
    }

    private static String written(Consumer<JuteWriter> write) {
        JuteWriter out = new JuteWriter();
        write.accept(out);
        return HexFormat.of().formatHex(out.toByteArray());
    }
}
