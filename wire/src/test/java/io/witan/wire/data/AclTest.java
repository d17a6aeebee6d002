package io.witan.wire.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

/// Access control lists are read as they were written, the open one, which needs no decoding, too.
class AclTest {

    private static final Acl ANYONE = new Acl(Perms.ALL, new Id("world", "anyone"));
    private static final Acl READERS = new Acl(Perms.READ, new Id("world", "anyone"));
    private static final Acl SOMEBODY = new Acl(Perms.ALL, new Id("digest", "somebody:x"));

    static List<List<Acl>> lists() {
        return List.of(
                List.of(),
                List.of(ANYONE),
                List.of(READERS),
                List.of(SOMEBODY),
                List.of(ANYONE, SOMEBODY),
                List.of(ANYONE, ANYONE));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void a_list_is_read_as_it_was_written_and_no_byte_more(List<Acl> list) {
        var out = new JuteWriter();
        Acl.writeList(out, list);
        out.writeInt(7);
        var in = JuteReader.over(out.toByteArray());

        assertThat(Acl.readList(in)).isEqualTo(list);
        assertThat(in.readInt()).isEqualTo(7);
        assertThat(in.remaining()).isZero();
    }

    @Test
    void one_that_ends_early_is_refused_at_every_byte() {
        var out = new JuteWriter();
        Acl.writeList(out, List.of(ANYONE));
        for (int length = 0; length < out.length(); length++) {
            var in = new JuteReader(100).reset(out.bytes(), 0, length);

            assertThatThrownBy(() -> Acl.readList(in)).isInstanceOf(DecodeException.class);
        }
    }
}
