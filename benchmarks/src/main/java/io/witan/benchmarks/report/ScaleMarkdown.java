package io.witan.benchmarks.report;

import io.witan.benchmarks.report.Growth.Point;
import io.witan.benchmarks.report.Growth.Step;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The report of how costs grow: a table for each size that grows, a row a cost, a column a size.
public final class ScaleMarkdown {

    private final List<Growth> growths;
    private final StringBuilder out = new StringBuilder();

    private ScaleMarkdown(List<Growth> growths) {
        this.growths = growths;
    }

    public static String of(Results results, Markdown.Conditions conditions) {
        var markdown = new ScaleMarkdown(Growth.of(results));
        markdown.write(results, conditions);
        return markdown.out.toString();
    }

    private void write(Results results, Markdown.Conditions conditions) {
        line("# How costs grow: " + String.join(" and ", results.subjects()));
        line("");
        line(
                "Made by `%s`; what each figure means, and what follows from them, stands in"
                        .formatted(conditions.command()));
        line("[docs/scale.md](../../docs/scale.md).");
        line("");
        conditions.facts().forEach(fact -> line("- " + fact));
        line("");
        conditions.charts().forEach(chart -> line("![%s](%s)\n".formatted(chart, chart)));
        line(
                "**Growth** is the exponent of the cost in total from each size to the next: 0 where the size does not");
        line(
                "matter, 1 where the cost grows as the size does. **Faster than linearly** (bold, with a !) is what grew more than");
        line("a quarter more than the size.");
        line("");
        line(verdict());
        line("");
        growths.stream().map(Growth::dimension).distinct().forEach(this::table);
        if (!results.remarks().isEmpty()) {
            line("## Remarks");
            line("");
            results.remarks().forEach(remark -> line("- " + remark));
            line("");
        }
    }

    private String verdict() {
        var beyond = growths.stream().filter(Growth::isBeyondLinear).toList();
        return beyond.isEmpty()
                ? "Nothing grows faster than linearly."
                : "Faster than linearly: "
                        + beyond.stream()
                                .map(one ->
                                        "%s of %s with %s (%s)"
                                                .formatted(
                                                        one.metric().title(),
                                                        one.cost(),
                                                        one.dimension(),
                                                        one.subject()))
                                .collect(Collectors.joining("; "))
                        + ".";
    }

    private void table(String dimension) {
        line("## " + dimension.substring(0, 1).toUpperCase(Locale.ROOT) + dimension.substring(1));
        line("");
        var rows = growths.stream().filter(one -> one.dimension().equals(dimension)).toList();
        var sizes = new TreeSet<Long>();
        rows.forEach(row -> row.points().forEach(point -> sizes.add(point.size())));
        var head = new ArrayList<>(List.of("cost", "load", "unit", "of"));
        sizes.forEach(size -> head.add("%,d".formatted(size)));
        head.add("growth");
        cells(head);
        cells(head.stream().map(_ -> "---").toList());
        for (var row : rows) {
            var cells =
                    new ArrayList<>(
                            List.of(
                                    "%s, %s".formatted(row.cost(), row.metric().title()),
                                    row.load(),
                                    row.metric().unit(),
                                    row.subject()));
            sizes.forEach(size -> cells.add(value(row, size)));
            cells.add(
                    row.steps().stream()
                            .map(ScaleMarkdown::exponent)
                            .collect(Collectors.joining(", ")));
            cells(cells);
        }
        line("");
    }

    private static String value(Growth growth, long size) {
        return growth.points().stream()
                .filter(point -> point.size() == size)
                .mapToDouble(Point::value)
                .mapToObj(Markdown::number)
                .findFirst()
                .orElse("");
    }

    private static String exponent(Step step) {
        if (Double.isNaN(step.exponent())) {
            return "–";
        }
        var number = String.format(Locale.ROOT, "%.2f", step.exponent());
        return step.beyondLinear() ? "**" + number + "!**" : number;
    }

    private void cells(List<String> cells) {
        line("| " + String.join(" | ", cells) + " |");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
