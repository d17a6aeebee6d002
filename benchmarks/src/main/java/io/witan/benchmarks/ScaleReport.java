package io.witan.benchmarks;

import io.witan.benchmarks.machine.Machine;
import io.witan.benchmarks.report.Csv;
import io.witan.benchmarks.report.GrowthChart;
import io.witan.benchmarks.report.Markdown;
import io.witan.benchmarks.report.Results;
import io.witan.benchmarks.report.ScaleMarkdown;
import io.witan.benchmarks.subject.SetupException;
import io.witan.benchmarks.subject.Subject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where the results of [Scale] go: `scale.md`, `scale.svg` and `scale-values.csv`.
final class ScaleReport {

    private static final String NAME = "scale";

    private final Settings settings;
    private final List<Subject> subjects;
    private final String command;

    ScaleReport(Settings settings, List<Subject> subjects, String command) {
        this.settings = settings;
        this.subjects = subjects;
        this.command = command;
    }

    Path write(Path directory, Results results) {
        try {
            Files.createDirectories(directory);
            var chart = NAME + ".svg";
            Files.writeString(directory.resolve(chart), GrowthChart.of(results));
            Files.writeString(directory.resolve(NAME + "-values.csv"), Csv.of(results));
            var given = new Markdown.Conditions(command, conditions(), List.of(chart));
            return Files.writeString(
                    directory.resolve(NAME + ".md"), ScaleMarkdown.of(results, given));
        } catch (IOException e) {
            throw new SetupException(
                    "cannot write the report to %s: %s".formatted(directory, e.getMessage()), e);
        }
    }

    private List<String> conditions() {
        var facts = new ArrayList<>(Machine.facts());
        facts.add(
                "new servers at each size; %d s warm-up for each cost under load (times the number of servers), then three times %d s measured, of which the median counts"
                        .formatted(settings.warmUp().toSeconds(), settings.length().toSeconds()));
        facts.add("heap of each server: up to 4 GiB, as it needs; in ensembles up to 512 MiB");
        for (var subject : subjects) {
            facts.add("%s: %s".formatted(subject.name(), subject.description()));
        }
        return facts;
    }
}
