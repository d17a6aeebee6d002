package io.witan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.stream.Collectors;

class CellTest {

    @Test
    void every_workload_is_measured_also_by_the_quick_run() {
        assertThat(Cell.standard()).extracting(Cell::workload).contains(Workload.values());
        assertThat(Cell.quick()).extracting(Cell::workload).contains(Workload.values());
    }

    @Test
    void no_row_is_measured_twice() {
        assertThat(new HashSet<>(Cell.standard())).hasSameSizeAs(Cell.standard());
        assertThat(Cell.standard().stream().map(Cell::label).collect(Collectors.toSet()))
                .hasSameSizeAs(Cell.standard());
    }

    @Test
    void a_row_says_how_its_clients_ask() {
        assertThat(new Cell(Workload.GET_DATA, 10, 1, 100).label())
                .isEqualTo("getData 10 sync, 100 B");
        assertThat(new Cell(Workload.SET_DATA, 10, 100, 1024).label())
                .isEqualTo("setData 10 × 100, 1 KiB");
    }
}
