package io.witan.server.config;

import io.witan.wire.config.EnsembleConfig;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// What a member of an ensemble was told at its start (quorum, section 1). Times are milliseconds.
///
/// @param sid the content of `myid`
/// @param members as the files give them
/// @param lastSeen a newer configuration that was heard of before the last stop; null for none
/// @param files where configurations are kept; null where nothing is written
/// @param initLimit ticks for connecting and synchronising
/// @param syncLimit ticks between a request and its answer
/// @param connectLimit ticks for the connection to a leader
/// @param oraclePath of the file that lets one of two servers go on alone; null for none
/// @param leaderServes whether it takes clients while it leads
/// @param diskless whether it writes nothing, as an observer
public record EnsembleSettings(
        long sid,
        EnsembleConfig members,
        @Nullable EnsembleConfig lastSeen,
        @Nullable Path files,
        int initLimit,
        int syncLimit,
        int connectLimit,
        boolean reconfigEnabled,
        boolean standaloneEnabled,
        @Nullable Path oraclePath,
        Election election,
        Learners learners,
        boolean leaderServes,
        boolean diskless,
        boolean readOnlyMode) {

    /// @param bindAttempts how often taking the election port is tried; 0: without end
    public record Election(
            boolean listenOnAll,
            int connectMillis,
            int handshakeMillis,
            int bindAttempts,
            boolean tcpKeepAlive,
            int notifyMillisMin,
            int notifyMillisMax) {}

    /// @param historyCountMax committed transactions kept in memory for learners
    /// @param waitForEpochMillisMax negative for ever
    /// @param observerMasterPort where followers take observers, and observers look for them; 0 for
    ///   nowhere
    /// @param heartbeatMillis how often a leader of an ensemble of Witan servers alone is heard of;
    ///   0 for the original's rule
    /// @param idleLearnerMillis by how much servers without clients may be told later; 0 for never
    public record Learners(
            int historyCountMax,
            boolean forceSnapshotSync,
            boolean logSync,
            int snapshotSyncsMax,
            int diffSyncsMax,
            int waitForEpochMillisMax,
            int observerMasterPort,
            int heartbeatMillis,
            int idleLearnerMillis) {}
}
