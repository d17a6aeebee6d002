package io.witan.replica;

import static io.witan.replica.ConnectThrottle.Kind.GLOBAL_SESSION;
import static io.witan.replica.ConnectThrottle.Kind.LOCAL_SESSION;
import static io.witan.replica.ConnectThrottle.Kind.RENEWAL;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Random;

/// Section 2.13: the token bucket of connect requests.
class ConnectThrottleTest {

    private static ConnectThrottle throttle(int tokens, int fillMillis, int fillCount) {
        return throttle(tokens, fillMillis, fillCount, -1, false);
    }

    private static ConnectThrottle throttle(
            int tokens, int fillMillis, int fillCount, int freezeMillis, boolean weighted) {
        return new ConnectThrottle(
                new ConnectThrottle.Settings(
                        tokens,
                        fillMillis,
                        fillCount,
                        freezeMillis,
                        0.5,
                        0.25,
                        0,
                        weighted,
                        3,
                        2,
                        1),
                new Random(1),
                0);
    }

    @Test
    void without_tokens_there_is_no_throttle() {
        ConnectThrottle off = new ConnectThrottle(ConnectThrottle.Settings.OFF, new Random(1), 0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(off.admits(GLOBAL_SESSION, 0)).isTrue();
        }
    }

    @Test
    void each_request_takes_a_token_and_time_brings_them_back() {
        ConnectThrottle throttle = throttle(2, 10, 1);

        assertThat(throttle.admits(GLOBAL_SESSION, 0)).isTrue();
        assertThat(throttle.admits(RENEWAL, 0)).isTrue();
        assertThat(throttle.admits(GLOBAL_SESSION, 9)).isFalse();
        assertThat(throttle.admits(GLOBAL_SESSION, 10)).isTrue();
        assertThat(throttle.admits(GLOBAL_SESSION, 19)).isFalse();
        assertThat(throttle.admits(GLOBAL_SESSION, 20)).isTrue();
    }

    @Test
    void the_bucket_holds_no_more_than_its_size_however_long_the_pause() {
        ConnectThrottle throttle = throttle(3, 1, Integer.MAX_VALUE);
        long later = Long.MAX_VALUE / 2;

        for (int i = 0; i < 3; i++) {
            assertThat(throttle.admits(GLOBAL_SESSION, later)).isTrue();
        }
        assertThat(throttle.admits(GLOBAL_SESSION, later)).isFalse();
    }

    @Test
    void with_weights_kinds_cost_differently() {
        ConnectThrottle throttle = throttle(6, 1_000, 1, -1, true);

        assertThat(throttle.admits(GLOBAL_SESSION, 0)).isTrue();
        assertThat(throttle.admits(RENEWAL, 0)).isTrue();
        assertThat(throttle.admits(RENEWAL, 0)).isFalse();
        assertThat(throttle.admits(LOCAL_SESSION, 0)).isTrue();
        assertThat(throttle.admits(LOCAL_SESSION, 0)).isFalse();
    }

    @Test
    void while_the_bucket_is_empty_the_chance_of_refusal_grows_and_later_falls() {
        ConnectThrottle throttle = throttle(1, 1_000, 1, 0, false);
        throttle.admits(GLOBAL_SESSION, 0);
        assertThat(throttle.dropChance()).isZero();

        throttle.admits(GLOBAL_SESSION, 1);
        throttle.admits(GLOBAL_SESSION, 2);
        assertThat(throttle.dropChance()).isEqualTo(1.0);
        assertThat(throttle.admits(GLOBAL_SESSION, 3)).isFalse();

        throttle.admits(GLOBAL_SESSION, 5_000);
        assertThat(throttle.dropChance()).isEqualTo(0.75);
    }
}
