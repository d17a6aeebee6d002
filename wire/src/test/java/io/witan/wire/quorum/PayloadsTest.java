package io.witan.wire.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.wire.jute.DecodeException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Sections 4.1 and 4.2 of quorum; the good payloads are in [RecordedPacketsTest].
class PayloadsTest {

    @Test
    void a_learner_may_leave_out_what_old_ones_did_not_know() {
        byte[] whole = new LearnerInfo(5, 0x10000, 9).encode();

        assertThat(LearnerInfo.decode(whole)).isEqualTo(new LearnerInfo(5, 0x10000, 9));
        assertThat(LearnerInfo.decode(Arrays.copyOf(whole, 19)))
                .isEqualTo(new LearnerInfo(5, 0x10000, 0));
        assertThat(LearnerInfo.decode(Arrays.copyOf(whole, 12)))
                .isEqualTo(new LearnerInfo(5, 0x10000, 0));
        assertThat(LearnerInfo.decode(Arrays.copyOf(whole, 8))).isEqualTo(new LearnerInfo(5, 0, 0));
        assertThat(LearnerInfo.decode(Arrays.copyOf(whole, 7)))
                .isEqualTo(new LearnerInfo(LearnerInfo.NO_SID, 0, 0));
        assertThat(LearnerInfo.decode(null)).isEqualTo(new LearnerInfo(LearnerInfo.NO_SID, 0, 0));
    }

    @Test
    void a_learner_may_add_what_later_ones_know() {
        assertThat(LearnerInfo.decode(Arrays.copyOf(new LearnerInfo(5, 6, 7).encode(), 28)))
                .isEqualTo(new LearnerInfo(5, 6, 7));
    }

    @Test
    void no_touched_sessions_are_an_empty_buffer_and_never_null() {
        assertThat(SessionTouch.encode(List.of())).isEmpty();
        assertThat(SessionTouch.decode(new byte[0])).isEmpty();
        assertRefused(SessionTouch::decode, 11, 13);
    }

    @Test
    void a_request_without_its_head_is_refused() {
        assertRefused(
                data -> ForwardedRequest.of(new QuorumPacket(PacketType.REQUEST, -1, data)), 15);
    }

    @Test
    void a_request_may_have_no_body() {
        var request = ForwardedRequest.of(new QuorumPacket(PacketType.REQUEST, -1, new byte[16]));

        assertThat(request.body()).isEmpty();
        assertThat(request.ids()).isNull();
    }

    @Test
    void payloads_of_other_lengths_are_refused() {
        assertRefused(Payloads::protocolVersion, 3, 5);
        assertRefused(Payloads::currentEpoch, 3, 8);
        assertRefused(Payloads::designatedLeader, 7, 9);
        assertRefused(Payloads::informedLeader, 7);
        assertRefused(Payloads::informedTxn, 7);
        assertRefused(Revalidation.Question::decode, 9);
        assertRefused(Revalidation.Answer::decode, 12);
    }

    @Test
    void an_old_leader_says_nothing_of_its_configuration() {
        assertThat(Payloads.configText((byte[]) null)).isNull();
    }

    /// Without data, and with data of other lengths.
    private static void assertRefused(Consumer<byte @Nullable []> decode, int... lengths) {
        assertThatThrownBy(() -> decode.accept(null)).isInstanceOf(DecodeException.class);
        for (int length : lengths) {
            assertThatThrownBy(() -> decode.accept(new byte[length]))
                    .isInstanceOf(DecodeException.class);
        }
    }
}
