package io.witan.interop.ensemble;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Gives a test its ensembles and takes them away afterwards. When the test fails, the failure
/// tells the end of what each server printed last, and where the rest is.
public final class Ensembles implements AfterEachCallback, TestExecutionExceptionHandler {

    private static final int LINES_SHOWN = 40;

    private final List<Path> homes = new ArrayList<>();
    private final List<Ensemble> ensembles = new ArrayList<>();

    /// @param mix as for [Ensemble]
    /// @param settings as for [Ensemble]
    Ensemble of(String mix, String... settings) throws IOException {
        Path home = Files.createTempDirectory("witan-ensemble-");
        homes.add(home);
        var ensemble = new Ensemble(home, mix, settings);
        ensembles.add(ensemble);
        return ensemble;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure)
            throws Throwable {
        var text = new StringBuilder(String.valueOf(failure));
        for (Ensemble ensemble : ensembles) {
            for (Member member : ensemble.members()) {
                describe(member, text);
            }
        }
        homes.clear();
        throw new AssertionError(text.toString(), failure);
    }

    private static void describe(Member member, StringBuilder text) throws IOException {
        text.append("\n\n== ").append(member).append(member.isAlive() ? ", running" : ", ended");
        List<Path> logs = member.logs();
        if (logs.isEmpty()) {
            return;
        }
        var lines = Files.readString(logs.getLast(), StandardCharsets.UTF_8).lines().toList();
        text.append(", ").append(logs.getLast()).append(":\n");
        lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size())
                .forEach(line -> text.append(line).append('\n'));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (Ensemble ensemble : ensembles) {
            ensemble.close();
        }
        ensembles.clear();
        for (Path home : homes) {
            delete(home);
        }
        homes.clear();
    }

    private static void delete(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
