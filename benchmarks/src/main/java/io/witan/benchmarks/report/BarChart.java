package io.witan.benchmarks.report;

import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;

import java.util.List;
import java.util.Locale;

/// One metric as horizontal bars, a group a row, a bar a subject, with whiskers from the least to
/// the greatest repeat; an SVG that needs no script and no font of its own.
///
/// Each group has its own scale, the reference's bar being full: operations differ a hundredfold in
/// cost, and it is the ratio within a group that the picture is about. The values stand beside the
/// bars.
public final class BarChart {

    private static final int WIDTH = 900;
    private static final int LABEL_PIXELS_PER_LETTER = 7;
    private static final int LABEL_MARGIN = 24;
    private static final int VALUE_WIDTH = 190;
    private static final int BAR_HEIGHT = 11;
    private static final int GROUP_GAP = 10;
    private static final int TOP = 74;
    private static final int BOTTOM = 14;
    private static final List<String> COLOURS = List.of("#9aa3ad", "#1f6feb");

    private final Results results;
    private final Metric metric;
    private final int labelWidth;
    private final int plotWidth;
    private final Svg svg = new Svg();

    private BarChart(Results results, Metric metric) {
        this.results = results;
        this.metric = metric;
        labelWidth =
                LABEL_MARGIN
                        + results.rows(metric).stream()
                                .mapToInt(row -> row.label().length() * LABEL_PIXELS_PER_LETTER)
                                .max()
                                .orElse(0);
        plotWidth = WIDTH - labelWidth - VALUE_WIDTH;
    }

    public static String of(Results results, Metric metric) {
        var chart = new BarChart(results, metric);
        chart.draw();
        return chart.svg.end();
    }

    private void draw() {
        var rows = results.rows(metric);
        var subjects = results.subjects();
        var groupHeight = subjects.size() * BAR_HEIGHT + GROUP_GAP;
        var height = TOP + rows.size() * groupHeight + BOTTOM;
        svg.begin(WIDTH, height);
        svg.text(16, 26, "start", "font-size=\"17\" font-weight=\"600\"", title());
        legend(subjects);
        var y = TOP;
        for (var row : rows) {
            group(row, subjects, y);
            y += groupHeight;
        }
    }

    private String title() {
        return "%s%s, %s (%s is better)"
                .formatted(
                        metric.title().substring(0, 1).toUpperCase(Locale.ROOT),
                        metric.title().substring(1),
                        metric.unit(),
                        metric.moreIsBetter() ? "more" : "less");
    }

    private void legend(List<String> subjects) {
        var x = 16;
        for (var i = 0; i < subjects.size(); i++) {
            svg.add(
                    "<rect x=\"%d\" y=\"42\" width=\"12\" height=\"12\" fill=\"%s\"/>\n"
                            .formatted(x, colour(i)));
            svg.text(x + 18, 52, "start", "", subjects.get(i));
            x += 90;
        }
        svg.text(
                x,
                52,
                "start",
                "fill=\"#59636e\"",
                "bar: median of the repeats; line: least to greatest; each group has its own scale");
    }

    private void group(Row row, List<String> subjects, int top) {
        var middle = top + subjects.size() * BAR_HEIGHT / 2 + 4;
        svg.text(labelWidth - 12, middle, "end", "", row.label());
        var full =
                subjects.stream()
                        .mapToDouble(subject -> results.summary(row, metric, subject).greatest())
                        .max()
                        .orElse(1);
        for (var i = 0; i < subjects.size(); i++) {
            bar(row, subjects.get(i), colour(i), top + i * BAR_HEIGHT, full);
        }
        if (subjects.size() == 2) {
            var ratio = results.ratio(row, metric, subjects.getLast(), subjects.getFirst());
            if (ratio.isPresent()) {
                svg.text(
                        WIDTH - 16,
                        middle,
                        "end",
                        "font-weight=\"600\"",
                        String.format(Locale.ROOT, "× %.2f", ratio.getAsDouble()));
            }
        }
    }

    private void bar(Row row, String subject, String colour, int y, double full) {
        var summary = results.summary(row, metric, subject);
        if (summary.isEmpty()) {
            return;
        }
        var scale = full > 0 ? plotWidth / full : 0;
        svg.add(
                "<rect x=\"%d\" y=\"%d\" width=\"%s\" height=\"%d\" fill=\"%s\"/>\n"
                        .formatted(
                                labelWidth,
                                y,
                                Svg.pixels(summary.median() * scale),
                                BAR_HEIGHT - 1,
                                colour));
        if (summary.repeats() > 1) {
            svg.add(
                    "<path d=\"M%s %dH%s\" stroke=\"#1f2328\" stroke-width=\"1\"/>\n"
                            .formatted(
                                    Svg.pixels(labelWidth + summary.least() * scale),
                                    y + BAR_HEIGHT / 2,
                                    Svg.pixels(labelWidth + summary.greatest() * scale)));
        }
        svg.text(
                labelWidth + (int) (summary.greatest() * scale) + 6,
                y + BAR_HEIGHT - 2,
                "start",
                "font-size=\"10\" fill=\"#59636e\"",
                Markdown.number(summary.median()));
    }

    private static String colour(int subject) {
        return COLOURS.get(subject % COLOURS.size());
    }
}
