package io.witan.storage;

/// How the transaction log is written.
///
/// @param preallocBytes by how much a log file is extended ahead of its records; 0 = not at all
/// @param rollBytes size of a file, padding included, beyond which a commit starts a new one; 0 or
///   less = no limit
/// @param forceSync whether a commit waits for the disk. Without it, acknowledged transactions can
///   be lost by a power cut
/// @param direct whether what is to be durable is written past the page cache where the system can
///   ([Disk#createForAppending])
/// @param slowForceNanos how long a flush may take before [LogListener#slowForce] is told
/// @param bufferBytes how much is collected for one write call
public record LogSettings(
        long preallocBytes,
        long rollBytes,
        boolean forceSync,
        boolean direct,
        long slowForceNanos,
        int bufferBytes) {

    /// The defaults of ZooKeeper.
    public static final LogSettings DEFAULT =
            new LogSettings(64L << 20, 0, true, true, 1_000_000_000L, 1 << 20);

    public LogSettings {
        if (preallocBytes < 0 || bufferBytes < 4096) {
            throw new IllegalArgumentException(
                    "preallocBytes " + preallocBytes + ", bufferBytes " + bufferBytes);
        }
    }

    public LogSettings withPreallocBytes(long bytes) {
        return new LogSettings(bytes, rollBytes, forceSync, direct, slowForceNanos, bufferBytes);
    }

    public LogSettings withRollBytes(long bytes) {
        return new LogSettings(
                preallocBytes, bytes, forceSync, direct, slowForceNanos, bufferBytes);
    }

    public LogSettings withDirect(boolean pastTheCache) {
        return new LogSettings(
                preallocBytes, rollBytes, forceSync, pastTheCache, slowForceNanos, bufferBytes);
    }

    public LogSettings withForceSync(boolean force) {
        return new LogSettings(
                preallocBytes, rollBytes, force, direct, slowForceNanos, bufferBytes);
    }
}
