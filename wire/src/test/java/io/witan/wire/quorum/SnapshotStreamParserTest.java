package io.witan.wire.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.data.Acl;
import io.witan.wire.data.StoredStat;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

/// Section 4.5 of quorum.
class SnapshotStreamParserTest {

    private final SnapshotCopy copy = new SnapshotCopy();
    private final SnapshotStreamParser parser = new SnapshotStreamParser(copy, 1000);

    @Test
    void it_stops_at_the_end_of_the_stream_and_takes_no_byte_more() {
        byte[] stream = stream();
        byte[] more = Arrays.copyOf(stream, stream.length + 40);

        assertThat(parser.feed(more, 0, more.length)).isEqualTo(stream.length);
        assertThat(parser.isComplete()).isTrue();
        assertThat(copy.isComplete()).isTrue();
        assertThat(parser.feed(more, stream.length, 40)).isZero();
        assertThat(written()).isEqualTo(stream);
    }

    @Test
    void it_ends_with_the_last_byte_even_if_each_comes_alone() {
        byte[] stream = stream();

        for (int i = 0; i < stream.length; i++) {
            assertThat(parser.isComplete()).isFalse();
            assertThat(parser.feed(new byte[] {stream[i]}, 0, 1)).isEqualTo(1);
        }

        assertThat(parser.isComplete()).isTrue();
        assertThat(written()).isEqualTo(stream);
    }

    @Test
    void an_empty_tree_has_a_stream_too() {
        JuteWriter out = new JuteWriter().writeInt(0).writeInt(0);
        SnapshotStream.writeEnd(out);

        assertThat(parser.feed(out.bytes(), 0, out.length())).isEqualTo(out.length());
        assertThat(parser.isComplete()).isTrue();
    }

    @Test
    void a_wrong_signature_is_refused_and_the_visitor_never_hears_of_an_end() {
        byte[] stream = stream();
        stream[stream.length - 1]++;

        assertThatThrownBy(() -> parser.feed(stream, 0, stream.length))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("signature");
        assertThat(copy.isComplete()).isFalse();
    }

    @Test
    void a_signature_of_another_length_is_refused_before_it_comes() {
        JuteWriter out = new JuteWriter().writeInt(0).writeInt(0).writeString("/").writeInt(11);

        assertThatThrownBy(() -> parser.feed(out.bytes(), 0, out.length()))
                .isInstanceOf(DecodeException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -7, Integer.MIN_VALUE})
    void less_than_nothing_is_no_count(int count) {
        byte[] sessions = new JuteWriter().writeInt(count).toByteArray();
        byte[] acls = new JuteWriter().writeInt(0).writeInt(count).toByteArray();

        assertThatThrownBy(() -> parser.feed(sessions, 0, 4)).isInstanceOf(DecodeException.class);
        var other = new SnapshotStreamParser(copy, 1000);
        assertThatThrownBy(() -> other.feed(acls, 0, 8)).isInstanceOf(DecodeException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -2, 1001, Integer.MAX_VALUE})
    void a_path_of_impossible_length_is_refused_before_it_comes(int length) {
        byte[] bytes = new JuteWriter().writeInt(0).writeInt(0).writeInt(length).toByteArray();

        assertThatThrownBy(() -> parser.feed(bytes, 0, bytes.length))
                .isInstanceOf(DecodeException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 1001, Integer.MAX_VALUE})
    void data_of_impossible_length_is_refused_before_it_comes(int length) {
        byte[] bytes =
                new JuteWriter()
                        .writeInt(0)
                        .writeInt(0)
                        .writeString("/a")
                        .writeInt(length)
                        .toByteArray();

        assertThatThrownBy(() -> parser.feed(bytes, 0, bytes.length))
                .isInstanceOf(DecodeException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 1000, Integer.MAX_VALUE})
    void an_acl_of_impossible_length_is_refused_before_it_comes(int entries) {
        byte[] bytes =
                new JuteWriter()
                        .writeInt(0)
                        .writeInt(1)
                        .writeLong(1)
                        .writeInt(entries)
                        .toByteArray();

        assertThatThrownBy(() -> parser.feed(bytes, 0, bytes.length))
                .isInstanceOf(DecodeException.class);
    }

    /// One of everything: sessions, an ACL, a null one, an empty one; null data, none, some.
    private static byte[] stream() {
        JuteWriter out = new JuteWriter();
        out.writeInt(2).writeLong(5).writeInt(3000).writeLong(6).writeInt(4000);
        out.writeInt(3).writeLong(1);
        Acl.writeList(out, Acl.OPEN);
        out.writeLong(2).writeInt(-1).writeLong(3).writeInt(0);
        znode(out, "", new byte[0]);
        znode(out, "/a", null);
        znode(out, "/a/b", "data".getBytes(UTF_8));
        znode(out, "x", null); // not a path, but no end mark either
        SnapshotStream.writeEnd(out);
        return out.toByteArray();
    }

    private static void znode(JuteWriter out, String path, byte @Nullable [] data) {
        out.writeString(path).writeBuffer(data).writeLong(2);
        new StoredStat(1, 2, 3, 4, 5, 6, 7, 8, 9).write(out);
    }

    private byte[] written() {
        JuteWriter out = new JuteWriter();
        copy.write(out);
        return out.toByteArray();
    }
}
