package io.witan.server;

import io.witan.server.config.ConfigFileException;
import io.witan.server.config.InvalidConfigException;
import io.witan.server.config.UsageException;
import io.witan.storage.DataDirectoryException;
import io.witan.storage.SnapshotWriteException;
import io.witan.storage.StorageException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletionException;

/// What an operator reads when the server does not start or cannot go on, and the exit code that
/// goes with it. The one place where errors become text; `docs/operations/start-up-errors.md`
/// explains them.
final class StartupErrors {

    /// Those of the original, which init systems look at (inventory, A29).
    static final int FINISHED = 0;

    static final int UNEXPECTED_ERROR = 1;
    static final int INVALID_INVOCATION = 2;
    static final int DATA_DIRECTORY_UNUSABLE = 3;
    static final int LOG_FAILED = 10;

    /// @param text whole sentences: what happened, to what, what to do
    record Report(int exitCode, String text) {}

    private StartupErrors() {}

    /// Of an error before the server served.
    static Report atStart(Throwable error) {
        return switch (error) {
            case UsageException usage -> new Report(INVALID_INVOCATION, text(usage));
            case ConfigFileException file -> new Report(INVALID_INVOCATION, text(file));
            case InvalidConfigException config -> new Report(INVALID_INVOCATION, text(config));
            case PortException port -> new Report(UNEXPECTED_ERROR, text(port));
            case DataDirectoryException directory ->
                    new Report(DATA_DIRECTORY_UNUSABLE, text(directory));
            // Its own text speaks of a server that goes on.
            case SnapshotWriteException firstSnapshot ->
                    new Report(DATA_DIRECTORY_UNUSABLE, firstSnapshot(firstSnapshot));
            case StorageException storage -> new Report(UNEXPECTED_ERROR, text(storage));
            case OutOfMemoryError memory ->
                    new Report(UNEXPECTED_ERROR, memory(memory, "load its data"));
            // Of what is loaded aside.
            case CompletionException aside when aside.getCause() != null ->
                    atStart(aside.getCause());
            default -> defect(error);
        };
    }

    /// Of an error that ends a server which has served.
    static Report whileServing(Throwable error) {
        return switch (error) {
            case StorageException storage -> new Report(LOG_FAILED, text(storage));
            case OutOfMemoryError memory -> new Report(UNEXPECTED_ERROR, memory(memory, "go on"));
            default -> defect(error);
        };
    }

    private static String text(Throwable error) {
        var message = error.getMessage();
        return message == null ? error.toString() : message;
    }

    private static String firstSnapshot(SnapshotWriteException error) {
        return """
        The server cannot write the first snapshot of its new database: %s. It does not start, because without it \
        the transaction log could not be read again. Check free space, quota and permissions of the disk under \
        dataDir.\
        """
                .formatted(reason(error.getCause()));
    }

    private static String reason(@Nullable Throwable cause) {
        return cause instanceof IOException && cause.getMessage() != null
                ? cause.getMessage()
                : String.valueOf(cause);
    }

    private static String memory(OutOfMemoryError error, String what) {
        return """
        The server has not enough memory to %s (%s). All data is kept in memory: give it a larger heap, for \
        example SERVER_JVMFLAGS=-Xmx4g. Nothing acknowledged is lost.\
        """
                .formatted(what, error.getMessage());
    }

    private static Report defect(Throwable error) {
        var trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));
        return new Report(
                UNEXPECTED_ERROR,
                """
                The server ends because of an error that should not have happened: %s. Nothing acknowledged is lost; start \
                it again. Please report this with what follows.
                %s\
                """
                        .formatted(error, trace));
    }
}
