package io.witan.benchmarks.report;

import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// How one cost of one subject grows with a size.
///
/// The rows that it is made of are named `WHAT GROWS: COST`, and their `size` is a number. What
/// grows is looked at in total: a cost that is measured for one of many things, such as the bytes
/// of a znode, counts times the number of things, so that 1 is the exponent of what is linear
/// whatever the unit.
///
/// @param dimension which size grows
/// @param cost of what
public record Growth(
        String dimension,
        String cost,
        String load,
        Metric metric,
        String subject,
        List<Point> points) {

    /// What is measured for one of the things that grow in number.
    private static final Set<Metric> EACH =
            EnumSet.of(Metric.LIVE_HEAP, Metric.CHILD_CPU, Metric.KIB_CPU);

    /// Of a cost that grew by more than the size did so much is put down to the measurement:
    /// figures that are right within a tenth lie up to a fifth apart.
    private static final double NOISE = 1.25;

    /// A server's heap differs by so much from one look to the next for reasons of its own.
    private static final int OWN_HEAP_BYTES = 4 << 20;

    private static final String SEPARATOR = ": ";

    public record Point(long size, double value) {}

    /// From one size to the next.
    ///
    /// @param exponent of the cost in total, log cost ratio / log size ratio: 0 where the size does
    ///   not matter, 1 where the cost grows as the size does; not a number where there was no cost
    /// @param beyondLinear whether it grew faster than the size, by more than measurements differ
    public record Step(long from, long to, double exponent, boolean beyondLinear) {}

    public Growth {
        points = List.copyOf(points);
    }

    public static Row row(String dimension, String cost, String load, long size) {
        return new Row(dimension + SEPARATOR + cost, load, Long.toString(size));
    }

    /// In the order of their first values; of several values of one size the median.
    public static List<Growth> of(Results results) {
        record Series(String name, String load, Metric metric, String subject) {}
        var rows = new LinkedHashMap<Series, Set<Row>>();
        for (var one : results.measurements()) {
            var row = one.row();
            rows.computeIfAbsent(
                            new Series(row.name(), row.load(), one.metric(), one.subject()),
                            _ -> new LinkedHashSet<>())
                    .add(row);
        }
        var growths = new ArrayList<Growth>();
        rows.forEach((series, sizes) -> {
            var parts = series.name().split(SEPARATOR, 2);
            var points =
                    sizes.stream()
                            .map(row ->
                                    new Point(
                                            Long.parseLong(row.size()),
                                            results.summary(row, series.metric(), series.subject())
                                                    .median()))
                            .toList();
            growths.add(
                    new Growth(
                            parts[0],
                            parts[1],
                            series.load(),
                            series.metric(),
                            series.subject(),
                            points));
        });
        return growths;
    }

    public List<Step> steps() {
        var steps = new ArrayList<Step>();
        for (var i = 1; i < points.size(); i++) {
            steps.add(step(points.get(i - 1), points.get(i)));
        }
        return steps;
    }

    public boolean isBeyondLinear() {
        return steps().stream().anyMatch(Step::beyondLinear);
    }

    /// What all of them together cost, or what the one thing costs that there is.
    double total(Point point) {
        return EACH.contains(metric) ? point.value() * point.size() : point.value();
    }

    private Step step(Point from, Point to) {
        var before = total(from);
        var after = total(to);
        if (before <= 0 || after <= 0) {
            return new Step(from.size(), to.size(), Double.NaN, false);
        }
        var costRatio = after / before;
        var sizeRatio = to.size() / (double) from.size();
        var tellsNothing = metric == Metric.LIVE_HEAP && after - before < OWN_HEAP_BYTES;
        return new Step(
                from.size(),
                to.size(),
                Math.log(costRatio) / Math.log(sizeRatio),
                !tellsNothing && costRatio > sizeRatio * NOISE);
    }
}
