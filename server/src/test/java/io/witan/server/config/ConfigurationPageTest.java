package io.witan.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.server.config.Setting.Effect;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The reference of keys is written from the table. `-Dwitan.docs=write` writes it anew.
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("../docs/operations/configuration.md");

    private static final String BEGIN =
            "<!-- From here on written from SettingTable: see ConfigurationPageTest. -->\n";

    @Test
    void shows_the_table_as_it_is() throws IOException {
        var page = Files.readString(PAGE);
        var head = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
        var wanted = head + tables();
        if ("write".equals(System.getProperty("witan.docs"))) {
            Files.writeString(PAGE, wanted);
        }

        assertThat(page).as("run this test with -Dwitan.docs=write").isEqualTo(wanted);
    }

    private static String tables() {
        var text = new StringBuilder();
        for (var group : SettingTable.GROUPS) {
            text.append("\n## ").append(group.title()).append('\n');
            working(group.rows(), text);
            others(group.rows(), text);
        }
        return text.toString();
    }

    private static void working(List<Setting> rows, StringBuilder text) {
        var working =
                rows.stream()
                        .filter(row ->
                                row.effect() == Effect.WORKS || row.effect() == Effect.ENSEMBLE)
                        .toList();
        if (working.isEmpty()) {
            return;
        }
        text.append("\n| key | where | values | default | |\n| --- | --- | --- | --- | --- |\n");
        for (var row : working) {
            text.append(
                    "| `%s` | %s | %s | %s | %s |%n"
                            .formatted(
                                    row.key(),
                                    form(row),
                                    row.kind().allowed(),
                                    standard(row.standard()),
                                    cell(
                                            row.effect() == Effect.ENSEMBLE
                                                    ? "Ensembles: " + row.meaning()
                                                    : row.meaning())));
        }
    }

    /// A bar would end the cell, also within backticks.
    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private static void others(List<Setting> rows, StringBuilder text) {
        var lines = new ArrayList<String>();
        for (var effect : List.of(Effect.NOT_YET, Effect.NONE, Effect.DEPRECATED)) {
            var meanings =
                    rows.stream()
                            .filter(row -> row.effect() == effect)
                            .map(Setting::meaning)
                            .distinct()
                            .toList();
            for (var meaning : meanings) {
                var keys =
                        rows.stream()
                                .filter(row ->
                                        row.effect() == effect && row.meaning().equals(meaning))
                                .map(row -> "`" + row.key() + "`")
                                .toList();
                lines.add(
                        "- %s: %s. %s"
                                .formatted(title(effect), String.join(", ", keys), meaning)
                                .strip());
            }
        }
        if (!lines.isEmpty()) {
            text.append("\nKnown, without effect:\n\n")
                    .append(String.join("\n", lines))
                    .append('\n');
        }
    }

    private static String title(Effect effect) {
        return switch (effect) {
            case NOT_YET -> "not in this version";
            case NONE -> "not needed here";
            case DEPRECATED -> "deprecated";
            case WORKS, ENSEMBLE -> throw new IllegalArgumentException();
        };
    }

    private static String form(Setting row) {
        return switch (row.form()) {
            case FILE -> "file";
            case FILE_OR_JVM -> "file, `-Dzookeeper.`";
            case JVM -> "`-D` only";
        };
    }

    private static String standard(String standard) {
        return standard.isEmpty() ? "" : "`" + standard + "`";
    }
}
