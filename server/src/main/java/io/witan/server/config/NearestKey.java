package io.witan.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// What somebody probably meant who wrote a key that does not exist.
final class NearestKey {

    private NearestKey() {}

    /// The key with the fewest letters put in, left out, changed or swapped, if those are few
    /// enough to be a slip.
    static Optional<String> to(String written, Collection<String> keys) {
        int slipsMax = Math.max(2, written.length() / 4);
        return keys.stream()
                .map(key ->
                        new Candidate(
                                key,
                                slips(
                                        written.toLowerCase(Locale.ROOT),
                                        key.toLowerCase(Locale.ROOT))))
                .filter(candidate -> candidate.slips() <= slipsMax)
                .min(Comparator.comparingInt(Candidate::slips).thenComparing(Candidate::key))
                .map(Candidate::key);
    }

    private record Candidate(String key, int slips) {}

    /// The optimal string alignment distance.
    private static int slips(String a, String b) {
        var distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                distance[i][j] = i == 0 ? j : j == 0 ? i : step(a, b, i, j, distance);
            }
        }
        return distance[a.length()][b.length()];
    }

    private static int step(String a, String b, int i, int j, int[][] distance) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int least =
                Math.min(
                        distance[i - 1][j - 1] + (same ? 0 : 1),
                        1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
        boolean swapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, distance[i - 2][j - 2] + 1) : least;
    }
}
