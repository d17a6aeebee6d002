package io.witan.storage;

/// A data directory cannot be used as it is: missing, not a directory, not writable, held by
/// another server, or with files where they do not belong.
public final class DataDirectoryException extends StorageException {

    private static final long serialVersionUID = 1;

    public DataDirectoryException(String message) {
        super(message);
    }

    public DataDirectoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
