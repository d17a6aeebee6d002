package io.witan.interop.ensemble;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Which product each server of an ensemble is, as [Ensemble] takes it: `A` for Apache, `W` for
/// Witan, the leader last among those that vote, observers behind a `+`.
final class Mixes {

    /// Each product in each role, beside each other and the other one.
    private static final List<String> REPRESENTATIVE =
            List.of("WWW", "AWW", "AAW", "AWA", "WWA", "WAW+AW", "AWA+WA", "AAWAW", "WAWWA");

    private static final List<String> PRODUCTS = List.of("A", "W");

    private Mixes() {}

    /// Those that the system property `mixes` names: `all`, or the voters and observers, such as
    /// `3`, `5` or `3+2`. Without it, those of a build.
    static List<String> chosen() {
        String chosen = System.getProperty("mixes", "");
        return switch (chosen) {
            case "" -> REPRESENTATIVE;
            case "all" -> Stream.of(all(3, 0), all(5, 0), all(3, 2)).flatMap(List::stream).toList();
            default -> {
                String[] counts = chosen.split("\\+");
                yield all(
                        Integer.parseInt(counts[0]),
                        counts.length == 1 ? 0 : Integer.parseInt(counts[1]));
            }
        };
    }

    /// The leader's product, with each number of followers and of observers that are Apache's; not
    /// those in which all are.
    static List<String> all(int voters, int observers) {
        List<String> mixes = new ArrayList<>();
        for (String leader : PRODUCTS) {
            for (String followers : of(voters - 1)) {
                for (String watchers : of(observers)) {
                    mixes.add(followers + leader + (watchers.isEmpty() ? "" : "+" + watchers));
                }
            }
        }
        mixes.removeIf(mix -> !mix.contains("W"));
        return mixes;
    }

    private static List<String> of(int servers) {
        List<String> mixes = new ArrayList<>();
        for (int apaches = 0; apaches <= servers; apaches++) {
            mixes.add("A".repeat(apaches) + "W".repeat(servers - apaches));
        }
        return mixes;
    }
}
