package io.witan.benchmarks;

import io.witan.benchmarks.machine.Machine;
import io.witan.benchmarks.report.BarChart;
import io.witan.benchmarks.report.Csv;
import io.witan.benchmarks.report.Markdown;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Results;
import io.witan.benchmarks.subject.SetupException;
import io.witan.benchmarks.subject.Subject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One whole run: everything that was asked for, then the report. What has been measured is written
/// even if a later part fails.
final class SideBySide {

    private static final List<Metric> CHARTED =
            List.of(
                    Metric.CPU,
                    Metric.THROUGHPUT,
                    Metric.FIRST_READ,
                    Metric.LIVE_HEAP,
                    Metric.PROCESS_RESIDENT,
                    Metric.LAST_EVENT,
                    Metric.EVENT_CPU,
                    Metric.DISK_BYTES);

    private final Settings settings;
    private final List<Subject> subjects;
    private final Progress progress;
    private final String command;

    SideBySide(Settings settings, List<Subject> subjects, Progress progress, String command) {
        this.settings = settings;
        this.subjects = subjects;
        this.progress = progress;
        this.command = command;
    }

    /// @param complete whether everything that was asked for has been measured
    record Outcome(Path report, boolean complete) {}

    Outcome run(Path directory) {
        var results = new Results();
        try {
            new Specials(settings, subjects, results, progress).run();
            if (!settings.cells().isEmpty()) {
                new ClosedLoops(settings, subjects, results, progress).run();
            }
        } catch (RuntimeException | Error e) {
            if (!results.measurements().isEmpty()) {
                results.remark("The run ended early: " + e.getMessage());
                write(directory, results);
            }
            throw e;
        }
        return new Outcome(write(directory, results), results.isComplete());
    }

    private Path write(Path directory, Results results) {
        var charts = new ArrayList<String>();
        try {
            Files.createDirectories(directory);
            for (var metric : CHARTED) {
                if (!results.rows(metric).isEmpty()) {
                    var name = prefix() + metric.title().replace(' ', '-') + ".svg";
                    Files.writeString(directory.resolve(name), BarChart.of(results, metric));
                    charts.add(name);
                }
            }
            Files.writeString(directory.resolve(prefix() + "values.csv"), Csv.of(results));
            return Files.writeString(
                    directory.resolve(prefix() + "report.md"),
                    Markdown.of(results, new Markdown.Conditions(command, conditions(), charts)));
        } catch (IOException e) {
            throw new SetupException(
                    "cannot write the report to %s: %s".formatted(directory, e.getMessage()), e);
        }
    }

    /// The reports of ensembles stand beside that of a single server.
    private String prefix() {
        return settings.servers() == 1 ? "" : "ensemble-of-%d-".formatted(settings.servers());
    }

    private List<String> conditions() {
        var facts = new ArrayList<>(Machine.facts());
        if (settings.servers() > 1) {
            facts.add(
                    "ensembles of %d over the loopback interface; clients spread evenly over the servers, a single one at a follower; CPU summed over the servers"
                            .formatted(settings.servers()));
        }
        facts.add(
                "JVM flags of each server: `%s`; for the rows of steady load `%s`"
                        .formatted(
                                String.join(" ", settings.flags().all()),
                                String.join(" ", settings.flags().touched().all())));
        facts.add(
                "%d repeats, each with new processes; %d s warm-up and %d s measured for each row"
                        .formatted(
                                settings.repeats(),
                                settings.warmUp().toSeconds(),
                                settings.length().toSeconds()));
        for (var subject : subjects) {
            facts.add("%s: %s".formatted(subject.name(), subject.description()));
        }
        return facts;
    }
}
