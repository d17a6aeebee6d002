package io.witan.storage;

/// A snapshot file cannot be used; the message says where and why. Recovery then tries an older
/// one.
public final class BadSnapshotException extends Exception {

    private static final long serialVersionUID = 1;

    BadSnapshotException(String message) {
        super(message);
    }

    BadSnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
