package io.witan.benchmarks.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessClockTest {

    @Test
    void the_clock_of_a_process_goes_on_with_what_it_does() {
        var before = ProcessClock.nanos(ProcessHandle.current());
        var sum = 0L;
        for (var i = 0; i < 1_000_000; i++) {
            sum += Long.hashCode(sum) + i;
        }
        var after = ProcessClock.nanos(ProcessHandle.current());

        assertThat(sum).isNotZero();
        assertThat(before).isPositive();
        assertThat(after).isGreaterThan(before);
    }
}
