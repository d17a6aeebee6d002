package io.witan.zab.peer;

import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.LogEntry;
import io.witan.zab.Zxids;
import io.witan.zab.election.Vote;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Takes over the rest of the leader's history, up to UPTODATE (quorum, section 4.7).
///
/// Transactions of earlier epochs are logged as they come; those of the leader's own epoch wait
/// until NEWLEADER has been obeyed, in this order, each step durable before the next:
///
/// ```
///  configuration last seen, snapshot, history of earlier epochs
///  currentEpoch := the leader's
///  transactions of the leader's epoch that came before NEWLEADER
///  --> ACK NEWLEADER
/// ```
///
/// So nothing is acknowledged that a crash could take away (ZOOKEEPER-3911, 4646, 4785), no epoch
/// is claimed without its history (4643), and the acknowledgement of NEWLEADER is the first (4685).
/// At every instant `epoch(last zxid) <= currentEpoch <= acceptedEpoch` on disk: before the first
/// transaction of an epoch between, that epoch is stored; the log then is the history with which
/// that epoch began.
///
/// Nothing is delivered before UPTODATE, which says that the leader's history is committed.
final class LearnerCatchUp extends LearnerPhase {

    /// Bytes of transactions that may wait for NEWLEADER.
    private static final long WAITING_BYTES_MAX = 256L << 20;

    private static final long NO_SNAPSHOT = Long.MIN_VALUE;

    private enum Stage {
        /// Until NEWLEADER.
        RECEIVING,
        SAVING_HISTORY,
        SAVING_EPOCH,
        /// NEWLEADER is acknowledged.
        ACKNOWLEDGED
    }

    private final long epoch;

    /// With a snapshot comes what was under way while it was taken, the part that it holds included
    /// (quorum, section 4.5).
    private final long redundantUpTo;

    private Stage stage = Stage.RECEIVING;

    /// currentEpoch when storage has done what it was asked.
    private long epochAsked;

    /// Up to here the leader has said that it is committed.
    private long committed;

    /// What it has proposed after that.
    private final Deque<LogEntry> uncommitted = new ArrayDeque<>();

    /// The transactions that are not logged yet, for they are of the leader's epoch.
    private final List<LogEntry> waiting = new ArrayList<>();

    private long waitingBytes;

    /// Of NEWLEADER; in force from UPTODATE on.
    private @Nullable EnsembleConfig config;

    private boolean isEpochSaved;

    /// The end of what came before NEWLEADER.
    private long impliedZxid;

    /// The acknowledgement of NEWLEADER says it for everything up to here, which is committed when
    /// the leader is established.
    private long historyEnd;

    /// With what was acknowledged since.
    private long acknowledgedZxid;

    private LearnerCatchUp(Learning learner, long epoch, long committed, long redundantUpTo) {
        super(learner);
        this.epoch = epoch;
        this.committed = committed;
        this.redundantUpTo = redundantUpTo;
        this.epochAsked = Math.max(context.currentEpoch(), Zxids.epoch(redundantUpTo));
        uncommitted.addAll(context.history.between(committed, context.history.lastZxid()));
    }

    /// After DIFF or TRUNC.
    ///
    /// @param committed the part of the log of which the leader says so
    static LearnerCatchUp after(Learning learner, long epoch, long committed) {
        return new LearnerCatchUp(learner, epoch, committed, NO_SNAPSHOT);
    }

    static LearnerCatchUp afterSnapshot(Learning learner, long epoch, long zxid) {
        return new LearnerCatchUp(learner, epoch, zxid, zxid);
    }

    @Override
    void begin() {}

    @Override
    void received(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PROPOSAL -> proposal(packet.zxid(), packet.dataNotNull());
            case PacketType.COMMIT -> commit(packet.zxid());
            case PacketType.COMMITANDACTIVATE -> commitAndActivate(packet);
            case PacketType.INFORM, PacketType.INFORMANDACTIVATE -> inform(packet);
            case PacketType.NEWLEADER -> newLeader(packet);
            case PacketType.UPTODATE -> upToDate(packet);
            case PacketType.LEADERINFO,
                    PacketType.DIFF,
                    PacketType.TRUNC,
                    PacketType.SNAP,
                    PacketType.FOLLOWERINFO,
                    PacketType.OBSERVERINFO,
                    PacketType.ACKEPOCH,
                    PacketType.ACK,
                    PacketType.REQUEST ->
                    dropOutOfPlace(packet);
            // Pings are not answered before UPTODATE; they only say that the leader lives.
            default -> {}
        }
    }

    // ---- transactions

    private void proposal(long zxid, byte[] txn) {
        if (zxid <= redundantUpTo) {
            return;
        }
        long last = lastZxid();
        if (!Zxids.follows(last, zxid)) {
            dropOutOfOrder(last, zxid);
            return;
        }
        boolean isOwn = Zxids.epoch(zxid) == epoch;
        if (Zxids.epoch(zxid) > epoch || (!isOwn && stage != Stage.RECEIVING)) {
            learner.drop(
                    "the leader of epoch %d sent %s %s NEWLEADER"
                            .formatted(
                                    epoch,
                                    Zxids.hex(zxid),
                                    stage == Stage.RECEIVING ? "before" : "after"));
            return;
        }
        context.see(TxnBytes.read(zxid, txn));
        LogEntry entry = new LogEntry(zxid, txn);
        uncommitted.add(entry);
        if (!isOwn) {
            claim(Zxids.epoch(zxid));
            context.append(entry);
        } else if (stage == Stage.RECEIVING || stage == Stage.SAVING_HISTORY) {
            await(entry);
        } else {
            context.append(entry);
        }
    }

    /// A hole in the history that a leader keeps (ZOOKEEPER-2846, 4352, 4925) would be there the
    /// next time, too; its snapshot has none.
    private void dropOutOfOrder(long last, long zxid) {
        String reason =
                "the leader sent %s, which does not follow %s"
                        .formatted(Zxids.hex(zxid), Zxids.hex(last));
        if (stage == Stage.RECEIVING && zxid > last) {
            context.wantSnapshot();
            reason += "; a snapshot is asked for next";
        }
        learner.drop(reason);
    }

    /// The end of the history as far as it has come.
    private long lastZxid() {
        return waiting.isEmpty() ? context.history.lastZxid() : waiting.getLast().zxid();
    }

    /// The log is the beginning of that epoch's history, so this server can claim to have been in
    /// it.
    private void claim(long earlierEpoch) {
        if (earlierEpoch > epochAsked) {
            epochAsked = earlierEpoch;
            context.storeCurrentEpoch(earlierEpoch, () -> {});
        }
    }

    private void await(LogEntry entry) {
        waitingBytes += entry.txn().length;
        if (waitingBytes > WAITING_BYTES_MAX) {
            learner.drop("more than %d bytes wait for NEWLEADER".formatted(WAITING_BYTES_MAX));
            return;
        }
        waiting.add(entry);
    }

    private void commit(long zxid) {
        if (zxid <= redundantUpTo) {
            return;
        }
        if (isOldestUncommitted(zxid)) {
            uncommitted.remove();
            committed = zxid;
        }
    }

    /// Otherwise the link is dropped.
    private boolean isOldestUncommitted(long zxid) {
        LogEntry oldest = uncommitted.peek();
        if (oldest != null && oldest.zxid() == zxid) {
            return true;
        }
        learner.drop(
                "the leader commits %s where %s"
                        .formatted(
                                Zxids.hex(zxid),
                                oldest == null
                                        ? "nothing is uncommitted"
                                        : Zxids.hex(oldest.zxid()) + " is next"));
        return false;
    }

    private void commitAndActivate(QuorumPacket packet) {
        long leaderHint = Payloads.designatedLeader(packet.data());
        if (packet.zxid() > redundantUpTo && isOldestUncommitted(packet.zxid())) {
            activate(uncommitted.element(), leaderHint);
            commit(packet.zxid());
        }
    }

    private void activate(LogEntry reconfiguration, long leaderHint) {
        if (context.activate(reconfiguration, leaderHint, learner.leaderSid())) {
            context.followChange("reconfigured while it was synchronised");
        }
    }

    private void inform(QuorumPacket packet) {
        if (!(learner instanceof Observing)) {
            dropOutOfPlace(packet);
            return;
        }
        boolean activates = packet.type() == PacketType.INFORMANDACTIVATE;
        long zxid = packet.zxid();
        proposal(zxid, activates ? Payloads.informedTxn(packet.data()) : packet.dataNotNull());
        if (context.isLeaving() || zxid <= redundantUpTo || !isOldestUncommitted(zxid)) {
            return;
        }
        if (activates) {
            activate(uncommitted.element(), Payloads.informedLeader(packet.data()));
        }
        commit(zxid);
    }

    // ---- NEWLEADER

    private void newLeader(QuorumPacket packet) {
        if (stage != Stage.RECEIVING || packet.zxid() != Zxids.startOf(epoch)) {
            dropOutOfPlace(packet);
            return;
        }
        seeConfigOf(packet);
        if (learner instanceof Observing && !context.isObserver()) {
            learner.drop("a reconfiguration makes this server a participant, and needs its word");
            return;
        }
        historyEnd = historyEnd();
        acknowledgedZxid = historyEnd;
        stage = Stage.SAVING_HISTORY;
        context.whenDurable(this::historySaved);
    }

    private void seeConfigOf(QuorumPacket packet) {
        String text = Payloads.configText(packet.data());
        if (text == null
                || text.length() <= 1
                || !context.settings.membership().reconfigEnabled()) {
            return;
        }
        try {
            config = EnsembleConfig.parse(text);
        } catch (ConfigTextException unreadable) {
            // As in the original: the leader is followed all the same, with the members known here.
            return;
        }
        forgetWhatTheLeaderHasNot(config.version());
        context.see(config);
    }

    /// A reconfiguration that this server has seen and its leader has not, though its history is
    /// here now: it was proposed by a leader who lost the lead, and cut off the log, or never came
    /// to be in it. Had it ever been in force the leader would know of it, for a quorum has elected
    /// it that knew no more. If it stayed, this server would complete it as a leader.
    private void forgetWhatTheLeaderHasNot(long leaderVersion) {
        long seen = context.configs.lastSeen().version();
        if (leaderVersion < seen && !context.history.knows(seen) && !isWaiting(seen)) {
            context.forgetLastSeenConfig();
        }
    }

    private boolean isWaiting(long zxid) {
        return waiting.stream().anyMatch(entry -> entry.zxid() == zxid);
    }

    /// What is committed once the leader is established: the history of earlier epochs, whatever
    /// has been said of it, and what it has committed itself.
    private long historyEnd() {
        long last = context.history.lastZxid();
        return Zxids.epoch(last) < epoch ? Math.max(last, committed) : committed;
    }

    private void historySaved() {
        stage = Stage.SAVING_EPOCH;
        if (context.currentEpoch() < epoch) {
            context.storeCurrentEpoch(
                    epoch,
                    () -> {
                        isEpochSaved = true;
                        acknowledge();
                    });
        } else {
            isEpochSaved = true;
        }
        waiting.forEach(context::append);
        waiting.clear();
        impliedZxid = context.history.lastZxid();
        acknowledge();
    }

    @Override
    void durable() {
        acknowledge();
    }

    private void acknowledge() {
        if (stage == Stage.SAVING_EPOCH && isEpochSaved && context.lastDurable() >= impliedZxid) {
            stage = Stage.ACKNOWLEDGED;
            learner.link().established();
            learner.send(newLeaderAck());
        }
        if (stage == Stage.ACKNOWLEDGED && configIsPending()) {
            acknowledgeProposals();
        }
    }

    /// The leader sends UPTODATE when the configuration that NEWLEADER has named is in force, and
    /// for that the word of this server may be needed. Otherwise proposals are acknowledged from
    /// UPTODATE on, like by the original.
    private boolean configIsPending() {
        return learner instanceof Following
                && config != null
                && config.version() > context.configs.committed().version();
    }

    private void acknowledgeProposals() {
        acknowledgedZxid = Math.max(acknowledgedZxid, Zxids.startOf(epoch));
        while (acknowledgedZxid < context.lastDurable()) {
            acknowledgedZxid++;
            learner.send(new QuorumPacket(PacketType.ACK, acknowledgedZxid));
        }
    }

    /// It answers NEWLEADER, and then UPTODATE.
    private QuorumPacket newLeaderAck() {
        return new QuorumPacket(PacketType.ACK, Zxids.startOf(epoch));
    }

    // ---- UPTODATE

    private void upToDate(QuorumPacket packet) {
        if (stage != Stage.ACKNOWLEDGED) {
            dropOutOfPlace(packet);
            return;
        }
        if (config != null && context.install(config, PeerContext.NOBODY, 0, learner.leaderSid())) {
            context.followChange("the leader's configuration changes this server's part");
            return;
        }
        context.voteAgain();
        context.deliverUpTo(Math.max(historyEnd, committed));
        Vote vote = context.currentVote();
        context.currentVote(new Vote(vote.leader(), vote.zxid(), vote.electionEpoch(), epoch));
        learner.serve(epoch);
        learner.send(newLeaderAck());
        learner.go(learner.broadcast(epoch, acknowledgedZxid));
    }

    @Override
    String whenItIsOutOfPlace() {
        return switch (stage) {
            case RECEIVING -> "before NEWLEADER of epoch " + epoch;
            case SAVING_HISTORY, SAVING_EPOCH -> "before NEWLEADER was acknowledged";
            case ACKNOWLEDGED -> "instead of UPTODATE";
        };
    }
}
