package io.witan.wire.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.OpCode;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.TxnCodec;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/// Everything that real servers were recorded to say on their quorum ports is understood, however
/// the stream is split, and comes out again byte for byte (quorum, section 4).
class RecordedPacketsTest {

    static List<QuorumRecording> directions() {
        return QuorumRecording.ofLearners();
    }

    @Test
    void there_are_recordings_of_every_packet() {
        var types =
                directions().stream()
                        .flatMap(direction -> packets(direction).stream())
                        .map(QuorumPacket::type)
                        .distinct()
                        .sorted()
                        .toList();

        assertThat(types)
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
    }

    @ParameterizedTest
    @MethodSource("directions")
    void every_packet_is_the_one_that_was_listed_and_is_encoded_again(QuorumRecording direction) {
        byte[] bytes = direction.bytes();
        int start = authenticationBytes(bytes);
        var stream = new StreamCopy(!direction.fromDialler());

        stream.feed(bytes, start, bytes.length - start);

        assertThat(stream.isAtEnd()).isTrue();
        assertThat(stream.listed(start))
                .isNotEmpty()
                .containsExactlyElementsOf(
                        direction.listed().stream()
                                .filter(message -> !message.endsWith("QuorumAuthPacket"))
                                .toList());
        assertThat(stream.written()).isEqualTo(Arrays.copyOfRange(bytes, start, bytes.length));
    }

    @ParameterizedTest
    @MethodSource("directions")
    void a_stream_can_be_split_anywhere(QuorumRecording direction) {
        byte[] bytes = direction.bytes();
        int start = authenticationBytes(bytes);
        byte[] expected = Arrays.copyOfRange(bytes, start, bytes.length);
        var random = new Random(1);
        for (int pieceMax : new int[] {1, 2, 7, 40, 300}) {
            var stream = new StreamCopy(!direction.fromDialler());
            for (int at = start; at < bytes.length; ) {
                // A piece of an array of its own, so that nothing behind it can be looked at.
                int end = Math.min(bytes.length, at + 1 + random.nextInt(pieceMax));
                byte[] piece = Arrays.copyOfRange(bytes, at, end);
                stream.feed(piece, 0, piece.length);
                at = end;
            }

            assertThat(stream.isAtEnd()).isTrue();
            assertThat(stream.written()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("directions")
    void the_data_of_every_packet_is_understood_and_encoded_again(QuorumRecording direction)
            throws ConfigTextException {
        for (QuorumPacket packet : packets(direction)) {
            assertThat(encodedAgain(packet, direction.fromDialler()))
                    .as("%s", packet)
                    .isEqualTo(packet.data());
        }
    }

    @Test
    void snapshots_hold_what_the_recordings_list() {
        for (String name : List.of("02-observer-snap-and-inform", "04-wiped-follower-snap")) {
            var direction = new QuorumRecording("quorum/learner/" + name, false);
            var stream = new StreamCopy(true);
            byte[] bytes = direction.bytes();

            stream.feed(bytes, 0, bytes.length);

            assertThat(stream.snapshot().isComplete()).isTrue();
            assertThat(stream.snapshot().znodeCount()).isEqualTo(direction.fields("pzxid").size());
        }
    }

    /// Fields that are easily confused, by the word of the recordings' own decoder.
    @Test
    void a_learner_introduces_itself() {
        var direction =
                new QuorumRecording("quorum/learner/01-fresh-follower-diff-and-broadcast", true);
        QuorumPacket first = packets(direction).get(0);

        assertThat(LearnerInfo.decode(first.data()))
                .isEqualTo(new LearnerInfo(1, LearnerInfo.PROTOCOL_VERSION, 0));
    }

    @Test
    void a_forwarded_request_says_who_asks() {
        var direction =
                new QuorumRecording("quorum/learner/01-fresh-follower-diff-and-broadcast", true);
        List<ForwardedRequest> requests =
                packets(direction).stream()
                        .filter(packet -> packet.type() == PacketType.REQUEST)
                        .map(ForwardedRequest::of)
                        .toList();

        assertThat(requests.stream().map(it -> "0x%x".formatted(it.sessionId())).distinct())
                .containsExactly(direction.fields("sessionId").get(0));
        assertThat(requests.stream().map(it -> String.valueOf(it.cxid())))
                .containsExactlyElementsOf(direction.fields("cxid"));
        assertThat(requests.stream().map(it -> it.type() + " (" + OpCode.name(it.type()) + ")"))
                .containsExactlyElementsOf(direction.fields("opcode"));
        assertThat(requests.get(0).ids()).isNull();
        assertThat(requests.get(1).ids()).isNotEmpty().allMatch(id -> "ip".equals(id.scheme()));
    }

    /// The payload decoded and encoded again by what is known of its type.
    private static byte @Nullable [] encodedAgain(QuorumPacket packet, boolean fromLearner)
            throws ConfigTextException {
        byte[] data = packet.data();
        switch (packet.type()) {
            case PacketType.REQUEST -> {
                QuorumPacket again = ForwardedRequest.of(packet).toPacket();
                assertThat(again.zxid()).isEqualTo(packet.zxid());
                assertThat(again.authinfo()).isEqualTo(packet.authinfo());
                return again.data();
            }
            case PacketType.PING -> {
                return fromLearner ? SessionTouch.encode(SessionTouch.decode(data)) : data;
            }
            case PacketType.REVALIDATE -> {
                QuorumPacket again =
                        fromLearner
                                ? Revalidation.Question.decode(data).toPacket()
                                : Revalidation.Answer.decode(data).toPacket();
                assertThat(again.zxid()).isEqualTo(packet.zxid());
                return again.data();
            }
            case PacketType.FOLLOWERINFO, PacketType.OBSERVERINFO -> {
                return LearnerInfo.decode(data).encode();
            }
            case PacketType.LEADERINFO -> {
                return Payloads.protocolVersion(Payloads.protocolVersion(data));
            }
            case PacketType.ACKEPOCH -> {
                return Payloads.currentEpoch(Payloads.currentEpoch(data));
            }
            case PacketType.NEWLEADER -> {
                String text = Objects.requireNonNull(Payloads.configText(data));
                return Payloads.configText(EnsembleConfig.parse(text).text());
            }
            case PacketType.COMMITANDACTIVATE -> {
                return Payloads.designatedLeader(Payloads.designatedLeader(data));
            }
            case PacketType.INFORMANDACTIVATE -> {
                byte[] txn = Payloads.informedTxn(data);
                assertIsTransaction(txn, packet.zxid());
                return Payloads.informAndActivate(Payloads.informedLeader(data), txn);
            }
            case PacketType.PROPOSAL, PacketType.INFORM -> {
                assertIsTransaction(packet.dataNotNull(), packet.zxid());
                return data;
            }
            default -> {
                assertThat(data).isNull();
                return data;
            }
        }
    }

    private static void assertIsTransaction(byte[] txn, long zxid) {
        JuteReader in = JuteReader.over(txn);
        assertThat(TxnCodec.read(in).header().zxid()).isEqualTo(zxid);
        assertThat(in.remaining()).isZero();
    }

    private static List<QuorumPacket> packets(QuorumRecording direction) {
        byte[] bytes = direction.bytes();
        int start = authenticationBytes(bytes);
        var stream = new StreamCopy(!direction.fromDialler());
        stream.feed(bytes, start, bytes.length - start);
        return stream.read();
    }

    /// Steps over the SASL packets at the start, and checks them.
    private static int authenticationBytes(byte[] bytes) {
        JuteReader in = JuteReader.over(bytes);
        JuteWriter out = new JuteWriter();
        while (isAuthentication(in)) {
            QuorumAuthPacket.read(in).write(out);
        }
        assertThat(out.toByteArray()).isEqualTo(Arrays.copyOf(bytes, in.position()));
        return in.position();
    }

    private static boolean isAuthentication(JuteReader in) {
        if (in.remaining() < 8) {
            return false;
        }
        int start = in.position();
        long first = in.readLong();
        in.position(start);
        return first == QuorumAuthPacket.MAGIC;
    }
}
