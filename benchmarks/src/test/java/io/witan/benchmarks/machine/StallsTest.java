package io.witan.benchmarks.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

class StallsTest {

    @Test
    void a_stall_is_a_clock_that_has_gone_on_by_half_a_millisecond_or_more() {
        var stalls = seen(0, 1, 500_001, 500_002, 3_500_002, 3_999_999, 10_000_000);

        assertThat(stalls.nanos()).containsExactly(500_000L, 3_000_000L, 6_000_001L);
        assertThat(stalls.count(Duration.ofMillis(3))).isEqualTo(2);
        assertThat(stalls.longest()).isEqualTo(Duration.ofNanos(6_000_001));
        assertThat(stalls.sum()).isEqualTo(Duration.ofNanos(9_500_001));
    }

    @Test
    void a_machine_without_stalls_has_none() {
        var stalls = seen(0, 400_000, 800_000, 1_299_999, 1_700_000, 2_100_000);

        assertThat(stalls.nanos()).isEmpty();
        assertThat(stalls.longest()).isZero();
    }

    /// What a thread sees whose clock shows these times, until the last.
    private static Stalls seen(long... times) {
        PrimitiveIterator.OfLong clock = LongStream.of(times).iterator();
        return Stalls.seenBy(clock::nextLong, Duration.ofNanos(times[times.length - 1]));
    }
}
