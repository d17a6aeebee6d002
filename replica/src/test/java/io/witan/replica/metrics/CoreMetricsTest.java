package io.witan.replica.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

class CoreMetricsTest {

    private final CoreMetrics metrics = new CoreMetrics();

    @Test
    void a_counter_is_one_figure_and_a_summary_five_and_a_distribution_nine() {
        metrics.connectsDropped.add(3);
        metrics.changedWatches.add(4);
        metrics.changedWatches.add(7);
        metrics.readLatency.add(2);

        var figures = figures();

        assertThat(figures).containsEntry("connection_drop_count", "3");
        assertThat(figures)
                .containsEntry("avg_node_changed_watch_count", "5.5")
                .containsEntry("min_node_changed_watch_count", "4")
                .containsEntry("max_node_changed_watch_count", "7")
                .containsEntry("cnt_node_changed_watch_count", "2")
                .containsEntry("sum_node_changed_watch_count", "11")
                .doesNotContainKey("p50_node_changed_watch_count");
        assertThat(figures)
                .containsEntry("p50_readlatency", "2")
                .containsEntry("p999_readlatency", "2");
    }

    @Test
    void before_anything_happened_all_is_zero_and_sizes_are_minus_one() {
        assertThat(figures()).containsEntry("last_client_response_size", "-1");
        assertThat(
                        new TreeSet<>(
                                figures().entrySet().stream()
                                        .filter(figure ->
                                                !figure.getKey().endsWith("response_size"))
                                        .map(Map.Entry::getValue)
                                        .toList()))
                .containsExactly("0", "0.0");
    }

    @Test
    void reset_starts_all_anew() {
        var untouched = figures();
        metrics.connectsDropped.increment();
        metrics.changedWatches.add(-4);
        metrics.readLatency.add(2);
        metrics.responseSizes.add(16);

        metrics.reset();

        assertThat(figures()).isEqualTo(untouched);
    }

    @Test
    void quantiles_are_right_to_one_part_in_16_and_never_above_the_greatest_value() {
        var latency = new Distribution();
        for (int i = 1; i <= 1000; i++) {
            latency.add(i);
        }

        assertThat(latency.quantile(0)).isEqualTo(1);
        assertThat(latency.quantile(0.01)).isEqualTo(10);
        assertThat(latency.quantile(0.5)).isBetween(500L, 531L);
        assertThat(latency.quantile(0.99)).isBetween(990L, 1000L);
        assertThat(latency.quantile(1)).isEqualTo(1000);
        latency.add(Long.MAX_VALUE);
        assertThat(latency.quantile(1)).isEqualTo(Long.MAX_VALUE);
        assertThat(new Distribution().quantile(0.5)).isZero();
    }

    @Test
    void response_sizes_are_the_last_the_least_and_the_greatest() {
        metrics.responseSizes.add(100);
        metrics.responseSizes.add(16);
        metrics.responseSizes.add(20);

        assertThat(figures())
                .containsEntry("last_client_response_size", "20")
                .containsEntry("min_client_response_size", "16")
                .containsEntry("max_client_response_size", "100");
    }

    private Map<String, String> figures() {
        var figures = new LinkedHashMap<String, String>();
        metrics.forEach(
                new MetricVisitor() {
                    @Override
                    public void value(String name, long value) {
                        figures.put(name, Long.toString(value));
                    }

                    @Override
                    public void value(String name, double value) {
                        figures.put(name, Double.toString(value));
                    }
                });
        return figures;
    }
}
