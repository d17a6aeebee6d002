package io.witan.replica.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIdsTest {

    /// The time of the start was shifted with its sign, which overwrote the id of the server: two
    /// servers could make the same session.
    @ParameterizedTest
    @ValueSource(longs = {1, 3, 127, 128, 254})
    void ZK_1622_the_highest_byte_is_the_server_whenever_it_started(long sid) {
        for (long start : new long[] {0, 1_700_000_000_000L, 1L << 39, (1L << 40) - 1, -1}) {
            SessionIds ids = new SessionIds(sid, start);

            assertThat(ids.next() >>> 56).isEqualTo(sid);
            assertThat(ids.next() >>> 56).isEqualTo(sid);
        }
    }
}
