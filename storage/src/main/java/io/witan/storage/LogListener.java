package io.witan.storage;

import java.nio.file.Path;

/// Hears what a [LogWriter] does, on the thread that called it.
public interface LogListener {

    LogListener NONE = new LogListener() {};

    /// One flush took `nanos`; told for each, for the metrics.
    default void forced(long nanos) {}

    /// One flush took longer than [LogSettings#slowForceNanos].
    default void slowForce(Path file, long nanos, long fileBytes) {}

    /// A new log file exists, durably.
    default void started(Path file) {}
}
