package io.witan.zab;

/// What is fixed while a server runs (quorum, section 1.1). Times are milliseconds.
///
/// @param serverId the content of `myid`
/// @param initLimit ticks for connecting and synchronising
/// @param syncLimit ticks between a request and its answer on an established link
/// @param connectLimit ticks for the connection to a leader
/// @param finalizeWaitMillis silence after which an election with a quorum is over, unless it is
///   clear earlier that nothing more can arrive
/// @param notifyMillisMin first time-out of an election
/// @param notifyMillisMax largest time-out of an election
/// @param reconfigEnabled whether configurations of other servers are installed
/// @param standaloneEnabled whether one participant alone would run without agreement
/// @param historyCountMax committed transactions kept in memory for learners; at least 500 in the
///   original
/// @param historyBytesMax and their bytes
/// @param diskSyncBytesMax bytes that a learner may be sent from the log on disk instead of a
///   snapshot; 0 or less for none
/// @param forceSnapshotSync whether every learner gets a snapshot
/// @param snapshotSyncsMax observers that may be sent snapshots at a time
/// @param diffSyncsMax observers that may be sent differences at a time
/// @param counterMax the last counter that is proposed in an epoch
/// @param waitForEpochMillisMax the leader gives up waiting for an epoch after that time when one
///   of its voters looks again (ZOOKEEPER-3109); negative for never
/// @param truncatesAcrossEpochs whether a learner whose log ends in an epoch of which this server
///   has less, and later ones, too, is told to cut its log and sent the rest. The original sends a
///   snapshot then. Its own learners have open defects there (ZOOKEEPER-5094, 4837), so it is off
///   where there are any
/// @param backlogBytesMax transactions that a learner may have been sent, or have waiting for it,
///   without a sign that they have arrived; a learner that is further behind loses its link
/// @param readOnlyAfterMillis how long a server looks before it serves readers; negative for never
/// @param observerMasters whether followers take observers of their own, and observers go to
///   followers (quorum, section 4.11)
/// @param own what the original does not have
public record PeerSettings(
        long serverId,
        int tickTimeMillis,
        int initLimit,
        int syncLimit,
        int connectLimit,
        int finalizeWaitMillis,
        int notifyMillisMin,
        int notifyMillisMax,
        boolean reconfigEnabled,
        boolean standaloneEnabled,
        int historyCountMax,
        long historyBytesMax,
        long diskSyncBytesMax,
        boolean forceSnapshotSync,
        int snapshotSyncsMax,
        int diffSyncsMax,
        long counterMax,
        int waitForEpochMillisMax,
        boolean truncatesAcrossEpochs,
        long backlogBytesMax,
        int readOnlyAfterMillis,
        boolean observerMasters,
        Own own) {

    /// The counter whose successor would not fit (quorum, section 8.3).
    public static final long COUNTER_MAX = 0xffff_fffeL;

    /// @param heartbeatMillis how often a leader is heard of where all voters heed that; 0 for the
    ///   original's rule
    /// @param idleLearnerMillis by how much a learner without clients may be told later
    ///   ([io.witan.zab.peer.IdleLearners]); 0 for never
    public record Own(int heartbeatMillis, int idleLearnerMillis) {

        /// As the original does it.
        public static final Own NONE = new Own(0, 0);
    }

    /// The defaults of the configuration file without what is ours alone, with a tick of two
    /// seconds.
    public static PeerSettings standard(long serverId) {
        return new PeerSettings(
                serverId,
                2000,
                10,
                5,
                10,
                200,
                200,
                60_000,
                true,
                true,
                500,
                32L << 20,
                32L << 20,
                false,
                10,
                100,
                COUNTER_MAX,
                -1,
                true,
                256L << 20,
                -1,
                false,
                Own.NONE);
    }

    public PeerSettings withTicks(int newTickTimeMillis, int newInitLimit, int newSyncLimit) {
        return new PeerSettings(
                serverId,
                newTickTimeMillis,
                newInitLimit,
                newSyncLimit,
                newInitLimit,
                finalizeWaitMillis,
                notifyMillisMin,
                notifyMillisMax,
                reconfigEnabled,
                standaloneEnabled,
                historyCountMax,
                historyBytesMax,
                diskSyncBytesMax,
                forceSnapshotSync,
                snapshotSyncsMax,
                diffSyncsMax,
                counterMax,
                waitForEpochMillisMax,
                truncatesAcrossEpochs,
                backlogBytesMax,
                readOnlyAfterMillis,
                observerMasters,
                own);
    }

    public PeerSettings withElectionTimes(
            int newFinalizeWaitMillis, int newNotifyMillisMin, int newNotifyMillisMax) {
        return new PeerSettings(
                serverId,
                tickTimeMillis,
                initLimit,
                syncLimit,
                connectLimit,
                newFinalizeWaitMillis,
                newNotifyMillisMin,
                newNotifyMillisMax,
                reconfigEnabled,
                standaloneEnabled,
                historyCountMax,
                historyBytesMax,
                diskSyncBytesMax,
                forceSnapshotSync,
                snapshotSyncsMax,
                diffSyncsMax,
                counterMax,
                waitForEpochMillisMax,
                truncatesAcrossEpochs,
                backlogBytesMax,
                readOnlyAfterMillis,
                observerMasters,
                own);
    }

    public PeerSettings withMembership(boolean newReconfigEnabled, boolean newStandaloneEnabled) {
        return new PeerSettings(
                serverId,
                tickTimeMillis,
                initLimit,
                syncLimit,
                connectLimit,
                finalizeWaitMillis,
                notifyMillisMin,
                notifyMillisMax,
                newReconfigEnabled,
                newStandaloneEnabled,
                historyCountMax,
                historyBytesMax,
                diskSyncBytesMax,
                forceSnapshotSync,
                snapshotSyncsMax,
                diffSyncsMax,
                counterMax,
                waitForEpochMillisMax,
                truncatesAcrossEpochs,
                backlogBytesMax,
                readOnlyAfterMillis,
                observerMasters,
                own);
    }

    public PeerSettings withObserverMasters(boolean newObserverMasters) {
        return new PeerSettings(
                serverId,
                tickTimeMillis,
                initLimit,
                syncLimit,
                connectLimit,
                finalizeWaitMillis,
                notifyMillisMin,
                notifyMillisMax,
                reconfigEnabled,
                standaloneEnabled,
                historyCountMax,
                historyBytesMax,
                diskSyncBytesMax,
                forceSnapshotSync,
                snapshotSyncsMax,
                diffSyncsMax,
                counterMax,
                waitForEpochMillisMax,
                truncatesAcrossEpochs,
                backlogBytesMax,
                readOnlyAfterMillis,
                newObserverMasters,
                own);
    }

    public PeerSettings with(Own newOwn) {
        return new PeerSettings(
                serverId,
                tickTimeMillis,
                initLimit,
                syncLimit,
                connectLimit,
                finalizeWaitMillis,
                notifyMillisMin,
                notifyMillisMax,
                reconfigEnabled,
                standaloneEnabled,
                historyCountMax,
                historyBytesMax,
                diskSyncBytesMax,
                forceSnapshotSync,
                snapshotSyncsMax,
                diffSyncsMax,
                counterMax,
                waitForEpochMillisMax,
                truncatesAcrossEpochs,
                backlogBytesMax,
                readOnlyAfterMillis,
                observerMasters,
                newOwn);
    }

    /// How long connecting and synchronising may take.
    public long initMillis() {
        return (long) tickTimeMillis * initLimit;
    }

    /// How long an established link may be silent.
    public long syncMillis() {
        return (long) tickTimeMillis * syncLimit;
    }

    public long connectMillis() {
        return (long) tickTimeMillis * connectLimit;
    }
}
