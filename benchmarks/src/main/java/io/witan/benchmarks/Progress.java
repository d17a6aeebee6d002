package io.witan.benchmarks;

import io.witan.benchmarks.machine.Disturbance;
import io.witan.benchmarks.report.Measurement;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;
import io.witan.benchmarks.report.Results;

import java.io.PrintStream;
import java.util.Locale;

/// Tells the terminal what is going on, one line a result.
final class Progress {

    private final PrintStream out;
    private final long startNanos = System.nanoTime();

    Progress(PrintStream out) {
        this.out = out;
    }

    void heading(String text) {
        out.printf(Locale.ROOT, "%n%s  == %s ==%n", elapsed(), text);
    }

    void step(String text) {
        out.printf(Locale.ROOT, "%s  %s%n", elapsed(), text);
    }

    /// What one repeat of a cell gave, a line a subject, and the ratio of the last to the first.
    void cell(Cell cell, Results results, int repeat) {
        var row = ClosedLoops.row(cell);
        for (var subject : results.subjects()) {
            out.printf(
                    Locale.ROOT,
                    "         %-7s %,9.0f op/s   p50 %7.3f  p99 %7.3f  p99.9 %7.3f ms   "
                            + "CPU %6.2f µs/op (generator %5.2f)%s%n",
                    subject,
                    value(results, row, Metric.THROUGHPUT, subject, repeat),
                    value(results, row, Metric.P50, subject, repeat),
                    value(results, row, Metric.P99, subject, repeat),
                    value(results, row, Metric.P999, subject, repeat),
                    value(results, row, Metric.CPU, subject, repeat),
                    value(results, row, Metric.GENERATOR_CPU, subject, repeat),
                    disturbance(value(results, row, Metric.OTHER_CORES, subject, repeat)));
        }
        if (results.subjects().size() == 2) {
            var reference = results.subjects().getFirst();
            var subject = results.subjects().getLast();
            out.printf(
                    Locale.ROOT,
                    "         %s needs %.2f of %s's CPU and does %.2f of its throughput%n",
                    subject,
                    value(results, row, Metric.CPU, subject, repeat)
                            / value(results, row, Metric.CPU, reference, repeat),
                    reference,
                    value(results, row, Metric.THROUGHPUT, subject, repeat)
                            / value(results, row, Metric.THROUGHPUT, reference, repeat));
        }
    }

    private static String disturbance(double otherCores) {
        return otherCores > Disturbance.CORES_MAX
                ? String.format(Locale.ROOT, "   disturbed: others used %.2f cores", otherCores)
                : "";
    }

    private static double value(
            Results results, Row row, Metric metric, String subject, int repeat) {
        return results.measurements().stream()
                .filter(m -> m.repeat() == repeat && m.metric() == metric)
                .filter(m -> m.row().equals(row) && m.subject().equals(subject))
                .mapToDouble(Measurement::value)
                .findFirst()
                .orElse(Double.NaN);
    }

    private String elapsed() {
        var seconds = (System.nanoTime() - startNanos) / 1_000_000_000;
        return String.format(Locale.ROOT, "%2d:%02d", seconds / 60, seconds % 60);
    }
}
