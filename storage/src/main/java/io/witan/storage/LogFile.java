package io.witan.storage;

import java.nio.file.Path;

/// A transaction log in a data directory. `zxid` is that of its name: its first transaction.
public record LogFile(Path path, long zxid, long bytes) {}
