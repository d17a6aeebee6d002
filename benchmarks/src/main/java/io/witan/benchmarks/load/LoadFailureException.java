package io.witan.benchmarks.load;

/// The server did not do what the load asked of it, so nothing measured so far means anything.
public final class LoadFailureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LoadFailureException(String message) {
        super(message);
    }

    public LoadFailureException(String message, Throwable cause) {
        super(message, cause);
    }

    static LoadFailureException broken(Exception cause) {
        return new LoadFailureException("a connection broke: " + cause.getMessage(), cause);
    }
}
