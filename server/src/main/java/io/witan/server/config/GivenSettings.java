package io.witan.server.config;

import io.witan.server.config.Setting.Effect;
import io.witan.server.config.Setting.Kind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What an operator gave, by key, and what there is to say about it. A value that is not allowed
/// becomes a problem, and reading goes on with the default, so that all problems are found at once.
final class GivenSettings {

    /// @param value trimmed
    /// @param place `line 3` or `-Dzookeeper.key`: short, to stand behind the key
    /// @param full the file, the line and the text, or the whole property: for a problem
    /// @param line in the file, or one after all lines
    private record Given(String value, String place, String full, int line) {}

    /// @param line it is reported in this order
    private record Problem(int line, String sentence) {}

    private static final int NO_LINE = Integer.MAX_VALUE;

    private final SortedMap<String, Given> given = new TreeMap<>();
    private final Set<Problem> problems = new LinkedHashSet<>();
    private final List<String> notices = new ArrayList<>();

    /// Keys that were asked for: a test compares them with the table.
    private final Set<String> consulted = new TreeSet<>();

    static GivenSettings of(Map<String, String> values) {
        var settings = new GivenSettings();
        values.forEach((key, value) ->
                settings.given.put(key, new Given(value, "", key + " " + value, NO_LINE)));
        return settings;
    }

    void addFile(ConfigFile file) {
        var lineOf = new TreeMap<String, Integer>();
        for (var line : file.lines()) {
            var where = file.path() + ", line " + line.number() + ": " + line.text();
            var value = line.value();
            if (line.malformed() != null) {
                problems.add(
                        new Problem(
                                line.number(),
                                where + ": cannot be read, " + line.malformed() + "."));
            } else if (value == null) {
                problems.add(
                        new Problem(
                                line.number(),
                                where
                                        + ": is not key=value."
                                        + (SettingTable.named(line.key()).isPresent()
                                                ? " The value is missing."
                                                : didYouMean(line.key()))));
            } else {
                var earlier = lineOf.put(line.key(), line.number());
                if (earlier != null && EnsembleReader.namesServer(line.key())) {
                    problems.add(
                            new Problem(
                                    line.number(),
                                    "%s: line %d has %s, too. Each server needs a number of its own, which is also in its myid."
                                            .formatted(where, earlier, line.key())));
                } else if (earlier != null) {
                    notices.add(
                            "%s is given twice, in lines %d and %d of %s. The later one holds."
                                    .formatted(line.key(), earlier, line.number(), file.path()));
                }
                addLine(
                        line.key(),
                        new Given(value, "line " + line.number(), where, line.number()));
            }
        }
    }

    private void addLine(String key, Given line) {
        if (SettingTable.inFile(key).isPresent()) {
            given.put(key, line);
            return;
        }
        if (SettingTable.named(key).isPresent()) {
            notices.add(
                    "%s (%s) is not looked for in the file, here as in ZooKeeper. Give it to the JVM: -D%s=%s"
                            .formatted(key, line.place(), key, line.value()));
            return;
        }
        if (key.startsWith("zookeeper.") && SettingTable.inFile(withoutPrefix(key)).isPresent()) {
            notices.add(
                    "%s (%s) has no effect: in the file the key is %s, without zookeeper."
                            .formatted(key, line.place(), withoutPrefix(key)));
            return;
        }
        notices.add(unknown(key, line.place()));
    }

    /// Adds those JVM properties that are ours. What the file gives stays: the original copies the
    /// file over them.
    void addJvmProperties(Map<String, String> properties) {
        for (var property : new TreeMap<>(properties).entrySet()) {
            var name = property.getKey();
            var line =
                    new Given(
                            property.getValue().strip(),
                            "-D" + name,
                            "-D" + name + "=" + property.getValue(),
                            NO_LINE);
            var row =
                    name.equals("fsync.warningthresholdms")
                            ? SettingTable.named(name)
                            : SettingTable.ofJvmProperty(name);
            if (row.isPresent()) {
                var key = name.startsWith("zookeeper.") ? withoutPrefix(name) : name;
                var fromFile = given.putIfAbsent(key, line);
                if (fromFile != null && !fromFile.value().equals(line.value())) {
                    notices.add(
                            "%s has no effect: the file gives %s too (%s), and wins."
                                    .formatted(line.full(), key, fromFile.place()));
                }
            } else if (name.startsWith("zookeeper.")) {
                notices.add(misplacedProperty(withoutPrefix(name), line));
            }
        }
    }

    private String misplacedProperty(String key, Given line) {
        var row = SettingTable.named(key);
        if (row.isEmpty()) {
            return unknown(key, line.place());
        }
        return switch (row.get().form()) {
            case JVM ->
                    "%s has no effect: this property has no zookeeper. before its name: -D%s=%s"
                            .formatted(line.full(), key, line.value());
            case FILE, FILE_OR_JVM ->
                    "%s has no effect: %s is looked for in the configuration file only."
                            .formatted(line.full(), key);
        };
    }

    private static String unknown(String key, String place) {
        return "%s (%s) is not a key that is known here; it has no effect.%s"
                .formatted(key, place, didYouMean(key));
    }

    private static String didYouMean(String key) {
        var keys =
                SettingTable.all().stream()
                        .filter(row -> !row.isPattern())
                        .map(Setting::key)
                        .toList();
        return NearestKey.to(key, keys).map(nearest -> " Did you mean " + nearest + "?").orElse("");
    }

    private static String withoutPrefix(String name) {
        return name.substring("zookeeper.".length());
    }

    /// Says of everything that was given and does nothing here why that is so, in one notice for
    /// each reason.
    ///
    /// @param ensemble whether this is a member of one, for which some keys mean something
    void explainWhatHasNoEffect(boolean ensemble) {
        var keysOf = new LinkedHashMap<String, List<String>>();
        for (var effect :
                List.of(Effect.ENSEMBLE, Effect.NOT_YET, Effect.NONE, Effect.DEPRECATED)) {
            given.forEach((key, line) ->
                    SettingTable.named(key)
                            .filter(row -> row.effect() == effect)
                            .filter(row -> effect != Effect.ENSEMBLE || !ensemble)
                            .ifPresent(row ->
                                    keysOf.computeIfAbsent(explanation(row), _ -> new ArrayList<>())
                                            .add(key + " (" + line.place() + ")")));
        }
        keysOf.forEach(
                (explanation, keys) -> notices.add(explanation.formatted(String.join(", ", keys))));
    }

    /// With a place for the keys.
    private static String explanation(Setting row) {
        var meaning = row.meaning().replace("%", "%%");
        return switch (row.effect()) {
            case ENSEMBLE -> "No effect on a standalone server: %s.";
            case NOT_YET -> "Not in this version, so without effect: %s. " + meaning;
            case NONE -> "No effect in Witan: %s. " + meaning;
            case DEPRECATED -> "Deprecated, no effect: %s. " + meaning;
            case WORKS -> throw new IllegalArgumentException(row.key());
        };
    }

    boolean has(String key) {
        consulted.add(key);
        return given.containsKey(key);
    }

    /// Keys that were given and stand under one pattern.
    List<String> keysLike(String pattern) {
        var row = row(pattern);
        return given.keySet().stream().filter(row::matches).toList();
    }

    /// `server.1 (line 7)`.
    String place(String key) {
        var line = given.get(key);
        return line == null ? key : key + " (" + line.place() + ")";
    }

    int whole(String key) {
        return Math.toIntExact(number(key, null));
    }

    long number(String key) {
        return number(key, null);
    }

    /// With a default that depends on other settings.
    int wholeOr(String key, int standard) {
        return Math.toIntExact(number(key, String.valueOf(standard)));
    }

    private long number(String key, @Nullable String standard) {
        var number = Kind.Whole.parse(valueOr(key, standard));
        return row(key).kind() instanceof Kind.Whole(long min, _, boolean raised)
                        && raised
                        && number < min
                ? min
                : number;
    }

    double fraction(String key) {
        return Double.parseDouble(valueOr(key, null));
    }

    boolean isTrue(String key) {
        return valueOr(key, null).equalsIgnoreCase("true");
    }

    boolean isYes(String key) {
        return valueOr(key, null).equalsIgnoreCase("yes");
    }

    String text(String key) {
        return valueOr(key, null);
    }

    /// Empty when it is not given and has no default.
    String textOr(String key, String standard) {
        return valueOr(key, standard);
    }

    /// The value as given if that is allowed, else the default.
    private String valueOr(String key, @Nullable String standard) {
        consulted.add(key);
        var row = row(key);
        var line = given.get(key);
        if (line != null) {
            if (row.kind().accepts(line.value())) {
                return line.value();
            }
            problem(key, "is not " + row.kind().allowed() + ".");
        }
        return standard == null ? row.standard() : standard;
    }

    private static Setting row(String key) {
        return SettingTable.named(key).orElseThrow(() -> new IllegalArgumentException(key));
    }

    /// A problem with the value of a key, where it stands.
    void problem(String key, String sentence) {
        var line = given.get(key);
        if (line == null) {
            problem(key + ": " + sentence);
        } else {
            var value = line.value().isEmpty() ? "nothing" : line.value();
            problems.add(new Problem(line.line(), line.full() + ": " + value + " " + sentence));
        }
    }

    void problem(String sentence) {
        problems.add(new Problem(NO_LINE, sentence));
    }

    void notice(String sentence) {
        notices.add(sentence);
    }

    /// In the order of the lines they are about.
    List<String> problems() {
        if (problems.isEmpty()) {
            return List.of();
        }
        return problems.stream()
                .sorted(Comparator.comparingInt(Problem::line))
                .map(Problem::sentence)
                .toList();
    }

    List<String> notices() {
        return notices;
    }

    Set<String> consulted() {
        return consulted;
    }
}
