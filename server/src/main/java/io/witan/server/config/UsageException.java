package io.witan.server.config;

/// The command line is not one that the server understands.
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
