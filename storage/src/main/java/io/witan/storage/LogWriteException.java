package io.witan.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A write or flush of the transaction log failed. Final: which of the last bytes are durable is
/// unknown from here on, and flushing again could report a success that is none, because the kernel
/// marks pages clean after a failed flush. The server must end without acknowledging anything more.
public final class LogWriteException extends StorageException {

    private static final long serialVersionUID = 1;

    public LogWriteException(Path file, String operation, IOException cause) {
        super(
                "Cannot "
                        + operation
                        + " transaction log "
                        + file
                        + ": "
                        + describe(cause)
                        + ". The server stops, because it can no longer promise that what it"
                        + " acknowledges survives; nothing acknowledged so far is affected. Check"
                        + " free space, quota and health of the disk under dataLogDir, then start"
                        + " the server again: it recovers every acknowledged transaction.",
                cause);
    }

    /// Some exceptions say what is wrong by their class alone; their message is the path.
    static String describe(IOException cause) {
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return cause.getClass().getSimpleName();
        }
        return switch (cause) {
            case AccessDeniedException _ -> message + ": permission denied";
            case NoSuchFileException _ -> message + ": no such file or directory";
            default -> message;
        };
    }
}
