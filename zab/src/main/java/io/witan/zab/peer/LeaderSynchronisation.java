package io.witan.zab.peer;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Effect;
import io.witan.zab.Happening;
import io.witan.zab.LogEntry;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Brings learners to the leader's history and hands them over to [LeaderBroadcast] or, at a
/// follower, to [ObserverMaster] (quorum, sections 4.4 to 4.6).
///
/// ```
///  --> DIFF, TRUNC or SNAP
///  --> PROPOSAL, COMMIT            for each transaction that is missing and is committed
///  --> PROPOSAL                    for each that is outstanding, to followers
///      from here on the learner is sent what is broadcast
///  --> NEWLEADER
/// ```
///
/// All of that is decided and sent in one step, so that nothing can come between. Only a piece of
/// the log on disk comes later: what follows it is then held until it is there.
final class LeaderSynchronisation {

    private final PeerContext context;
    private final Learners learners;
    private final LearnerMaster master;
    private final long epoch;

    /// The same packet for all who are sent the same configuration.
    private @Nullable QuorumPacket newLeader;

    private long newLeaderVersion;

    LeaderSynchronisation(
            PeerContext context, Learners learners, LearnerMaster master, long epoch) {
        this.context = context;
        this.learners = learners;
        this.master = master;
        this.epoch = epoch;
    }

    /// @param link its learner has said where its log ends; it stays there if it must wait
    void begin(LearnerLink link) {
        long committed = master.committed();
        SyncDecision decision =
                SyncDecision.decide(
                        link.position(),
                        context.history,
                        committed,
                        context.delivered(),
                        context.settings,
                        link.isOurs());
        boolean snapshot = decision instanceof SyncDecision.Snap;
        if (!isAdmitted(link, snapshot)) {
            if (link.beginsToWait()) {
                context.tell(
                        new Happening.WaitsForTurn(
                                link.number(), link.sid(), snapshot, atMost(snapshot)));
            }
            return;
        }
        link.synchronising(snapshot, master.sentBytes());
        switch (decision) {
            case SyncDecision.Diff(long zxid, long after) -> {
                link.send(new QuorumPacket(PacketType.DIFF, zxid));
                sendHistory(link, after);
                tell(link, Happening.Way.DIFF);
            }
            case SyncDecision.Trunc(long zxid) -> {
                link.send(new QuorumPacket(PacketType.TRUNC, zxid));
                sendHistory(link, zxid);
                tell(link, Happening.Way.TRUNC);
            }
            case SyncDecision.DiffFromDisk(long after, long upTo) -> {
                link.hold();
                sendHistory(link, upTo);
                context.readLog(
                        after,
                        upTo,
                        context.settings.catchUp().diskSyncBytesMax(),
                        entries -> logRead(link, after, upTo, committed, entries));
            }
            case SyncDecision.Snap() -> sendSnapshot(link);
        }
        sendNewLeader(link);
    }

    /// Followers are always synchronised; observers wait for their turn. The original closes their
    /// links, and they come again at once, and again.
    private boolean isAdmitted(LearnerLink link, boolean snapshot) {
        return !link.isObserver() || learners.synchronising(snapshot) < atMost(snapshot);
    }

    private int atMost(boolean snapshot) {
        return snapshot
                ? context.settings.catchUp().snapshotSyncsMax()
                : context.settings.catchUp().diffSyncsMax();
    }

    /// Somebody may have made room for those who wait for their turn.
    void admitWaiting() {
        learners.at(LearnerLink.Stage.PROMISED).forEach(this::begin);
    }

    /// What the leader has after `zxid`. From here on the learner hears of what is committed.
    private void sendHistory(LearnerLink link, long zxid) {
        long committed = master.committed();
        for (int i = context.history.indexAfter(zxid); i < context.history.size(); i++) {
            LogEntry entry = context.history.get(i);
            if (entry.zxid() <= committed) {
                link.send(proposal(entry));
                link.send(new QuorumPacket(PacketType.COMMIT, entry.zxid()));
            } else if (!link.isObserver()) {
                link.send(master.proposalPacket(entry.zxid()));
                link.proposed(entry.zxid());
            } else {
                continue;
            }
            link.historySent(entry);
        }
        link.historyEnd(Math.max(zxid, committed));
        master.withdrawAcks(link.sid(), link.historyEnd());
    }

    private static QuorumPacket proposal(LogEntry entry) {
        return new QuorumPacket(PacketType.PROPOSAL, entry.zxid(), entry.txn());
    }

    /// The tree holds what has been delivered; the history goes on behind it.
    private void sendSnapshot(LearnerLink link) {
        long zxid = context.delivered();
        link.send(new QuorumPacket(PacketType.SNAP, zxid));
        context.emit(new Effect.SendSnapshot(link.number(), zxid));
        sendHistory(link, zxid);
        tell(link, Happening.Way.SNAP);
    }

    private void tell(LearnerLink link, Happening.Way way) {
        context.tell(
                new Happening.Synchronising(
                        link.number(),
                        link.sid(),
                        link.isObserver(),
                        way,
                        link.position(),
                        link.isObserver() ? link.historyEnd() : context.history.lastZxid(),
                        link.historyTxns(),
                        link.historyBytes()));
    }

    private void sendNewLeader(LearnerLink link) {
        EnsembleConfig config = master.config();
        if (newLeader == null || newLeaderVersion != config.version()) {
            newLeaderVersion = config.version();
            newLeader =
                    new QuorumPacket(
                            PacketType.NEWLEADER,
                            Zxids.startOf(epoch),
                            Payloads.configText(config.text()));
        }
        link.send(newLeader);
        link.newLeaderSent(config.version());
    }

    // ---- the log on disk

    private void logRead(
            LearnerLink link,
            long after,
            long upTo,
            long committed,
            @Nullable List<LogEntry> entries) {
        if (!learners.has(link) || context.isLeaving()) {
            return;
        }
        if (entries == null || !isWhole(after, upTo, entries)) {
            snapshotInstead(link);
            return;
        }
        link.sendNow(new QuorumPacket(PacketType.DIFF, committed));
        for (LogEntry entry : entries) {
            link.sendNow(proposal(entry));
            link.sendNow(new QuorumPacket(PacketType.COMMIT, entry.zxid()));
            link.historySent(entry);
        }
        link.release();
        tell(link, Happening.Way.DIFF);
    }

    /// What is read from disk is not believed to be without a hole (ZOOKEEPER-2846).
    private static boolean isWhole(long after, long upTo, List<LogEntry> entries) {
        long last = after;
        for (LogEntry entry : entries) {
            if (!Zxids.follows(last, entry.zxid())) {
                return false;
            }
            last = entry.zxid();
        }
        return last == upTo;
    }

    private void snapshotInstead(LearnerLink link) {
        if (!isAdmitted(link, true)) {
            learners.close(link, "%d learners are being sent snapshots".formatted(atMost(true)));
            return;
        }
        link.discard();
        link.synchronising(true, master.sentBytes());
        sendSnapshot(link);
        sendNewLeader(link);
    }
}
