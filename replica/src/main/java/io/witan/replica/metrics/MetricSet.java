package io.witan.replica.metrics;

import java.util.ArrayList;
import java.util.List;

/// Counters and summaries with the names under which they are shown, in the order in which they
/// were made.
public final class MetricSet {

    /// @param name without `zk_`
    /// @param meaning what it counts, and what a bad value means
    public record Named(String name, String meaning, Object metric) {}

    private final List<Named> metrics = new ArrayList<>();

    public MetricSet() {}

    public Counter counter(String name, String meaning) {
        return add(name, meaning, new Counter());
    }

    public Summary summary(String name, String meaning) {
        return add(name, meaning, new Summary());
    }

    public Distribution distribution(String name, String meaning) {
        return add(name, meaning, new Distribution());
    }

    private <M> M add(String name, String meaning, M metric) {
        metrics.add(new Named(name, meaning, metric));
        return metric;
    }

    /// All of them, for the page that explains them.
    public List<Named> named() {
        return List.copyOf(metrics);
    }

    /// Shows everything, a summary as its `avg_`, `min_`, `max_`, `cnt_`, `sum_` and, if it has
    /// them, quantiles.
    public void forEach(MetricVisitor visitor) {
        for (var named : metrics) {
            switch (named.metric()) {
                case Counter counter -> visitor.value(named.name(), counter.count());
                case Summary summary -> show(named.name(), summary, visitor);
                default -> throw new IllegalStateException(named.name());
            }
        }
    }

    private static void show(String name, Summary summary, MetricVisitor visitor) {
        visitor.value("avg_" + name, summary.mean());
        visitor.value("min_" + name, summary.min());
        visitor.value("max_" + name, summary.max());
        visitor.value("cnt_" + name, summary.count());
        visitor.value("sum_" + name, summary.sum());
        if (summary instanceof Distribution distribution) {
            visitor.value("p50_" + name, distribution.quantile(0.5));
            visitor.value("p95_" + name, distribution.quantile(0.95));
            visitor.value("p99_" + name, distribution.quantile(0.99));
            visitor.value("p999_" + name, distribution.quantile(0.999));
        }
    }

    /// Starts all anew.
    public void reset() {
        for (var named : metrics) {
            switch (named.metric()) {
                case Counter counter -> counter.reset();
                case Summary summary -> summary.reset();
                default -> throw new IllegalStateException(named.name());
            }
        }
    }
}
