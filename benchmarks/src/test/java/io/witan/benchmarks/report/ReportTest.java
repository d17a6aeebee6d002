package io.witan.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

class ReportTest {

    private static final Row READ = new Row("getData", "10 sync", "100 B");
    private static final Row WRITE = new Row("a <b> & c", "10 × 10", "1 KiB");

    private final Results results = new Results();

    @Test
    void the_middle_of_the_repeats_stands_for_all() {
        repeats(READ, Metric.CPU, "apache", 30, 10, 20);
        repeats(WRITE, Metric.CPU, "apache", 1, 4, 2, 3);

        assertThat(results.summary(READ, Metric.CPU, "apache"))
                .isEqualTo(new Results.Summary(3, 10, 20, 30));
        assertThat(results.summary(WRITE, Metric.CPU, "apache").median()).isEqualTo(2.5);
        assertThat(results.summary(READ, Metric.P50, "apache").isEmpty()).isTrue();
    }

    @Test
    void a_percentile_is_the_value_of_a_round() {
        repeats(READ, Metric.WRITE_AGAIN, "witan", 40, 10, 30, 20);

        assertThat(results.percentile(READ, Metric.WRITE_AGAIN, "witan", 50)).isEqualTo(20);
        assertThat(results.percentile(READ, Metric.WRITE_AGAIN, "witan", 51)).isEqualTo(30);
        assertThat(results.percentile(READ, Metric.WRITE_AGAIN, "witan", 99)).isEqualTo(40);
        assertThat(results.percentile(READ, Metric.WRITE_AGAIN, "apache", 99)).isZero();
    }

    @Test
    void the_ratio_is_that_of_the_medians() {
        repeats(READ, Metric.CPU, "apache", 20, 22, 24);
        repeats(READ, Metric.CPU, "witan", 8, 11, 13);

        assertThat(results.ratio(READ, Metric.CPU, "witan", "apache")).hasValue(0.5);
        assertThat(results.ratio(WRITE, Metric.CPU, "witan", "apache")).isEmpty();
    }

    @Test
    void the_report_shows_both_products_with_spread_and_ratio() {
        repeats(READ, Metric.CPU, "apache", 20, 22, 24);
        repeats(READ, Metric.CPU, "witan", 8, 11, 13);
        repeats(READ, Metric.THROUGHPUT, "apache", 41_000);
        repeats(READ, Metric.THROUGHPUT, "witan", 82_000);

        assertThat(report())
                .contains(
                        "| getData | 10 sync | 100 B | 22.0 ± 2.00 | 11.0 ± 3.00 | **0.50** "
                                + "| 41,000 | 82,000 | **2.00** |");
    }

    @Test
    void the_report_begins_with_the_ratios_over_all_rows() {
        repeats(READ, Metric.CPU, "apache", 20);
        repeats(READ, Metric.CPU, "witan", 5);
        repeats(WRITE, Metric.CPU, "apache", 40);
        repeats(WRITE, Metric.CPU, "witan", 16);

        assertThat(report())
                .contains(
                        "witan's server CPU per operation is 0.25 to 0.40 of apache's, "
                                + "0.33 in the middle of 2 rows.");
    }

    @Test
    void rows_that_measure_the_generator_are_named() {
        repeats(READ, Metric.CPU, "witan", 4);
        repeats(READ, Metric.THROUGHPUT, "witan", 240_000);
        repeats(READ, Metric.GENERATOR_CPU, "witan", 4);
        repeats(WRITE, Metric.CPU, "witan", 9);
        repeats(WRITE, Metric.THROUGHPUT, "witan", 20_000);
        repeats(WRITE, Metric.GENERATOR_CPU, "witan", 9);

        assertThat(report()).contains("the throughput, in: witan getData, 10 sync, 100 B.");
    }

    @Test
    void one_product_alone_has_no_ratio() {
        repeats(READ, Metric.CPU, "witan", 11);
        repeats(READ, Metric.THROUGHPUT, "witan", 50_000);

        assertThat(report())
                .contains("| getData | 10 sync | 100 B | 11.0 | 50,000 |")
                .doesNotContain("ratio");
    }

    @Test
    void a_value_that_is_missing_leaves_a_dash() {
        repeats(READ, Metric.CPU, "witan", 11);
        repeats(READ, Metric.P50, "witan", 0.25);

        assertThat(report()).contains("| getData | 10 sync | 100 B | 0.250 / – / – |");
    }

    @Test
    void the_factor_of_a_snapshot_is_worked_out() {
        repeats(READ, Metric.LATENCY_MAX, "witan", 2);
        repeats(WRITE, Metric.LATENCY_MAX, "witan", 5);

        assertThat(report()).contains("the largest latency is 2.50 times");
    }

    @Test
    void remarks_and_conditions_are_part_of_the_report() {
        results.remark("Other programs used 0.50 cores.");

        assertThat(report())
                .contains("- Other programs used 0.50 cores.")
                .contains("Made by `./witan bench`")
                .contains("- JDK 25")
                .contains("![cpu.svg](cpu.svg)");
    }

    @Test
    void the_raw_values_are_one_a_line() {
        repeats(new Row("one of 1,000 znodes", "", "100 B"), Metric.LIVE_HEAP, "witan", 100.5, 101);

        assertThat(Csv.of(results).lines())
                .containsExactly(
                        "name,load,size,metric,unit,subject,repeat,value",
                        "\"one of 1,000 znodes\",,100 B,live_heap,B,witan,1,100.5000",
                        "\"one of 1,000 znodes\",,100 B,live_heap,B,witan,2,101.0000");
    }

    @Test
    void the_chart_is_well_formed_whatever_the_names_hold() {
        repeats(WRITE, Metric.CPU, "apache", 20, 22);
        repeats(WRITE, Metric.CPU, "witan", 11);

        var svg = BarChart.of(results, Metric.CPU);

        assertThatCode(() ->
                        DocumentBuilderFactory.newInstance()
                                .newDocumentBuilder()
                                .parse(
                                        new ByteArrayInputStream(
                                                svg.getBytes(StandardCharsets.UTF_8))))
                .doesNotThrowAnyException();
        assertThat(svg).contains("a &lt;b&gt; &amp; c").contains("× 0.52").contains(">21.0<");
    }

    @Test
    void numbers_keep_the_digits_that_a_reader_can_use() {
        assertThat(List.of(0.1234, 1.234, 12.34, 123.4, 123_456.7))
                .map(Markdown::number)
                .containsExactly("0.123", "1.23", "12.3", "123", "123,457");
    }

    private void repeats(Row row, Metric metric, String subject, double... values) {
        for (var i = 0; i < values.length; i++) {
            results.add(new Measurement(row, metric, subject, i + 1, values[i]));
        }
    }

    private String report() {
        return Markdown.of(
                results,
                new Markdown.Conditions("./witan bench", List.of("JDK 25"), List.of("cpu.svg")));
    }
}
