package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.Vectors;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Every link between two real servers that was recorded is played against a real Witan server on
/// either side, or it is said here why it is not.
class RecordedLinksTest {

    private static final List<Class<?>> PLAYING =
            List.of(RecordedElectionIT.class, RecordedLeaderIT.class, RecordedLearnerIT.class);

    private static final String NO_SASL = "SASL between servers is not in this version";

    private static final Map<String, String> NOT_PLAYED =
            Map.of("fle/11-sasl-digest-md5", NO_SASL, "learner/10-sasl-digest-md5", NO_SASL);

    @Test
    void every_recorded_link_is_played_by_who_dials() throws IOException {
        assertAllAreCounted(played(Plays::diallers));
    }

    @Test
    void every_recorded_link_is_played_by_who_is_dialled() throws IOException {
        assertAllAreCounted(played(Plays::acceptors));
    }

    private static void assertAllAreCounted(Set<String> played) throws IOException {
        assertThat(played).doesNotContainAnyElementsOf(NOT_PLAYED.keySet());
        var counted = new TreeSet<>(played);
        counted.addAll(NOT_PLAYED.keySet());
        assertThat(counted).isEqualTo(recorded());
    }

    private static Set<String> played(Function<Plays, String[]> side) {
        return PLAYING.stream()
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .map(method -> method.getAnnotation(Plays.class))
                .filter(plays -> plays != null)
                .flatMap(plays -> Stream.of(side.apply(plays)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// By folder and name, as `learner/06-new-epoch-empty-diff`.
    private static Set<String> recorded() throws IOException {
        Path folder = Vectors.quorum("");
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> folder.relativize(file).toString())
                    .filter(name -> name.endsWith(".c2s.bin"))
                    .map(name -> name.substring(0, name.length() - ".c2s.bin".length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
