package io.witan.benchmarks.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WrittenBytesTest {

    @Test
    void what_was_deleted_before_it_was_written_was_not_written() {
        var text =
                """
                rchar: 1
                wchar: 20
                syscr: 300
                syscw: 4000
                read_bytes: 50000
                write_bytes: 8192
                cancelled_write_bytes: 4096
                """;

        assertThat(WrittenBytes.of(text)).isEqualTo(4096);
    }
}
