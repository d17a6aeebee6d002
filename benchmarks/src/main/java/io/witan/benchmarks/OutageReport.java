package io.witan.benchmarks;

import io.witan.benchmarks.machine.Machine;
import io.witan.benchmarks.report.BarChart;
import io.witan.benchmarks.report.Csv;
import io.witan.benchmarks.report.Markdown;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.OutageMarkdown;
import io.witan.benchmarks.report.Results;
import io.witan.benchmarks.subject.SetupException;
import io.witan.benchmarks.subject.Subject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where the results of [Outages] go: `NAME.md`, `NAME.svg` and `NAME-values.csv`.
final class OutageReport {

    private final OutageSettings settings;
    private final List<Subject> subjects;
    private final String command;

    OutageReport(OutageSettings settings, List<Subject> subjects, String command) {
        this.settings = settings;
        this.subjects = subjects;
        this.command = command;
    }

    Path write(Path directory, String name, String title, Metric charted, Results results) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(name + ".svg"), BarChart.of(results, charted));
            Files.writeString(directory.resolve(name + "-values.csv"), Csv.of(results));
            var given = new Markdown.Conditions(command, conditions(), List.of(name + ".svg"));
            return Files.writeString(
                    directory.resolve(name + ".md"), OutageMarkdown.of(title, results, given));
        } catch (IOException e) {
            throw new SetupException(
                    "cannot write the report to %s: %s".formatted(directory, e.getMessage()), e);
        }
    }

    private List<String> conditions() {
        var facts = new ArrayList<>(Machine.facts());
        facts.add(
                "ensembles of %d over the loopback interface, `tickTime=2000`, `initLimit=10`, `syncLimit=5`; %d synchronous writers, spread over the servers, under load for %d ms before anything happens"
                        .formatted(
                                settings.servers(),
                                settings.clients(),
                                settings.load().toMillis()));
        facts.add(
                "JVM flags of each server: `%s`"
                        .formatted(String.join(" ", settings.flags().all())));
        for (var subject : subjects) {
            facts.add("%s: %s".formatted(subject.name(), subject.description()));
        }
        return facts;
    }
}
