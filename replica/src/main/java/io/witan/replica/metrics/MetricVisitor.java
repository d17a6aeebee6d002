package io.witan.replica.metrics;

/// Sees one figure after the other.
public interface MetricVisitor {

    /// @param name as the original names it, without `zk_`
    void value(String name, long value);

    void value(String name, double value);
}
