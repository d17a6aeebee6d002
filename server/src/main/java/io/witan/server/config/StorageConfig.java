package io.witan.server.config;

import io.witan.storage.LogSettings;
import io.witan.storage.RecoverySettings;
import io.witan.storage.SnapshotCompression;

import java.nio.file.Path;

/// Where and how the tree and its transaction log are kept. The files are in the folder `version-2`
/// of each directory.
///
/// @param dataDir snapshots, `myid`
/// @param logDir transaction log; the same as `dataDir` unless `dataLogDir` is set
/// @param createDirectories directories that are missing are made
public record StorageConfig(
        Path dataDir,
        Path logDir,
        boolean createDirectories,
        RecoverySettings recovery,
        LogSettings log,
        Snapshots snapshots,
        Purge purge) {

    /// @param txnsMax a snapshot is begun after half to all of this many transactions
    /// @param inProportion and, with a large tree, not before the log has grown to a share of it
    /// @param logBytesMax or after half to all of this many bytes of log; 0 is off
    /// @param writeLastZxid the section with the last zxid, which servers before 3.9 do not write
    public record Snapshots(
            int txnsMax,
            boolean inProportion,
            long logBytesMax,
            SnapshotCompression compression,
            boolean writeLastZxid) {}

    /// @param snapshotsRetained how many of the newest snapshots stay, with the logs they need
    /// @param intervalHours time between purges; 0 is off
    public record Purge(int snapshotsRetained, int intervalHours) {

        public boolean enabled() {
            return intervalHours > 0;
        }
    }
}
