package io.witan.zab;

import io.witan.wire.config.EnsembleConfig;

import java.util.List;

/// What the disk gave at the start of a server.
///
/// @param lastZxid the last transaction of the log, or of the snapshot where no log is behind it
/// @param recent the end of the log, without a hole, ending at `lastZxid`; may be empty
/// @param mayVote false if the log was damaged: the server then joins a leader that others elected
/// @param committed the configuration in force (C)
/// @param lastSeen the newest one heard of (S)
public record PeerStart(
        long acceptedEpoch,
        long currentEpoch,
        long lastZxid,
        List<LogEntry> recent,
        boolean mayVote,
        EnsembleConfig committed,
        EnsembleConfig lastSeen) {}
