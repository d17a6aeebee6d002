package io.witan.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChanceTest {

    /// Fixed once and for all: recorded seeds are worth nothing if this changes.
    @Test
    void the_same_seed_and_concern_draw_the_same_on_every_machine() {
        assertThat(first(42, "network")).isEqualTo(494_249_958L);
    }

    @Test
    void concerns_and_seeds_draw_independently() {
        assertThat(first(42, "network")).isNotEqualTo(first(42, "disk"));
        assertThat(first(42, "network")).isNotEqualTo(first(43, "network"));
    }

    @Test
    void magnitudes_stay_within_their_bounds() {
        Chance chance = Chance.of(1, "magnitudes");
        for (int i = 0; i < 1000; i++) {
            assertThat(chance.magnitude(10, 1000)).isBetween(10.0, 1000.0);
        }
    }

    private static long first(long seed, String concern) {
        return Chance.of(seed, concern).between(0L, 1_000_000_000L);
    }
}
