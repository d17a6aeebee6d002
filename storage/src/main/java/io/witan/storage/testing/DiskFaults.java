package io.witan.storage.testing;

import java.io.IOException;
import java.nio.file.Path;

/// Asked by a [FakeDisk] before each operation. It may throw what the operation shall fail with,
/// throw something unchecked to stop the caller there as a crash would, block, or advance a clock.
@FunctionalInterface
public interface DiskFaults {

    DiskFaults NONE = (operation, path) -> {};

    void before(Operation operation, Path path) throws IOException;

    /// What the disk is about to do. Those that only look are not asked about, except reading.
    enum Operation {
        CREATE,
        READ,
        WRITE,
        SET_SIZE,
        /// If it fails, what was to be made durable stays readable, is lost by a power cut, and a
        /// later flush does not help: the kernel has marked it clean.
        FORCE,
        CREATE_DIRECTORY,
        RENAME,
        DELETE,
        SYNC_DIRECTORY
    }
}
