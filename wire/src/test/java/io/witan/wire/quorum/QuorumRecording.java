package io.witan.wire.quorum;

import io.witan.wire.Vectors;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One direction of a connection recorded between two real servers; the format is explained in
/// `testdata/vectors/quorum/README.md`.
///
/// @param name without its ending, as `quorum/learner/01-...`
public record QuorumRecording(String name, boolean fromDialler) {

    private static final Pattern MESSAGE =
            Pattern.compile(" +[0-9.]+ (c2s|s2c) @([0-9a-f]{6}) (.*)");

    /// Both directions of all links between learners and learner masters.
    public static List<QuorumRecording> ofLearners() {
        return Stream.of("quorum/learner", "quorum/reconfig")
                .flatMap(folder -> of(folder).stream())
                .toList();
    }

    /// Both directions of all election links.
    public static List<QuorumRecording> ofElections() {
        return of("quorum/fle");
    }

    private static List<QuorumRecording> of(String folder) {
        return Vectors.files(folder, "").stream()
                .filter(file -> file.endsWith(".txt"))
                .map(file -> file.substring(0, file.length() - ".txt".length()))
                .flatMap(name ->
                        Stream.of(
                                new QuorumRecording(name, true), new QuorumRecording(name, false)))
                .toList();
    }

    public byte[] bytes() {
        return Vectors.bytes(name + "." + direction() + ".bin");
    }

    /// What the recording's own decoder says of each message: where it is, and what.
    public List<String> listed() {
        return lines().stream()
                .map(MESSAGE::matcher)
                .filter(line -> line.matches() && line.group(1).equals(direction()))
                .map(line -> line.group(2) + " " + line.group(3))
                .toList();
    }

    /// The values that it gives for all fields of that name in this direction, in their order.
    public List<String> fields(String field) {
        Pattern pattern = Pattern.compile(" +[0-9a-f]{6}  .* " + Pattern.quote(field) + " +(.*)");
        boolean[] here = {false};
        return lines().stream()
                .filter(line -> {
                    Matcher message = MESSAGE.matcher(line);
                    if (message.matches()) {
                        here[0] = message.group(1).equals(direction());
                    }
                    return here[0];
                })
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1))
                .toList();
    }

    private List<String> lines() {
        return Vectors.lines(name + ".txt");
    }

    private String direction() {
        return fromDialler ? "c2s" : "s2c";
    }

    @Override
    public String toString() {
        return name + "." + direction();
    }
}
