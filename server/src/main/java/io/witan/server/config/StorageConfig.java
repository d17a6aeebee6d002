package io.witan.server.config;

import java.nio.file.Path;

/// Where and how the tree and its transaction log are kept. The files are in the folder `version-2` of each directory.
///
/// @param dataDir snapshots, `myid`, the server's lock
/// @param logDir transaction log; the same as `dataDir` unless `dataLogDir` is set
/// @param createDirectories directories that are missing are made
/// @param createDatabase an empty directory is taken as a new database even without a file `initialize`
/// @param trustEmptySnapshot a log without any snapshot is loaded although its first transactions may be missing
public record StorageConfig(
        Path dataDir,
        Path logDir,
        boolean createDirectories,
        boolean createDatabase,
        boolean trustEmptySnapshot,
        Log log,
        Snapshots snapshots,
        Purge purge) {

    /// @param preAllocationBytes a log file grows by this much at a time; 0 is off
    /// @param fileBytesMax a log file is closed and a new one begun beyond this; -1 is off
    /// @param forceSync whether transactions are on the disk before they are acknowledged
    /// @param syncWarningMillis a sync that takes longer is reported
    /// @param batchTxnsMax transactions that share one sync at most
    public record Log(
            long preAllocationBytes, long fileBytesMax, boolean forceSync, long syncWarningMillis, int batchTxnsMax) {}

    /// @param txnsMax a snapshot is begun after half to all of this many transactions
    /// @param logBytesMax or after half to all of this many bytes of log; 0 is off
    /// @param writeLastZxid the section with the last zxid, which servers before 3.9 do not write
    public record Snapshots(int txnsMax, long logBytesMax, Compression compression, boolean writeLastZxid) {}

    public enum Compression {
        NONE(""),
        GZIP("gz"),
        SNAPPY("snappy");

        private final String keyword;

        Compression(String keyword) {
            this.keyword = keyword;
        }

        /// The value of `snapshot.compression.method`.
        public String keyword() {
            return keyword;
        }
    }

    /// @param snapshotsRetained how many of the newest snapshots stay, with the logs they need
    /// @param intervalHours time between purges; 0 is off
    public record Purge(int snapshotsRetained, int intervalHours) {

        public boolean enabled() {
            return intervalHours > 0;
        }
    }
}
