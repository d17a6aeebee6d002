package io.witan.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.witan.benchmarks.report.Growth.Point;
import io.witan.benchmarks.report.Measurement.Metric;

import org.junit.jupiter.api.Test;

import java.util.List;

class GrowthTest {

    private final Results results = new Results();

    @Test
    void a_cost_that_the_size_does_not_matter_to_has_exponent_zero_and_a_linear_one_has_one() {
        assertThat(exponents(growth(Metric.CPU, 5, 5, 5))).containsExactly(0.0, 0.0);
        assertThat(exponents(growth(Metric.CPU, 5, 50, 500))).containsExactly(1.0, 1.0);
        assertThat(growth(Metric.CPU, 5, 50, 500).isBeyondLinear()).isFalse();
    }

    @Test
    void the_exponent_is_that_from_each_size_to_the_next() {
        var growth =
                new Growth(
                        "servers",
                        "setData",
                        "",
                        Metric.CPU,
                        "witan",
                        List.of(new Point(1, 10), new Point(4, 20), new Point(16, 320)));

        assertThat(growth.steps().get(0).exponent()).isCloseTo(0.5, within(1e-9));
        assertThat(growth.steps().get(1).exponent()).isCloseTo(2.0, within(1e-9));
        assertThat(growth.steps().get(0).beyondLinear()).isFalse();
        assertThat(growth.steps().get(1).beyondLinear()).isTrue();
        assertThat(growth.isBeyondLinear()).isTrue();
    }

    @Test
    void what_is_measured_for_one_of_many_counts_as_often_as_there_are() {
        assertThat(exponents(growth(Metric.LIVE_HEAP, 90, 90, 90))).containsExactly(1.0, 1.0);
        assertThat(growth(Metric.CHILD_CPU, 1, 1, 1).isBeyondLinear()).isFalse();
        assertThat(growth(Metric.CHILD_CPU, 1, 2, 4).isBeyondLinear()).isTrue();
    }

    @Test
    void a_quarter_more_than_linear_is_put_down_to_the_measurement() {
        assertThat(growth(Metric.CPU, 1, 12.4, 124).isBeyondLinear()).isFalse();
        assertThat(growth(Metric.CPU, 1, 12.6, 126).isBeyondLinear()).isTrue();
    }

    @Test
    void a_little_heap_says_nothing() {
        var little = List.of(new Point(1_000, 10), new Point(10_000, 90));
        var much = List.of(new Point(1_000_000, 10), new Point(10_000_000, 90));

        assertThat(heap(little).isBeyondLinear()).isFalse();
        assertThat(heap(much).isBeyondLinear()).isTrue();
    }

    @Test
    void without_a_cost_there_is_no_exponent() {
        assertThat(exponents(growth(Metric.CPU, 0, 5, 50))).containsExactly(Double.NaN, 1.0);
    }

    @Test
    void rows_of_one_cost_are_brought_together_by_size_and_windows_by_their_median() {
        add("znodes: getData", 1_000, Metric.CPU, 1, 5);
        add("znodes: getData", 1_000, Metric.CPU, 2, 9);
        add("znodes: getData", 1_000, Metric.CPU, 3, 6);
        add("znodes: one znode", 1_000, Metric.LIVE_HEAP, 1, 190);
        add("znodes: getData", 10_000, Metric.CPU, 1, 7);

        assertThat(Growth.of(results))
                .containsExactly(
                        new Growth(
                                "znodes",
                                "getData",
                                "",
                                Metric.CPU,
                                "witan",
                                List.of(new Point(1_000, 6), new Point(10_000, 7))),
                        new Growth(
                                "znodes",
                                "one znode",
                                "",
                                Metric.LIVE_HEAP,
                                "witan",
                                List.of(new Point(1_000, 190))));
    }

    @Test
    void the_report_has_a_table_a_size_and_marks_what_grows_too_fast() {
        add("open sessions: idle", 100, Metric.IDLE_CPU, 1, 2);
        add("open sessions: idle", 1_000, Metric.IDLE_CPU, 1, 40);
        add("znodes: getData", 1_000, Metric.CPU, 1, 5);
        add("znodes: getData", 10_000, Metric.CPU, 1, 5);

        assertThat(report())
                .contains("## Open sessions", "## Znodes")
                .contains(
                        "Faster than linearly: server CPU of all together of idle with open sessions")
                .contains(
                        "| idle, server CPU of all together |  | ms/s | witan | 2.00 | 40.0 | **1.30!** |")
                .contains("| getData, server CPU |  | µs/op | witan | 5.00 | 5.00 | 0.00 |");
        assertThat(GrowthChart.of(results))
                .startsWith("<svg")
                .contains(">znodes<", ">open sessions<");
    }

    @Test
    void the_report_says_so_where_nothing_grows_too_fast() {
        add("znodes: getData", 1_000, Metric.CPU, 1, 5);

        assertThat(report()).contains("Nothing grows faster than linearly.");
    }

    private String report() {
        return ScaleMarkdown.of(
                results, new Markdown.Conditions("./witan bench scale", List.of(), List.of()));
    }

    private void add(String name, int size, Metric metric, int window, double value) {
        var parts = name.split(": ", 2);
        var row = Growth.row(parts[0], parts[1], "", size);
        results.add(new Measurement(row, metric, "witan", window, value));
    }

    /// At 100,000, 1,000,000 and 10,000,000 things.
    private static Growth growth(Metric metric, double first, double second, double third) {
        return new Growth(
                "things",
                "cost",
                "",
                metric,
                "witan",
                List.of(
                        new Point(100_000, first),
                        new Point(1_000_000, second),
                        new Point(10_000_000, third)));
    }

    private static Growth heap(List<Point> points) {
        return new Growth("things", "one", "", Metric.LIVE_HEAP, "witan", points);
    }

    private static List<Double> exponents(Growth growth) {
        return growth.steps().stream().map(Growth.Step::exponent).map(GrowthTest::rounded).toList();
    }

    private static double rounded(double value) {
        return Double.isNaN(value) ? value : Math.round(value * 1e6) / 1e6;
    }
}
