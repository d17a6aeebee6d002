package io.witan.wire.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/// Section 2.3 of quorum.
class InitialMessageTest {

    @Test
    void the_first_version_has_one_address() {
        var message = new InitialMessage(InitialMessage.V1, 3, List.of("127.0.0.1:2888"));

        assertThat(message.encode())
                .startsWith(-1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 14);
        assertThat(decoded(message.encode())).isEqualTo(message);
    }

    @Test
    void the_second_version_has_several() {
        var message =
                new InitialMessage(
                        InitialMessage.V2, 3, List.of("[fe80::1%eth0]:2888", "name.example:3"));

        assertThat(decoded(message.encode())).isEqualTo(message);
    }

    @Test
    void an_ancient_server_says_its_number_and_no_more() {
        byte[] bytes = new JuteWriter().writeLong(7).writeLong(-1).toByteArray();

        assertThat(InitialMessage.bytesNeeded(bytes, 0, bytes.length)).isEqualTo(8);
        var message = InitialMessage.decode(bytes, 0, 8);
        assertThat(message).isEqualTo(new InitialMessage(InitialMessage.ANCIENT, 7, List.of()));
        assertThat(message.encode()).hasSize(8);
    }

    /// The original reads once, and refuses what has come in two segments.
    @Test
    void a_message_that_comes_in_pieces_is_waited_for() {
        byte[] bytes = new InitialMessage(InitialMessage.V1, 3, List.of("host:3888")).encode();

        for (int available = 0; available < bytes.length; available++) {
            assertThat(InitialMessage.bytesNeeded(bytes, 0, available))
                    .isGreaterThan(available)
                    .isLessThanOrEqualTo(bytes.length);
        }
        assertThat(InitialMessage.bytesNeeded(bytes, 0, bytes.length)).isEqualTo(bytes.length);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, -65_537, -65_534, Long.MIN_VALUE})
    void a_version_that_nobody_knows_is_refused(long version) {
        byte[] bytes = new JuteWriter().writeLong(version).toByteArray();

        assertThatThrownBy(() -> InitialMessage.bytesNeeded(bytes, 0, 8))
                .isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> decoded(bytes)).isInstanceOf(DecodeException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2049, Integer.MAX_VALUE})
    void addresses_of_impossible_length_are_refused_before_they_come(int length) {
        byte[] bytes =
                new JuteWriter().writeLong(-65_536).writeLong(1).writeInt(length).toByteArray();

        assertThatThrownBy(() -> InitialMessage.bytesNeeded(bytes, 0, bytes.length))
                .isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> decoded(bytes)).isInstanceOf(DecodeException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                "host:",
                "host:0",
                "host:65536",
                "::1:5",
                "a:1|",
                "|a:1",
                "a b:1"
            })
    void an_address_that_is_none_is_refused(String addresses) {
        byte[] bytes =
                new JuteWriter()
                        .writeLong(InitialMessage.V2)
                        .writeLong(1)
                        .writeString(addresses)
                        .toByteArray();

        assertThatThrownBy(() -> decoded(bytes)).isInstanceOf(DecodeException.class);
    }

    @Test
    void more_than_the_message_is_refused() {
        byte[] bytes =
                new JuteWriter()
                        .writeLong(InitialMessage.V1)
                        .writeLong(1)
                        .writeString("a:1")
                        .writeByte(0)
                        .toByteArray();

        assertThatThrownBy(() -> decoded(bytes)).isInstanceOf(DecodeException.class);
    }

    private static InitialMessage decoded(byte[] bytes) {
        return InitialMessage.decode(bytes, 0, bytes.length);
    }
}
