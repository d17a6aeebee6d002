package io.witan.wire.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.wire.data.Id;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class QuorumPacketParserTest {

    private static final QuorumPacket ACK = new QuorumPacket(PacketType.ACK, 7);

    private final QuorumPacketParser parser = new QuorumPacketParser(100);

    @Test
    void it_stops_behind_each_packet() {
        byte[] two = bytes(ACK, new QuorumPacket(PacketType.PING, 8, new byte[0]));

        assertThat(parser.feed(two, 0, two.length)).isEqualTo(20);
        assertThat(parser.take()).isEqualTo(ACK);
        assertThat(parser.feed(two, 20, 20)).isEqualTo(20);
        assertThat(parser.take())
                .satisfies(packet -> {
                    assertThat(packet.type()).isEqualTo(PacketType.PING);
                    assertThat(packet.zxid()).isEqualTo(8);
                    assertThat(packet.data()).isEmpty();
                });
        assertThat(parser.isBetweenPackets()).isTrue();
    }

    @Test
    void nothing_is_there_to_take_before_the_end_has_come() {
        byte[] bytes = bytes(ACK);

        assertThat(parser.feed(bytes, 0, 19)).isEqualTo(19);
        assertThat(parser.take()).isNull();
        assertThat(parser.isBetweenPackets()).isFalse();
        assertThat(parser.feed(bytes, 19, 1)).isEqualTo(1);
        assertThat(parser.take()).isEqualTo(ACK);
        assertThat(parser.take()).isNull();
    }

    @Test
    void a_packet_that_was_not_taken_is_not_lost() {
        byte[] bytes = bytes(ACK);
        parser.feed(bytes, 0, bytes.length);

        assertThatThrownBy(() -> parser.feed(bytes, 0, bytes.length))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void identities_can_be_null_in_part() {
        var packet =
                new QuorumPacket(
                        PacketType.REQUEST,
                        -1,
                        new byte[] {1},
                        List.of(new Id(null, "a"), new Id("ip", null), new Id("super", "")));
        byte[] bytes = bytes(packet);

        assertThat(parser.feed(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        assertThat(parser.take())
                .usingRecursiveComparison()
                .withStrictTypeChecking()
                .isEqualTo(packet);
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 101, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void data_of_impossible_length_is_refused_before_it_comes(int length) {
        byte[] bytes = new JuteWriter().writeInt(2).writeLong(1).writeInt(length).toByteArray();

        assertThatThrownBy(() -> parser.feed(bytes, 0, bytes.length))
                .isInstanceOf(DecodeException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {30, Integer.MAX_VALUE})
    void more_identities_than_a_packet_can_hold_are_refused_before_they_come(int count) {
        byte[] bytes =
                new JuteWriter()
                        .writeInt(1)
                        .writeLong(1)
                        .writeInt(-1)
                        .writeInt(count)
                        .toByteArray();

        assertThatThrownBy(() -> parser.feed(bytes, 0, bytes.length))
                .isInstanceOf(DecodeException.class);
    }

    @Test
    void a_packet_that_grows_too_large_with_its_identities_is_refused() {
        var id = new Id("a".repeat(90), "b".repeat(90));
        byte[] bytes = bytes(new QuorumPacket(1, -1, null, List.of(id, id)));

        assertThatThrownBy(() -> parser.feed(bytes, 0, bytes.length))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("220");
    }

    private static byte[] bytes(QuorumPacket... packets) {
        JuteWriter out = new JuteWriter();
        for (QuorumPacket packet : packets) {
            packet.write(out);
        }
        return out.toByteArray();
    }
}
