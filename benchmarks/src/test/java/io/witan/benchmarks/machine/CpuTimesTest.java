package io.witan.benchmarks.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CpuTimesTest {

    private static final String NUMBERS = "1 2 3 4 5 6 7 8 9";

    @Test
    void the_time_of_a_process_is_user_plus_system() {
        assertThat(CpuTimes.Stat.of(line(4242, "java", 1)).ownMicros())
                .isEqualTo((250 + 125) * 10_000L);
    }

    @Test
    void a_process_may_have_spaces_and_parentheses_in_its_name() {
        var stat = CpuTimes.Stat.of(line(4242, "a (b) c", 1));

        assertThat(stat).isEqualTo(new CpuTimes.Stat(4242, 1, 250 + 125, 7 + 8));
    }

    @Test
    void another_program_has_used_what_its_ended_children_have() {
        assertThat(CpuTimes.Stat.of(line(4242, "sh", 1)).otherMicros())
                .isEqualTo((250 + 125 + 7 + 8) * 10_000L);
    }

    @Test
    void threads_of_the_kernel_are_no_other_programs() {
        assertThat(CpuTimes.Stat.of(line(2, "kthreadd", 0)).otherMicros()).isZero();
        assertThat(CpuTimes.Stat.of(line(77, "jbd2/vda-8", 2)).otherMicros()).isZero();
    }

    @Test
    void what_the_hypervisor_gave_to_others_is_stolen() {
        var text =
                """
                cpu  1 20 300 4000 50000 600000 7000000 80000000 9 9
                cpu0 5 5 5 5 5 5 5 5 5 5
                """;

        assertThat(CpuTimes.stolenMicrosOf(text)).isEqualTo(80_000_000L * 10_000);
    }

    @Test
    void what_others_used_is_a_share_of_a_core() {
        var used = new CpuTimes(1_500_000, 1_000_000, 500_000, 2_000_000);

        assertThat(used.otherCores()).isCloseTo(0.25, within(1e-9));
    }

    @Test
    void others_that_have_ended_never_make_it_negative() {
        assertThat(new CpuTimes(2, 2, -3, 10).otherCores()).isZero();
    }

    @Test
    void differences_are_taken_field_by_field() {
        var before = new CpuTimes(1, 2, 3, 4);
        var after = new CpuTimes(11, 22, 33, 44);

        assertThat(after.since(before)).isEqualTo(new CpuTimes(10, 20, 30, 40));
    }

    private static String line(long pid, String name, long parent) {
        return "%d (%s) S %d %s 250 125 7 8 20 0 30 0 100 0 0%n"
                .formatted(pid, name, parent, NUMBERS);
    }
}
