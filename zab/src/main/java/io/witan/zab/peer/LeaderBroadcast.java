package io.witan.zab.peer;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.LogEntry;
import io.witan.zab.Zxids;
import io.witan.zab.config.DesignatedLeader;
import io.witan.zab.quorum.QuorumVerifier;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Proposes transactions, and commits each when a quorum has it on disk and everything before it is
/// committed (quorum, sections 4.8 and 5.3).
///
/// The leader's own log is one among the others: a transaction that a quorum has without it is
/// committed and delivered while the leader's disk still works. Should the leader crash then, its
/// log ends before a transaction that it has delivered; it has not acknowledged it, so no later
/// quorum counts on its log, and it is sent the transaction by the next leader.
final class LeaderBroadcast implements LearnerMaster {

    private final class Proposal {

        final LogEntry entry;
        final QuorumPacket packet;

        /// A quorum by each of them is needed: those that were in force when it was proposed.
        final List<QuorumVerifier> quorums;

        /// [#sentBytes] with it.
        final long sentBytesThen;

        final long proposedAtMillis = context.nowMillis;

        /// What it proposes if it is a reconfiguration.
        final @Nullable EnsembleConfig config;

        /// Those who have it on disk.
        final Set<Long> acks = new TreeSet<>();

        Proposal(LogEntry entry, @Nullable EnsembleConfig config) {
            this.entry = entry;
            this.packet = new QuorumPacket(PacketType.PROPOSAL, entry.zxid(), entry.txn());
            this.quorums = context.configs.verifiers();
            this.sentBytesThen = sentBytes;
            this.config = config;
        }

        boolean hasQuorum() {
            return context.configs.isQuorum(quorums, acks);
        }
    }

    /// What the fields of a packet count for, so that packets without data are not free.
    private static final int PACKET_BYTES = QuorumPacket.BYTES_MIN;

    private final PeerContext context;
    private final Learners learners;
    private final Leading leader;
    private final long epoch;

    private boolean isActive;

    /// Another server has been designated: nothing is committed any more.
    private boolean isOver;

    private long lastProposed;

    /// What is not committed, by zxid.
    private final NavigableMap<Long, Proposal> outstanding = new TreeMap<>();

    /// Up to here this server's own log counts.
    private long ownAcked;

    /// The bytes of all proposals of this epoch, with their packets.
    private long sentBytes;

    LeaderBroadcast(PeerContext context, Learners learners, Leading leader, long epoch) {
        this.context = context;
        this.learners = learners;
        this.leader = leader;
        this.epoch = epoch;
        this.lastProposed = Zxids.startOf(epoch);
        this.ownAcked = lastProposed;
    }

    /// A quorum has this leader's history.
    void begin() {
        isActive = true;
        context.deliverUpTo(context.history.lastZxid());
    }

    /// No more commits.
    void end() {
        isOver = true;
    }

    /// The end of what is committed, or will be as soon as the leader is established in broadcast.
    @Override
    public long committed() {
        return isActive ? context.delivered() : context.history.lastZxid();
    }

    /// The last transaction of this epoch; where the epoch begins if there is none.
    long lastProposed() {
        return lastProposed;
    }

    int outstandingCount() {
        return outstanding.size();
    }

    boolean isOutstanding(long zxid) {
        return outstanding.containsKey(zxid);
    }

    /// How much has been proposed in all; a learner is behind by what came after that of which it
    /// is known that it has arrived.
    @Override
    public long sentBytes() {
        return sentBytes;
    }

    @Override
    public QuorumPacket proposalPacket(long zxid) {
        Proposal proposal = outstanding.get(zxid);
        if (proposal == null) {
            throw new IllegalStateException(Zxids.hex(zxid) + " is not outstanding");
        }
        return proposal.packet;
    }

    /// With NEWLEADER goes what a quorum must agree to: the configuration last seen.
    @Override
    public EnsembleConfig config() {
        return context.configs.lastSeen();
    }

    // ---- proposing

    boolean hasCounterLeft() {
        return Zxids.counter(lastProposed) < context.settings.leadership().counterMax();
    }

    /// @throws IllegalStateException if it is not the successor of the last one
    void propose(LogEntry entry) {
        if (!isActive || entry.zxid() != lastProposed + 1) {
            throw new IllegalStateException(
                    "%s is proposed after %s"
                            .formatted(Zxids.hex(entry.zxid()), Zxids.hex(lastProposed)));
        }
        EnsembleConfig config = seenConfig(entry);
        lastProposed = entry.zxid();
        sentBytes += PACKET_BYTES + entry.txn().length;
        Proposal proposal = new Proposal(entry, config);
        outstanding.put(entry.zxid(), proposal);
        context.append(entry);
        boolean isAnyoneBehind = false;
        for (LearnerLink link : learners.all()) {
            if (!link.isObserver() && link.hearsOf(entry.zxid())) {
                link.tell(proposal.packet);
                link.proposed(entry.zxid());
            }
            isAnyoneBehind |= isTooFarBehind(link);
        }
        if (isAnyoneBehind) {
            closeWhoIsTooFarBehind();
        }
    }

    /// From its proposal on the new configuration is asked, too, by this proposal already.
    private @Nullable EnsembleConfig seenConfig(LogEntry entry) {
        if (!context.settings.membership().reconfigEnabled()
                || !TxnBytes.isReconfiguration(entry.txn())) {
            return null;
        }
        EnsembleConfig config = TxnBytes.config(TxnBytes.read(entry.zxid(), entry.txn()));
        if (config != null) {
            context.see(config);
            leader.chooseIdleLearners();
        }
        return config;
    }

    private boolean isTooFarBehind(LearnerLink link) {
        return link.hasReached(LearnerLink.Stage.SYNCHRONISING)
                && sentBytes - link.confirmedBytes()
                        > context.settings.leadership().backlogBytesMax();
    }

    private void closeWhoIsTooFarBehind() {
        for (LearnerLink link : learners.list()) {
            if (isTooFarBehind(link)) {
                learners.close(
                        link,
                        "%s is behind by %d bytes"
                                .formatted(link, sentBytes - link.confirmedBytes()));
            }
        }
    }

    // ---- acknowledgements

    void acknowledged(LearnerLink link, long zxid) {
        // UPTODATE is acknowledged with the start of the epoch.
        if (Zxids.counter(zxid) == 0 || link.isObserver()) {
            return;
        }
        if (zxid > lastProposed || Zxids.epoch(zxid) != epoch || link.isYetToHearOf(zxid)) {
            learners.close(
                    link,
                    "%s acknowledged %s, which was never proposed to it"
                            .formatted(link, Zxids.hex(zxid)));
            return;
        }
        link.proposalAcknowledged(zxid);
        Proposal proposal = outstanding.get(zxid);
        if (proposal == null) {
            // Committed by the others already.
            return;
        }
        link.arrived(proposal.sentBytesThen);
        proposal.acks.add(link.sid());
        commitInOrder();
    }

    /// NEWLEADER is acknowledged: the learner's log holds its history, which can go beyond what is
    /// committed. Also that of an observer: with a reconfiguration it may just have ceased to vote,
    /// and what was proposed before that can need its word.
    void acknowledgedHistory(LearnerLink link) {
        for (Proposal proposal : outstanding.headMap(link.historyEnd(), true).values()) {
            proposal.acks.add(link.sid());
        }
        commitInOrder();
    }

    /// A learner that comes back with less than it once acknowledged, however that came to be, has
    /// not acknowledged the rest any more.
    @Override
    public void withdrawAcks(long sid, long afterZxid) {
        for (Proposal proposal : outstanding.tailMap(afterZxid, false).values()) {
            proposal.acks.remove(sid);
        }
    }

    /// This server's log has grown.
    void durable() {
        long durable = context.lastDurable();
        if (durable <= ownAcked) {
            return;
        }
        for (Proposal proposal : outstanding.subMap(ownAcked, false, durable, true).values()) {
            proposal.acks.add(context.sid());
        }
        ownAcked = durable;
        commitInOrder();
    }

    /// Whether the oldest proposal needs more than those who have it and those who can still
    /// acknowledge it: voters of before a reconfiguration that is in force now, who did not bring
    /// it back with them. A new epoch asks them no more.
    ///
    /// @param acknowledging those who still can
    boolean waitsInVain(Set<Long> acknowledging) {
        Map.Entry<Long, Proposal> oldest = outstanding.firstEntry();
        if (oldest == null || isOver) {
            return false;
        }
        Proposal proposal = oldest.getValue();
        Set<Long> sids = new TreeSet<>(acknowledging);
        sids.addAll(proposal.acks);
        return context.nowMillis - proposal.proposedAtMillis > context.settings.ticks().initMillis()
                && !context.configs.isQuorum(proposal.quorums, sids);
    }

    // ---- commits

    /// Only ever the oldest: one with a quorum waits for all before it.
    void commitInOrder() {
        boolean isAnyCommitted = false;
        while (!isOver && !context.isLeaving()) {
            Map.Entry<Long, Proposal> oldest = outstanding.firstEntry();
            if (oldest == null || !oldest.getValue().hasQuorum()) {
                break;
            }
            outstanding.remove(oldest.getKey());
            commit(oldest.getValue());
            isAnyCommitted = true;
        }
        if (isAnyCommitted) {
            leader.committed();
        }
    }

    private void commit(Proposal proposal) {
        long zxid = proposal.entry.zxid();
        leader.committing(zxid);
        EnsembleConfig config = proposal.config;
        if (config == null) {
            tell(
                    zxid,
                    new QuorumPacket(PacketType.COMMIT, zxid),
                    new QuorumPacket(PacketType.INFORM, zxid, proposal.entry.txn()));
            context.deliverUpTo(zxid);
        } else {
            activate(proposal, config);
        }
    }

    private void tell(long zxid, QuorumPacket follower, QuorumPacket observer) {
        for (LearnerLink link : learners.all()) {
            if (link.hearsOf(zxid)) {
                link.tell(link.isObserver() ? observer : follower);
            }
        }
    }

    /// A reconfiguration is committed: it is in force, and another may lead from now on (quorum,
    /// sections 5.3 to 5.5).
    private void activate(Proposal proposal, EnsembleConfig config) {
        long zxid = proposal.entry.zxid();
        long designated =
                DesignatedLeader.choose(
                        context.sid(),
                        context.configs.committed(),
                        config,
                        proposal.acks,
                        outstanding.values().stream().map(later -> later.acks).toList());
        boolean changed = context.install(config, designated, zxid, context.sid());
        if (designated != context.sid()) {
            end();
        }
        tell(
                zxid,
                new QuorumPacket(
                        PacketType.COMMITANDACTIVATE, zxid, Payloads.designatedLeader(designated)),
                new QuorumPacket(
                        PacketType.INFORMANDACTIVATE,
                        zxid,
                        Payloads.informAndActivate(designated, proposal.entry.txn())));
        // It can be the last thing that this leader tells.
        learners.all().forEach(LearnerLink::sendWhatWaits);
        context.deliverUpTo(zxid);
        leader.chooseIdleLearners();
        if (changed) {
            leader.retire(
                    "reconfiguration %s makes server %d the leader"
                            .formatted(Zxids.hex(zxid), designated));
        }
    }
}
