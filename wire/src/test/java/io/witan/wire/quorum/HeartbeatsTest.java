package io.witan.wire.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.data.Id;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;

class HeartbeatsTest {

    @Test
    void what_is_promised_is_understood() {
        assertThat(Heartbeats.promised(ping(Heartbeats.promise(200)))).isEqualTo(200);
    }

    @Test
    void what_is_no_promise_promises_nothing() {
        for (List<Id> ids :
                List.<List<Id>>of(
                        List.of(),
                        Heartbeats.HEEDED,
                        List.of(new Id("ip", "200")),
                        List.of(new Id("witan-heartbeat", null)),
                        List.of(new Id(null, null)),
                        List.of(new Id("witan-heartbeat", "-5")),
                        List.of(new Id("witan-heartbeat", "99999999999")),
                        List.of(new Id("witan-heartbeat", "1"), new Id("witan-heartbeat", "1")))) {
            assertThat(Heartbeats.promised(ping(ids))).as("%s", ids).isZero();
        }
        assertThat(Heartbeats.promised(ping(null))).isZero();
    }

    @Test
    void a_learner_of_the_original_heeds_nothing() {
        assertThat(Heartbeats.areHeeded(new QuorumPacket(PacketType.FOLLOWERINFO, 0))).isFalse();
        assertThat(
                        Heartbeats.areHeeded(
                                new QuorumPacket(
                                        PacketType.FOLLOWERINFO, 0, null, Heartbeats.HEEDED)))
                .isTrue();
    }

    private static QuorumPacket ping(@Nullable List<Id> ids) {
        return new QuorumPacket(PacketType.PING, 0, null, ids);
    }
}
