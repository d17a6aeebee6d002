package io.witan.simulation.command;

import io.witan.simulation.fault.FaultKind;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What runs have come through, as a table: for each thing how often it was seen, and in what part
/// of the runs. What is seen in few runs is tested little. Names of states have their group before
/// the first colon.
///
/// ```
///   faults                                 seen   in runs
///     BREAK                               1,204     48.1%
/// ```
final class CoverageTable {

    private static final String OTHERS = "others";

    private final long seeds;
    private final Map<String, Map<String, Progress.Tally>> groups = new TreeMap<>();

    CoverageTable(
            long seeds,
            Map<FaultKind, Progress.Tally> faults,
            Map<String, Progress.Tally> reached,
            Map<String, Progress.Tally> violations) {
        this.seeds = seeds;
        faults.forEach((kind, tally) -> group("faults").put(kind.name(), tally));
        reached.forEach((what, tally) -> {
            int colon = what.indexOf(':');
            String group = colon < 0 ? OTHERS : what.substring(0, colon);
            group(group).put(what.substring(colon + 1).strip(), tally);
        });
        violations.forEach((invariant, tally) -> group("violations").put(invariant, tally));
    }

    private Map<String, Progress.Tally> group(String name) {
        return groups.computeIfAbsent(name, _ -> new TreeMap<>());
    }

    String text() {
        StringBuilder text = new StringBuilder();
        groups.forEach((name, group) -> {
            text.append("%n%-54s %12s %9s%n".formatted(name, "seen", "in runs"));
            group.forEach((what, tally) -> text.append(row(what, tally)));
        });
        return text.toString();
    }

    private String row(String what, Progress.Tally tally) {
        return String.format(
                Locale.ROOT,
                "  %-52s %,12d %8.1f%%%n",
                what,
                tally.count(),
                100.0 * tally.runs() / seeds);
    }
}
