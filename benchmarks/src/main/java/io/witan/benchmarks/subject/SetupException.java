package io.witan.benchmarks.subject;

/// A run cannot begin because something is missing; the message says what, and how to get it.
public final class SetupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SetupException(String message) {
        super(message);
    }

    public SetupException(String message, Throwable cause) {
        super(message, cause);
    }
}
