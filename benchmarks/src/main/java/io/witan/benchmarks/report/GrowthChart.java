package io.witan.benchmarks.report;

import java.util.List;
import java.util.Locale;

/// How costs grow, a panel a size: each cost in total as a multiple of what it was at the smallest
/// size, both axes logarithmic, so that every power of the size is a straight line. Below the
/// dashed one is better than linear.
public final class GrowthChart {

    private static final int COLUMNS = 2;
    private static final int PANEL_WIDTH = 470;
    private static final int PANEL_HEIGHT = 330;
    private static final int PLOT_WIDTH = 190;
    private static final int PLOT_HEIGHT = 230;
    private static final int LEFT = 60;
    private static final int TOP = 84;
    private static final int LEGEND_GAP = 16;
    private static final List<String> COLOURS =
            List.of("#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df", "#bf3989", "#57606a");

    private final List<Growth> growths;
    private final Svg svg = new Svg();

    private GrowthChart(List<Growth> growths) {
        this.growths = growths;
    }

    public static String of(Results results) {
        var chart = new GrowthChart(Growth.of(results));
        chart.draw();
        return chart.svg.end();
    }

    private void draw() {
        var dimensions = growths.stream().map(Growth::dimension).distinct().toList();
        var lines = (dimensions.size() + COLUMNS - 1) / COLUMNS;
        svg.begin(COLUMNS * PANEL_WIDTH, TOP + lines * PANEL_HEIGHT);
        svg.text(
                16,
                26,
                "start",
                "font-size=\"17\" font-weight=\"600\"",
                "How costs grow with each size");
        svg.text(
                16,
                48,
                "start",
                "fill=\"#59636e\"",
                "cost in total over that at the smallest size, both axes logarithmic; dashed: linear");
        for (var i = 0; i < dimensions.size(); i++) {
            panel(
                    dimensions.get(i),
                    i % COLUMNS * PANEL_WIDTH + LEFT,
                    i / COLUMNS * PANEL_HEIGHT + TOP);
        }
    }

    private void panel(String dimension, int x, int y) {
        var shown = growths.stream().filter(one -> one.dimension().equals(dimension)).toList();
        var sizes =
                shown.stream().flatMap(one -> one.points().stream()).mapToLong(Growth.Point::size);
        var range = sizes.summaryStatistics();
        var plot = new Plot(x, y + 8, range.getMin(), range.getMax());
        svg.text(x, y, "start", "font-weight=\"600\"", dimension);
        svg.add(
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#d1d9e0\"/>\n"
                        .formatted(x, plot.top, PLOT_WIDTH, PLOT_HEIGHT));
        svg.add(
                "<path d=\"M%s %sL%s %s\" stroke=\"#59636e\" stroke-dasharray=\"4 4\"/>\n"
                        .formatted(
                                plot.x(plot.least),
                                plot.y(1),
                                plot.x(plot.greatest),
                                plot.y(plot.ratio())));
        svg.text(x - 6, plot.top + 10, "end", "font-size=\"10\"", "× " + number(plot.ratio()));
        svg.text(x - 6, (int) plot.yPixels(1) + 4, "end", "font-size=\"10\"", "× 1");
        svg.text(
                x,
                plot.top + PLOT_HEIGHT + 14,
                "start",
                "font-size=\"10\"",
                "%,d".formatted(plot.least));
        svg.text(
                x + PLOT_WIDTH,
                plot.top + PLOT_HEIGHT + 14,
                "end",
                "font-size=\"10\"",
                "%,d".formatted(plot.greatest));
        var reference = shown.getFirst().subject();
        var several = shown.stream().anyMatch(one -> !one.subject().equals(reference));
        for (var i = 0; i < shown.size(); i++) {
            curve(shown.get(i), plot, i, several);
        }
    }

    private void curve(Growth growth, Plot plot, int number, boolean several) {
        var colour = COLOURS.get(number % COLOURS.size());
        var first = growth.total(growth.points().getFirst());
        if (first > 0) {
            var path = new StringBuilder();
            for (var point : growth.points()) {
                if (growth.total(point) > 0) {
                    path.append(path.isEmpty() ? "M" : "L")
                            .append(plot.x(point.size()))
                            .append(' ')
                            .append(plot.y(growth.total(point) / first));
                }
            }
            svg.add(
                    "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n"
                            .formatted(path, colour));
        }
        var x = plot.left + PLOT_WIDTH + 10;
        var y = plot.top + 10 + number * LEGEND_GAP;
        svg.add(
                "<rect x=\"%d\" y=\"%d\" width=\"9\" height=\"9\" fill=\"%s\"/>\n"
                        .formatted(x, y - 8, colour));
        svg.text(
                x + 13,
                y,
                "start",
                "font-size=\"9\"",
                "%s, %s%s"
                        .formatted(
                                growth.cost(),
                                growth.metric().title(),
                                several ? " (" + growth.subject() + ")" : ""));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    /// Where values lie in a panel: from a little less than at the smallest size to what is linear.
    private record Plot(int left, int top, long least, long greatest) {

        private static final double LOWEST = 0.3;

        /// More than one even where there is but one size.
        double ratio() {
            return Math.max(2, greatest / (double) least);
        }

        String x(long size) {
            var part = Math.log(size / (double) least) / Math.log(ratio());
            return Svg.pixels(left + part * PLOT_WIDTH);
        }

        String y(double times) {
            return Svg.pixels(yPixels(times));
        }

        double yPixels(double times) {
            var part = Math.log(Math.max(LOWEST, times) / LOWEST) / Math.log(ratio() / LOWEST);
            return top + (1 - Math.min(1.03, part)) * PLOT_HEIGHT;
        }
    }
}
