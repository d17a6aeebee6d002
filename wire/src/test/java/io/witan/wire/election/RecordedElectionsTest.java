package io.witan.wire.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.QuorumAuthPacket;
import io.witan.wire.quorum.QuorumRecording;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Everything that real servers were recorded to say on their election ports is understood, and
/// comes out again byte for byte (quorum, sections 2.3, 2.4 and 3.1).
class RecordedElectionsTest {

    static List<QuorumRecording> directions() {
        return QuorumRecording.ofElections();
    }

    @ParameterizedTest
    @MethodSource("directions")
    void every_message_is_understood_and_encoded_again(QuorumRecording direction)
            throws ConfigTextException {
        byte[] bytes = direction.bytes();
        JuteReader in = JuteReader.over(bytes);
        JuteWriter out = new JuteWriter();

        if (direction.fromDialler()) {
            copyInitialMessage(in, out);
        }
        while (in.remaining() >= 8 && startsAuthentication(in)) {
            QuorumAuthPacket.read(in).write(out);
        }
        List<Notification> notifications = new ArrayList<>();
        while (in.remaining() > 0) {
            notifications.add(copyNotification(in, out));
        }

        assertThat(out.toByteArray()).isEqualTo(bytes);
        assertThat(notifications.stream().map(it -> String.valueOf(it.leader())))
                .containsExactlyElementsOf(direction.fields("leader"));
        assertThat(notifications.stream().map(it -> "0x%x".formatted(it.zxid())))
                .containsExactlyElementsOf(direction.fields("zxid"));
        assertThat(notifications.stream().map(it -> "0x%x".formatted(it.electionEpoch())))
                .containsExactlyElementsOf(direction.fields("electionEpoch"));
        assertThat(notifications.stream().map(it -> "0x%x".formatted(it.peerEpoch())))
                .containsExactlyElementsOf(direction.fields("peerEpoch"));
        assertThat(
                        notifications.stream()
                                .map(it ->
                                        it.state()
                                                + " ("
                                                + Notification.stateName(it.state())
                                                + ")"))
                .containsExactlyElementsOf(direction.fields("state"));
        for (Notification notification : notifications) {
            String text = Objects.requireNonNull(notification.configText());
            assertThat(EnsembleConfig.parse(text).text()).isEqualTo(text);
        }
    }

    private static void copyInitialMessage(JuteReader in, JuteWriter out) {
        byte[] bytes = in.bytes();
        int length = InitialMessage.bytesNeeded(bytes, 0, bytes.length);
        for (int available = 0; available < length; available++) {
            assertThat(InitialMessage.bytesNeeded(bytes, 0, available))
                    .isGreaterThan(available)
                    .isLessThanOrEqualTo(length);
        }
        byte[] again = InitialMessage.decode(bytes, 0, length).encode();
        out.writeRaw(again, 0, again.length);
        in.position(length);
    }

    private static Notification copyNotification(JuteReader in, JuteWriter out) {
        int length = in.readInt();
        Notification notification =
                Objects.requireNonNull(Notification.decode(in.bytes(), in.position(), length));
        in.position(in.position() + length);
        out.writeBuffer(notification.encode());
        return notification;
    }

    private static boolean startsAuthentication(JuteReader in) {
        int start = in.position();
        long first = in.readLong();
        in.position(start);
        return first == QuorumAuthPacket.MAGIC;
    }
}
