package io.witan.wire.jute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.util.HexFormat;
import java.util.List;

/// Section 1 of client-and-disk: what a reader accepts, and where it stops.
class JuteReaderTest {

    @Test
    void any_byte_but_zero_is_true() {
        JuteReader in = over("00 01 02 80 ff");

        assertThat(in.readBoolean()).isFalse();
        for (int i = 0; i < 4; i++) {
            assertThat(in.readBoolean()).isTrue();
        }
    }

    @Test
    void null_and_empty_are_different() {
        JuteReader in = over("ffffffff 00000000 ffffffff 00000000 ffffffff 00000000");

        assertThat(in.readBuffer()).isNull();
        assertThat(in.readBuffer()).isEmpty();
        assertThat(in.readString()).isNull();
        assertThat(in.readString()).isEmpty();
        assertThat(in.readVector(4, JuteReader::readString)).isNull();
        assertThat(in.readVector(4, JuteReader::readString)).isEmpty();
    }

    @Test
    void a_length_below_minus_one_or_above_the_limit_is_unreasonable() {
        assertThatThrownBy(() -> over("fffffffe").readBuffer())
                .isInstanceOf(DecodeException.class)
                .hasMessage("Unreasonable length = -2");
        assertThatThrownBy(() -> over("80000000").readString())
                .isInstanceOf(DecodeException.class)
                .hasMessage("Unreasonable length = -2147483648");

        byte[] five = HexFormat.of().parseHex("000000056162636465");
        assertThat(new JuteReader(5).reset(five, 0, 9).readString()).isEqualTo("abcde");
        assertThatThrownBy(() -> new JuteReader(4).reset(five, 0, 9).readString())
                .isInstanceOf(DecodeException.class)
                .hasMessage("Unreasonable length = 5");
    }

    @Test
    void a_length_beyond_the_data_is_an_end_of_data() {
        assertThatThrownBy(() -> over("7fffffff 61").readBuffer())
                .isInstanceOf(DecodeException.class)
                .hasMessage("end of data: 2147483647 bytes wanted, 1 left");
        assertThatThrownBy(() -> over("000000").readInt()).isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> over("00000000000000").readLong())
                .isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> over("").readByte()).isInstanceOf(DecodeException.class);
    }

    @Test
    void a_negative_count_other_than_minus_one_is_an_empty_vector() {
        assertThat(over("fffffffe").readVector(4, JuteReader::readString)).isEmpty();
        assertThat(over("80000000").readVector(4, JuteReader::readString)).isEmpty();
    }

    @Test
    void a_count_that_the_data_cannot_hold_is_refused_before_anything_is_allocated() {
        assertThatThrownBy(() -> over("7fffffff 00000000").readVector(4, JuteReader::readString))
                .isInstanceOf(DecodeException.class)
                .hasMessage("a vector of 2147483647 elements in 4 bytes");
        assertThat(over("00000001 00000000").readVector(4, JuteReader::readString))
                .containsExactly("");
    }

    @Test
    void text_is_read_with_replacement() {
        assertThat(over("00000001 ff").readString()).isEqualTo("\ufffd");
        assertThat(over("00000004 f09f9880").readString()).isEqualTo("\ud83d\ude00");
        assertThat(over("00000006 eda0bdedb880").readString()).isEqualTo("\ufffd\ufffd");
    }

    @Test
    void a_slice_tells_where_its_bytes_are() {
        byte[] frame = HexFormat.of().parseHex("00000002616200000001");
        JuteReader in = new JuteReader(100).reset(frame, 0, frame.length);

        int length = in.readSlice();

        assertThat(new String(in.bytes(), in.sliceOffset(), length, UTF_8)).isEqualTo("ab");
        assertThat(in.readInt()).isEqualTo(1);
    }

    @Test
    void reads_nothing_outside_its_range() {
        byte[] bytes = HexFormat.of().parseHex("ffff0000000261620000");
        JuteReader in = new JuteReader(100).reset(bytes, 2, 6);

        assertThat(in.readString()).isEqualTo("ab");
        assertThat(in.remaining()).isZero();
        assertThatThrownBy(in::readByte).isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> new JuteReader(100).reset(bytes, 2, 9))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void a_record_within_a_record_ends_where_it_must() {
        JuteReader in = over("0000000000000001 00000002");

        int end = in.narrow(8);
        in.readInt();
        assertThat(in.remaining()).isEqualTo(4);
        assertThatThrownBy(in::readLong).isInstanceOf(DecodeException.class);
        in.widen(end);

        assertThat(in.readInt()).isEqualTo(2);
        assertThatThrownBy(() -> in.narrow(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void bytes_written_are_read_back_across_growth() {
        JuteWriter out = new JuteWriter(1);
        byte[] large = new byte[100_000];
        large[99_999] = 7;
        out.writeInt(0).writeBuffer(large).writeVector(List.of("a", "b"), JuteWriter::writeString);
        out.patchInt(0, out.length());

        JuteReader in = JuteReader.over(out.toByteArray());
        assertThat(in.readInt()).isEqualTo(out.length());
        assertThat(in.readBuffer()).isEqualTo(large);
        assertThat(in.readVector(4, JuteReader::readString)).containsExactly("a", "b");
    }

    @Test
    void a_writer_gives_back_what_one_large_record_took() {
        JuteWriter out = new JuteWriter(1024);
        out.writeBuffer(new byte[100_000]);

        out.reset(1024);

        assertThat(out.bytes()).hasSize(1024);
        assertThat(out.length()).isZero();
    }

    @Test
    void only_what_has_been_written_can_be_patched() {
        JuteWriter out = new JuteWriter().writeInt(1);

        assertThatThrownBy(() -> out.patchInt(1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> out.patchLong(0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> out.truncate(5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static JuteReader over(String hex) {
        return JuteReader.over(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
