package io.witan.storage;

import java.nio.file.Path;

/// A snapshot in a data directory. `zxid` is that of its name: the last transaction applied when it
/// was started.
public record SnapshotFile(Path path, long zxid, SnapshotCompression compression, long bytes) {}
