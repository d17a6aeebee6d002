package io.witan.benchmarks.report;

import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;
import io.witan.benchmarks.report.Results.Summary;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// The report that people read.
public final class Markdown {

    /// The load generator is one thread.
    private static final double GENERATOR_CORES_MAX = 0.9;

    private static final List<Metric> WORK = List.of(Metric.CPU, Metric.THROUGHPUT);
    private static final List<Metric> LATENCY = List.of(Metric.P50, Metric.P99, Metric.P999);
    private static final List<Metric> MEMORY =
            List.of(Metric.LIVE_HEAP, Metric.BEYOND, Metric.RESIDENT);

    private final Results results;
    private final Conditions conditions;
    private final StringBuilder out = new StringBuilder();

    private Markdown(Results results, Conditions conditions) {
        this.results = results;
        this.conditions = conditions;
    }

    /// Under what conditions the numbers hold.
    ///
    /// @param command what was typed
    /// @param facts `name: value` about machine, JDK, versions, flags
    /// @param charts file names of the pictures, beside the report
    public record Conditions(String command, List<String> facts, List<String> charts) {
        public Conditions {
            facts = List.copyOf(facts);
            charts = List.copyOf(charts);
        }
    }

    public static String of(Results results, Conditions conditions) {
        var markdown = new Markdown(results, conditions);
        markdown.write();
        return markdown.out.toString();
    }

    private void write() {
        line("# Side by side: " + String.join(" and ", names()));
        line("");
        line("Made by `%s`; what each figure means stands in".formatted(conditions.command()));
        line(
                "[docs/performance.md](../../docs/performance.md). Values are the median of the repeats;");
        line("behind ± stands how far the farthest repeat lies from it.");
        line("");
        conditions.facts().forEach(fact -> line("- " + fact));
        line("");
        summary();
        conditions.charts().forEach(chart -> line("![%s](%s)\n".formatted(chart, chart)));
        closedLoops();
        latencies("Latency", LATENCY, closedLoopRows());
        table("Start", Metric.FIRST_READ);
        table("Memory, each", MEMORY, results.rows(Metric.LIVE_HEAP));
        table("Memory of the process", Metric.PROCESS_RESIDENT);
        table("Sessions", Metric.CONNECT_CPU, Metric.PING_CPU);
        table("Watches that fire", Metric.LAST_EVENT, Metric.EVENT_CPU);
        latencies(
                "Writes beside a snapshot",
                List.of(Metric.P50, Metric.P99, Metric.P999, Metric.LATENCY_MAX),
                results.rows(Metric.LATENCY_MAX));
        snapshotFactors();
        table("All of that run", Metric.DISK_BYTES, Metric.SLICE_MAX);
        table("Pauses of the collector", Metric.PAUSE_MAX, Metric.PAUSES);
        remarks();
    }

    private List<Row> closedLoopRows() {
        return results.rows(Metric.CPU);
    }

    /// How far apart the two are over all rows, least ratio to greatest.
    private void summary() {
        if (!comparing()) {
            return;
        }
        var rows = closedLoopRows();
        sentence("server CPU per operation", rows, Metric.CPU);
        sentence("throughput", rows, Metric.THROUGHPUT);
        line("");
    }

    private void sentence(String what, List<Row> rows, Metric metric) {
        var ratios =
                rows.stream()
                        .flatMapToDouble(row -> ratioOfSubjects(row, metric).stream())
                        .sorted()
                        .toArray();
        if (ratios.length == 0) {
            return;
        }
        var spread = Summary.of(ratios);
        line(
                String.format(
                        Locale.ROOT,
                        "- **%s's %s is %.2f to %.2f of %s's, %.2f in the middle of %d rows.**",
                        results.subjects().getLast(),
                        what,
                        spread.least(),
                        spread.greatest(),
                        results.subjects().getFirst(),
                        spread.median(),
                        spread.repeats()));
    }

    private void closedLoops() {
        table("Server CPU and throughput", WORK, closedLoopRows());
        var limited =
                closedLoopRows().stream()
                        .flatMap(row ->
                                results.subjects().stream()
                                        .filter(subject -> isGeneratorLimited(row, subject))
                                        .map(subject -> subject + " " + row.label()))
                        .toList();
        if (!limited.isEmpty()) {
            line(
                    "The load generator used more than %s cores, so that it and not the server limits"
                            .formatted(GENERATOR_CORES_MAX));
            line("the throughput, in: " + String.join("; ", limited) + ".");
            line("");
        }
    }

    private boolean isGeneratorLimited(Row row, String subject) {
        var perSecond = results.summary(row, Metric.THROUGHPUT, subject).median();
        var microsEach = results.summary(row, Metric.GENERATOR_CPU, subject).median();
        return perSecond * microsEach / 1e6 > GENERATOR_CORES_MAX;
    }

    /// The rows that have the first of these metrics.
    private void table(String title, Metric... metrics) {
        table(title, List.of(metrics), results.rows(metrics[0]));
    }

    /// A column a subject for each metric, and one for the ratio.
    private void table(String title, List<Metric> metrics, List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        heading(title);
        var head = new ArrayList<>(List.of("workload", "connections × depth", "data"));
        var align = new ArrayList<>(List.of(":---", ":---", ":---"));
        for (var metric : metrics) {
            for (var subject : results.subjects()) {
                head.add(
                        "%s %s%s"
                                .formatted(
                                        subject,
                                        metric.title(),
                                        metric.unit().isEmpty() ? "" : ", " + metric.unit()));
                align.add("---:");
            }
            if (comparing()) {
                head.add("ratio");
                align.add("---:");
            }
        }
        cells(head);
        cells(align);
        for (var row : rows) {
            var cells = new ArrayList<>(List.of(row.name(), row.load(), row.size()));
            for (var metric : metrics) {
                for (var subject : results.subjects()) {
                    cells.add(withSpread(results.summary(row, metric, subject)));
                }
                if (comparing()) {
                    cells.add(bold(ratio(row, metric)));
                }
            }
            cells(cells);
        }
        line("");
    }

    /// One column a subject, its percentiles in one cell.
    private void latencies(String title, List<Metric> metrics, List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        heading(title);
        var percentiles = String.join(" / ", metrics.stream().map(Metric::title).toList());
        line("In milliseconds: %s.".formatted(percentiles));
        line("");
        var head = new ArrayList<>(List.of("workload", "load", "data"));
        head.addAll(results.subjects());
        cells(head);
        cells(head.stream().map(_ -> ":---").toList());
        for (var row : rows) {
            var cells = new ArrayList<>(List.of(row.name(), row.load(), row.size()));
            for (var subject : results.subjects()) {
                cells.add(
                        String.join(
                                " / ",
                                metrics.stream()
                                        .map(metric -> results.summary(row, metric, subject))
                                        .map(Markdown::plain)
                                        .toList()));
            }
            cells(cells);
        }
        line("");
    }

    /// The largest latency beside a snapshot (the last row) as a multiple of the largest without
    /// (the row before).
    private void snapshotFactors() {
        var rows = results.rows(Metric.LATENCY_MAX);
        if (rows.size() < 2) {
            return;
        }
        var last = rows.size() - 1;
        for (var subject : results.subjects()) {
            var without = results.summary(rows.get(last - 1), Metric.LATENCY_MAX, subject);
            var beside = results.summary(rows.get(last), Metric.LATENCY_MAX, subject);
            if (!without.isEmpty() && !beside.isEmpty()) {
                line(
                        "- %s: while a snapshot is written the largest latency is %s times its level without."
                                .formatted(subject, number(beside.median() / without.median())));
            }
        }
        line("");
    }

    private void remarks() {
        if (!results.remarks().isEmpty()) {
            heading("Remarks");
            results.remarks().forEach(remark -> line("- " + remark));
            line("");
        }
    }

    private boolean comparing() {
        return results.subjects().size() == 2;
    }

    /// The last subject as a multiple of the first.
    private String ratio(Row row, Metric metric) {
        var ratio = ratioOfSubjects(row, metric);
        return ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : "";
    }

    private OptionalDouble ratioOfSubjects(Row row, Metric metric) {
        return results.ratio(
                row, metric, results.subjects().getLast(), results.subjects().getFirst());
    }

    private List<String> names() {
        return results.subjects().isEmpty() ? List.of("nothing measured") : results.subjects();
    }

    private static String bold(String text) {
        return text.isEmpty() ? text : "**" + text + "**";
    }

    private static String withSpread(Summary summary) {
        if (summary.isEmpty()) {
            return "";
        }
        var farthest =
                Math.max(summary.greatest() - summary.median(), summary.median() - summary.least());
        return summary.repeats() == 1
                ? number(summary.median())
                : "%s ± %s".formatted(number(summary.median()), number(farthest));
    }

    private static String plain(Summary summary) {
        return summary.isEmpty() ? "–" : number(summary.median());
    }

    /// As many digits as a reader can use.
    static String number(double value) {
        var size = Math.abs(value);
        var format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }

    private void heading(String title) {
        line("## " + title);
        line("");
    }

    private void cells(List<String> cells) {
        line("| " + String.join(" | ", cells) + " |");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
