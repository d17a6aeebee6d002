package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What [Recovery] found and did.
///
/// @param lastZxid the last transaction of the recovered state; -1 for [Origin#UNKNOWN]
/// @param snapshot the snapshot that was loaded, if any
/// @param trailer its last sections
/// @param logs the log files that were read
/// @param txnsReplayed transactions given to the visitor
/// @param bytesReplayed their length in the log
/// @param findings what the operator should read
public record Recovered(
        Origin origin,
        long lastZxid,
        @Nullable SnapshotFile snapshot,
        SnapshotTrailer trailer,
        List<LogFile> logs,
        long txnsReplayed,
        long bytesReplayed,
        List<Finding> findings) {

    /// Where the state comes from.
    public enum Origin {
        /// A snapshot, and the log after it.
        SNAPSHOT,
        /// The log alone, because the operator said so. A snapshot must be written.
        LOGS_ONLY,
        /// There was nothing, and a new database begins. A snapshot must be written before the
        /// first transaction is logged, or the next start will find logs without a snapshot.
        NEW,
        /// There was nothing, and nobody said that a new database may begin: the server may have
        /// lost its disk. It takes no part in electing a leader.
        UNKNOWN
    }
}
