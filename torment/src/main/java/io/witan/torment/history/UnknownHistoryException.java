package io.witan.torment.history;

/// The logs that are left do not tell what was committed. The round is not judged.
public final class UnknownHistoryException extends RuntimeException {

    UnknownHistoryException(String message) {
        super(message);
    }
}
