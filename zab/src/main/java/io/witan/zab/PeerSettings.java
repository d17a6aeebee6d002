package io.witan.zab;

/// What is fixed while a server runs (quorum, section 1.1). Times are milliseconds.
///
/// @param serverId the content of `myid`
/// @param observerMasters whether followers take observers of their own, and observers go to
///   followers (quorum, section 4.11)
/// @param own what the original does not have
public record PeerSettings(
        long serverId,
        Ticks ticks,
        ElectionTimes election,
        Membership membership,
        Leadership leadership,
        CatchUp catchUp,
        boolean observerMasters,
        Own own) {

    /// How long servers wait for each other.
    ///
    /// @param initLimit ticks for connecting and synchronising
    /// @param syncLimit ticks between a request and its answer on an established link
    /// @param connectLimit ticks for the connection to a leader
    public record Ticks(int tickTimeMillis, int initLimit, int syncLimit, int connectLimit) {

        /// The defaults, with a tick of two seconds.
        public static final Ticks STANDARD = new Ticks(2000, 10, 5, 10);

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

    /// @param finalizeWaitMillis silence after which an election with a quorum is over, unless it
    ///   is clear earlier that nothing more can arrive
    /// @param notifyMillisMin first time-out of an election
    /// @param notifyMillisMax largest time-out of an election
    /// @param readOnlyAfterMillis how long a server looks before it serves readers; negative for
    ///   never
    public record ElectionTimes(
            int finalizeWaitMillis,
            int notifyMillisMin,
            int notifyMillisMax,
            int readOnlyAfterMillis) {

        public static final ElectionTimes STANDARD = new ElectionTimes(200, 200, 60_000, -1);
    }

    /// @param reconfigEnabled whether configurations of other servers are installed
    /// @param standaloneEnabled whether one participant alone would run without agreement
    public record Membership(boolean reconfigEnabled, boolean standaloneEnabled) {

        public static final Membership STANDARD = new Membership(true, true);
    }

    /// What bounds a leader.
    ///
    /// @param counterMax the last counter that is proposed in an epoch
    /// @param waitForEpochMillisMax the leader gives up waiting for an epoch after that time when
    ///   one of its voters looks again (ZOOKEEPER-3109); negative for never
    /// @param backlogBytesMax transactions that a learner may have been sent, or have waiting for
    ///   it, without a sign that they have arrived; a learner that is further behind loses its
    ///   link. It holds for an observer master as well
    public record Leadership(long counterMax, int waitForEpochMillisMax, long backlogBytesMax) {

        /// The counter whose successor would not fit (quorum, section 8.3).
        public static final long COUNTER_MAX = 0xffff_fffeL;

        public static final Leadership STANDARD = new Leadership(COUNTER_MAX, -1, 256L << 20);
    }

    /// How learners are brought to where their leader is.
    ///
    /// @param historyCountMax committed transactions kept in memory for learners; at least 500 in
    ///   the original
    /// @param historyBytesMax and their bytes
    /// @param diskSyncBytesMax bytes that a learner may be sent from the log on disk instead of a
    ///   snapshot; 0 or less for none
    /// @param forceSnapshotSync whether every learner gets a snapshot
    /// @param snapshotSyncsMax observers that may be sent snapshots at a time
    /// @param diffSyncsMax observers that may be sent differences at a time
    public record CatchUp(
            int historyCountMax,
            long historyBytesMax,
            long diskSyncBytesMax,
            boolean forceSnapshotSync,
            int snapshotSyncsMax,
            int diffSyncsMax) {

        public static final CatchUp STANDARD =
                new CatchUp(500, 32L << 20, 32L << 20, false, 10, 100);
    }

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
                Ticks.STANDARD,
                ElectionTimes.STANDARD,
                Membership.STANDARD,
                Leadership.STANDARD,
                CatchUp.STANDARD,
                false,
                Own.NONE);
    }

    public PeerSettings with(Ticks newTicks) {
        return new PeerSettings(
                serverId,
                newTicks,
                election,
                membership,
                leadership,
                catchUp,
                observerMasters,
                own);
    }

    public PeerSettings with(ElectionTimes newElection) {
        return new PeerSettings(
                serverId,
                ticks,
                newElection,
                membership,
                leadership,
                catchUp,
                observerMasters,
                own);
    }

    public PeerSettings with(Membership newMembership) {
        return new PeerSettings(
                serverId,
                ticks,
                election,
                newMembership,
                leadership,
                catchUp,
                observerMasters,
                own);
    }

    public PeerSettings with(Leadership newLeadership) {
        return new PeerSettings(
                serverId,
                ticks,
                election,
                membership,
                newLeadership,
                catchUp,
                observerMasters,
                own);
    }

    public PeerSettings with(CatchUp newCatchUp) {
        return new PeerSettings(
                serverId,
                ticks,
                election,
                membership,
                leadership,
                newCatchUp,
                observerMasters,
                own);
    }

    public PeerSettings withObserverMasters(boolean newObserverMasters) {
        return new PeerSettings(
                serverId,
                ticks,
                election,
                membership,
                leadership,
                catchUp,
                newObserverMasters,
                own);
    }

    public PeerSettings with(Own newOwn) {
        return new PeerSettings(
                serverId,
                ticks,
                election,
                membership,
                leadership,
                catchUp,
                observerMasters,
                newOwn);
    }
}
