package io.witan.server.config;

import java.util.List;

/// The configuration says things that cannot be: all of them, not only the first.
public final class InvalidConfigException extends RuntimeException {

    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // An immutable list of strings; nobody serialises it.
    private final List<String> problems;

    /// @param notices what is said of a configuration that holds, too: often the cause of a
    ///   problem, such as a key that is missing because it is misspelt
    InvalidConfigException(List<String> problems, List<String> notices) {
        super(
                "The configuration has %s. The server does not start.%n%s%sAll keys, with their values and defaults:"
                                .formatted(
                                        problems.size() == 1
                                                ? "a problem"
                                                : problems.size() + " problems",
                                        lines(problems),
                                        notices.isEmpty()
                                                ? ""
                                                : "Look at this, too:%n".formatted()
                                                        + lines(notices))
                        + " docs/operations/configuration.md");
        this.problems = List.copyOf(problems);
    }

    private static String lines(List<String> sentences) {
        var text = new StringBuilder();
        for (var sentence : sentences) {
            text.append("  %s%n".formatted(sentence));
        }
        return text.toString();
    }

    /// One sentence or two each, with file, line, key, value and what is allowed.
    public List<String> problems() {
        return problems;
    }
}
