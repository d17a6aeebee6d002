package io.witan.benchmarks.report;

import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// Everything measured so far, in the order it was measured.
public final class Results {

    private final List<Measurement> measurements = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private int failures;

    public void add(Measurement measurement) {
        measurements.add(measurement);
    }

    /// Something a reader must know before they trust a number.
    public void remark(String sentence) {
        remarks.add(sentence);
    }

    /// A part of the run that gave no value; the others go on.
    public void failed(String sentence) {
        failures++;
        remarks.add(sentence);
    }

    public boolean isComplete() {
        return failures == 0;
    }

    public List<Measurement> measurements() {
        return List.copyOf(measurements);
    }

    public List<String> remarks() {
        return List.copyOf(remarks);
    }

    /// The rows that have a value of this metric, in the order they first appeared.
    public List<Row> rows(Metric metric) {
        return measurements.stream()
                .filter(measurement -> measurement.metric() == metric)
                .map(Measurement::row)
                .distinct()
                .toList();
    }

    public List<String> subjects() {
        return measurements.stream().map(Measurement::subject).distinct().toList();
    }

    /// The least value that so many percent of the rounds do not exceed.
    public double percentile(Row row, Metric metric, String subject, double percent) {
        var sorted = sorted(row, metric, subject);
        var rank = (int) Math.ceil(sorted.length * percent / 100);
        return sorted.length == 0 ? 0 : sorted[Math.max(0, rank - 1)];
    }

    /// The middle of the repeats and how far they lie apart; nothing if there is no value.
    public Summary summary(Row row, Metric metric, String subject) {
        return Summary.of(sorted(row, metric, subject));
    }

    private double[] sorted(Row row, Metric metric, String subject) {
        return measurements.stream()
                .filter(measurement -> measurement.row().equals(row))
                .filter(measurement -> measurement.metric() == metric)
                .filter(measurement -> measurement.subject().equals(subject))
                .mapToDouble(Measurement::value)
                .sorted()
                .toArray();
    }

    /// What `subject` needs or does, as a multiple of `reference`.
    public OptionalDouble ratio(Row row, Metric metric, String subject, String reference) {
        var of = summary(row, metric, subject);
        var to = summary(row, metric, reference);
        return of.isEmpty() || to.isEmpty() || to.median() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(of.median() / to.median());
    }

    /// The median of some repeats with the least and the greatest of them.
    public record Summary(int repeats, double least, double median, double greatest) {

        static Summary of(double[] sorted) {
            var count = sorted.length;
            if (count == 0) {
                return new Summary(0, 0, 0, 0);
            }
            var median =
                    count % 2 == 1
                            ? sorted[count / 2]
                            : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
            return new Summary(count, sorted[0], median, sorted[count - 1]);
        }

        public boolean isEmpty() {
            return repeats == 0;
        }
    }
}
