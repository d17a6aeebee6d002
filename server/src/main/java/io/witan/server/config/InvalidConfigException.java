package io.witan.server.config;

import java.util.List;

/// The configuration says things that cannot be: all of them, not only the first.
public final class InvalidConfigException extends RuntimeException {

    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // An immutable list of strings; nobody serialises it.
    private final List<String> problems;

    InvalidConfigException(List<String> problems) {
        super(
                "The configuration has %s. The server does not start.%n  %s%nAll keys, with their values and defaults:"
                                .formatted(
                                        problems.size() == 1
                                                ? "a problem"
                                                : problems.size() + " problems",
                                        String.join("%n  ".formatted(), problems))
                        + " docs/operations/configuration.md");
        this.problems = List.copyOf(problems);
    }

    /// One sentence or two each, with file, line, key, value and what is allowed.
    public List<String> problems() {
        return problems;
    }
}
