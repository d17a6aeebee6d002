package io.witan.zab.peer;

import io.witan.zab.PeerSettings;
import io.witan.zab.Zxids;

/// How a learner is brought to the leader's history, decided by where its log ends (quorum, section
/// 4.4).
///
/// A server's log is determined by its last transaction: whoever has `f_k`, the k-th transaction of
/// epoch f, has the history with which epoch f began, which every later leader has, too, and f_1 to
/// f_k. So the last transaction that leader and learner have in common is the greatest one in the
/// leader's log that is not above the learner's last; everything after it in the learner's log was
/// never committed, for the leader's log holds all that was.
sealed interface SyncDecision {

    /// The learner's log is a beginning of the leader's, or a little more than its committed part.
    ///
    /// @param zxid the end of what is committed, or of the learner's log if that is further
    /// @param after what the learner has already
    record Diff(long zxid, long after) implements SyncDecision {}

    /// The learner takes back what it has after `zxid`; what the leader has after it follows.
    record Trunc(long zxid) implements SyncDecision {}

    /// Like [Diff], with the transactions up to and including `upTo` from the log on disk, if it
    /// gives them.
    record DiffFromDisk(long after, long upTo) implements SyncDecision {}

    record Snap() implements SyncDecision {}

    /// @param last the end of the learner's log, as it says
    /// @param committed the end of what is committed in the leader's history; the whole history
    ///   while it is not in broadcast
    /// @param treeZxid what a snapshot would hold: less than the history while that is not
    ///   committed
    /// @param truncatesAcrossEpochs whether the learner can be told to cut back its log where this
    ///   server has less of an epoch, and later ones, too, and be sent the rest. The original sends
    ///   a snapshot then, and its own learners have open defects there (ZOOKEEPER-5094, 4837)
    static SyncDecision decide(
            long last,
            History history,
            long committed,
            long treeZxid,
            PeerSettings settings,
            boolean truncatesAcrossEpochs) {
        if (settings.catchUp().forceSnapshotSync() && last <= treeZxid) {
            // Not where it would take back for a while what the learner has acknowledged.
            return new Snap();
        }
        if (last == committed) {
            return new Diff(committed, last);
        }
        if (last <= 0) {
            // Nobody knows that this server's tree was empty where its log begins (ZOOKEEPER-4352).
            return new Snap();
        }
        if (history.knows(last)) {
            return new Diff(Math.max(last, committed), last);
        }
        if (last < history.beforeFirst()) {
            return fromDisk(last, history.beforeFirst(), settings);
        }
        if (Zxids.counter(last) == 0) {
            // The position of a server of the original that has led and proposed nothing. The
            // history with which its epoch began is what there is of the epochs before.
            return last < history.lastZxid() ? new Diff(committed, last) : new Snap();
        }
        return truncate(last, history, truncatesAcrossEpochs);
    }

    /// A learner that is not inside the log, but at its end or where a new epoch began, cannot be
    /// told from one that has nothing (ZOOKEEPER-4352).
    private static SyncDecision fromDisk(long last, long first, PeerSettings settings) {
        boolean wanted =
                settings.catchUp().diskSyncBytesMax() > 0 && last > 0 && Zxids.counter(last) != 0;
        return wanted ? new DiffFromDisk(last, first) : new Snap();
    }

    private static SyncDecision truncate(long last, History history, boolean acrossEpochs) {
        int next = history.indexAfter(last);
        long common = next == 0 ? history.beforeFirst() : history.get(next - 1).zxid();
        boolean isLeaderAhead = next < history.size();
        if (common <= 0 || (isLeaderAhead && !acrossEpochs)) {
            // The original truncates to -1 where it has nothing to go by.
            return new Snap();
        }
        return new Trunc(common);
    }
}
