package io.witan.benchmarks.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class MemoryTest {

    @Test
    void resident_memory_comes_from_VmRSS() {
        var status = "Name:\tjava\nVmHWM:\t  99999 kB\nVmRSS:\t  12345 kB\nThreads:\t30\n";

        assertThat(Memory.residentBytesOf(status)).isEqualTo(12_345L * 1024);
    }

    @Test
    void live_heap_is_the_total_of_the_histogram() {
        var histogram =
                """
                 num     #instances         #bytes  class name (module)
                -------------------------------------------------------
                   1:         10000        5000000  [B (java.base@25)
                Total        123456        7890123
                """;

        assertThat(Memory.liveHeapBytesOf(histogram)).isEqualTo(7_890_123);
    }

    @Test
    void what_jcmd_says_instead_of_a_histogram_is_passed_on() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> Memory.liveHeapBytesOf("4242: no such process"))
                .withMessageContaining("no such process");
    }
}
