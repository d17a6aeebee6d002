package io.witan.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.mutation.Mutations;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What docs/known-defects.md names exists: tests, seeded defects, lies, pages.
class KnownDefectsPageTest {

    private static final Path ROOT = Path.of("..");
    private static final Path PAGE = ROOT.resolve("docs/known-defects.md");

    /// A module's test: `zab/LearnerDefectsTest#ZK_4643_...`.
    private static final Pattern TEST = Pattern.compile("`([a-z]+)/(\\w+)#(\\w+)`");

    private static final Pattern DEFECT = Pattern.compile("`defect: ([^`]+)`");
    private static final Pattern LIE = Pattern.compile("`lie: ([^`]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");

    /// A scenario of the simulator.
    private static final Pattern SCENARIO = Pattern.compile("`simulation/\\w*ScenariosTest#\\w+`");

    /// One of those that must be clean; others put the defect in, and must find it.
    private static final Pattern CLEAN =
            Pattern.compile("(?m)^ {4}void (\\w+(?<!_seen))\\(.*\\) \\{");

    /// Why a row may be without anything of the simulator.
    private static final Pattern REASON =
            Pattern.compile("(cannot arise|not in this version|by design)");

    private final String page = read(PAGE);

    @Test
    void every_test_that_it_names_exists() {
        List<String> missing = new ArrayList<>();
        int count = 0;
        for (Matcher test = TEST.matcher(page); test.find(); count++) {
            if (!exists(test.group(1), test.group(2), test.group(3))) {
                missing.add(test.group());
            }
        }

        assertThat(missing).isEmpty();
        assertThat(count).isGreaterThan(100);
    }

    @Test
    void every_seeded_defect_that_it_names_exists() {
        SortedSet<String> known = new TreeSet<>();
        Mutations.all().forEach(mutation -> known.add(mutation.name()));

        assertThat(known).containsAll(named(DEFECT));
    }

    @Test
    void every_lie_that_it_names_exists() {
        SortedSet<String> known = new TreeSet<>();
        TraceLies.all().forEach(lie -> known.add(lie.name()));

        assertThat(known).containsAll(named(LIE));
    }

    @Test
    void every_page_that_it_links_exists() {
        for (String link : named(LINK)) {
            assertThat(PAGE.resolveSibling(link)).exists();
        }
    }

    /// In the simulator, by a scenario, a seeded defect or a lie, or why not: tests of parts alone
    /// do not do.
    @Test
    void every_row_is_shown_in_the_simulator_or_says_why_it_cannot_be() {
        List<String> without =
                page.lines()
                        .filter(line -> line.startsWith("| "))
                        .filter(line -> !line.startsWith("| ---") && !line.startsWith("| defect"))
                        .filter(line -> !isShown(line))
                        .toList();

        assertThat(without).isEmpty();
    }

    /// And the other way round: what goes through such a situation is on the page.
    @Test
    void every_scenario_is_on_the_page() {
        Path runs = ROOT.resolve("simulation/src/test/java/io/witan/simulation/run");
        List<String> missing = new ArrayList<>();
        try (Stream<Path> files = Files.list(runs)) {
            for (Path file : files.sorted().toList()) {
                String type = file.getFileName().toString().replace(".java", "");
                for (Matcher test = CLEAN.matcher(read(file));
                        type.endsWith("ScenariosTest") && test.find(); ) {
                    String name = "simulation/%s#%s".formatted(type, test.group(1));
                    if (!page.contains("`" + name + "`")) {
                        missing.add(name);
                    }
                }
            }
        } catch (IOException e) {
            throw new AssertionError(runs + " cannot be read", e);
        }

        assertThat(missing).isEmpty();
    }

    private static boolean isShown(String row) {
        return Stream.of(SCENARIO, DEFECT, LIE, REASON)
                .anyMatch(proof -> proof.matcher(row).find());
    }

    private SortedSet<String> named(Pattern pattern) {
        SortedSet<String> names = new TreeSet<>();
        for (Matcher found = pattern.matcher(page); found.find(); ) {
            names.add(found.group(1));
        }
        assertThat(names).isNotEmpty();
        return names;
    }

    private static boolean exists(String module, String type, String method) {
        Path tests = ROOT.resolve(module).resolve("src/test/java");
        try (Stream<Path> files = Files.walk(tests)) {
            return files.filter(file -> file.endsWith(type + ".java"))
                    .anyMatch(file -> read(file).contains(" void " + method + "("));
        } catch (IOException e) {
            throw new AssertionError("there is no module " + module, e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }
}
