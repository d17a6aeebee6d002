package io.witan.benchmarks.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CpuTimesTest {

    @Test
    void the_time_of_a_process_is_user_plus_system() {
        var line = "4242 (java) S 1 4242 4242 0 -1 4194304 9 0 0 0 250 125 7 8 20 0 30 0 100 0 0\n";

        assertThat(CpuTimes.processMicrosOf(line)).isEqualTo((250 + 125) * 10_000L);
    }

    @Test
    void a_process_may_have_spaces_and_parentheses_in_its_name() {
        var line = "4242 (a (b) c) S 1 4242 4242 0 -1 4194304 9 0 0 0 1 2 7 8 20 0 30 0 100 0 0\n";

        assertThat(CpuTimes.processMicrosOf(line)).isEqualTo(3 * 10_000L);
    }

    @Test
    void the_machine_is_busy_when_it_neither_idles_nor_waits_for_a_disk() {
        var text =
                """
                cpu  1 20 300 4000 50000 600000 7000000 80000000 9 9
                cpu0 5 5 5 5 5 5 5 5 5 5
                """;

        assertThat(CpuTimes.machineMicrosOf(text))
                .isEqualTo((1 + 20 + 300 + 600_000 + 7_000_000 + 80_000_000L) * 10_000);
    }

    @Test
    void what_neither_server_nor_generator_used_is_somebody_elses() {
        var used = new CpuTimes(1_500_000, 1_000_000, 3_500_000, 2_000_000);

        assertThat(used.otherCores()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void rounding_never_makes_others_negative() {
        assertThat(new CpuTimes(2, 2, 3, 10).otherCores()).isZero();
    }

    @Test
    void differences_are_taken_field_by_field() {
        var before = new CpuTimes(1, 2, 3, 4);
        var after = new CpuTimes(11, 22, 33, 44);

        assertThat(after.since(before)).isEqualTo(new CpuTimes(10, 20, 30, 40));
    }
}
