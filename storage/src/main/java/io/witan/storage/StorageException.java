package io.witan.storage;

/// Something on disk keeps the server from starting or from going on. The message is for the
/// operator: what happened, to which file, what the server does, what to do.
public abstract class StorageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    protected StorageException(String message) {
        super(message);
    }

    protected StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
