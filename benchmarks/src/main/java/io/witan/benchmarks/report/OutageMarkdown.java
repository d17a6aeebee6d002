package io.witan.benchmarks.report;

import io.witan.benchmarks.report.Measurement.Metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The report of what clients saw while servers went: for each thing that happened the median, the
/// 99th percentile and the largest of its rounds.
public final class OutageMarkdown {

    private final Results results;
    private final StringBuilder out = new StringBuilder();

    private OutageMarkdown(Results results) {
        this.results = results;
    }

    public static String of(String title, Results results, Markdown.Conditions conditions) {
        var markdown = new OutageMarkdown(results);
        markdown.write(title, conditions);
        return markdown.out.toString();
    }

    private void write(String title, Markdown.Conditions conditions) {
        line("# %s: %s".formatted(title, String.join(" and ", results.subjects())));
        line("");
        line("Made by `%s`; what each figure means stands in".formatted(conditions.command()));
        line("[docs/performance.md](../../docs/performance.md).");
        line("");
        conditions.facts().forEach(fact -> line("- " + fact));
        line("");
        conditions.charts().forEach(chart -> line("![%s](%s)\n".formatted(chart, chart)));
        for (var metric : Metric.values()) {
            if (!results.rows(metric).isEmpty()) {
                table(metric);
            }
        }
        if (!results.remarks().isEmpty()) {
            line("## Remarks");
            line("");
            results.remarks().forEach(remark -> line("- " + remark));
            line("");
        }
    }

    private void table(Metric metric) {
        line(
                "## %s%s%s"
                        .formatted(
                                metric.title().substring(0, 1).toUpperCase(Locale.ROOT),
                                metric.title().substring(1),
                                metric.unit().isEmpty() ? "" : ", " + metric.unit()));
        line("");
        var subjects = results.subjects();
        var head = new ArrayList<>(List.of("what happens", "clients", "ensemble", "rounds"));
        for (var subject : subjects) {
            head.add(subject + " median");
            head.add(subject + " least");
            head.add(subject + " p99");
            head.add(subject + " largest");
        }
        if (subjects.size() == 2) {
            head.add("ratio of medians");
        }
        cells(head);
        cells(head.stream().map(_ -> "---").toList());
        for (var row : results.rows(metric)) {
            var cells = new ArrayList<>(List.of(row.name(), row.load(), row.size()));
            var first = results.summary(row, metric, subjects.getFirst());
            cells.add(Integer.toString(first.repeats()));
            for (var subject : subjects) {
                var summary = results.summary(row, metric, subject);
                cells.add("**" + Markdown.number(summary.median()) + "**");
                cells.add(Markdown.number(summary.least()));
                cells.add(Markdown.number(results.percentile(row, metric, subject, 99)));
                cells.add(Markdown.number(summary.greatest()));
            }
            if (subjects.size() == 2) {
                var ratio = results.ratio(row, metric, subjects.getLast(), subjects.getFirst());
                cells.add(
                        ratio.isPresent()
                                ? String.format(Locale.ROOT, "**%.2f**", ratio.getAsDouble())
                                : "");
            }
            cells(cells);
        }
        line("");
    }

    private void cells(List<String> cells) {
        line("| " + String.join(" | ", cells) + " |");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
