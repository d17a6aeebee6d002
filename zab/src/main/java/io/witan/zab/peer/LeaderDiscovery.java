package io.witan.zab.peer;

import io.witan.wire.config.Member;
import io.witan.wire.quorum.Heartbeats;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Zxids;
import io.witan.zab.peer.LearnerLink.Stage;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/// Finds the epoch that this server will lead, and makes sure that no quorum follows an older
/// leader or knows more than this one (quorum, section 4.2).
///
/// ```
///  <-- FOLLOWERINFO acceptedEpoch     from a quorum, this server included
///      [acceptedEpoch := one more than the greatest, on disk]
///  --> LEADERINFO new epoch           to these, and to everyone who comes later
///  <-- ACKEPOCH currentEpoch, zxid    from a quorum, none of them newer than this server
/// ```
///
/// While the configuration changes both quorums are asked here, too, where the original asks the
/// committed one alone: so there are no two established leaders of one epoch even where this server
/// does not know yet that the new configuration is in force.
final class LeaderDiscovery {

    /// In ACKEPOCH: the learner had promised this epoch before, perhaps to another server.
    private static final int NOT_COUNTED = -1;

    /// ACKEPOCH of a server of the original that has no database.
    private static final long NO_ZXID = -1;

    /// No learner is believed that claims to have promised a later one: there would soon be no
    /// epoch left.
    private static final long EPOCH_MAX = Integer.MAX_VALUE - (1L << 16);

    private enum State {
        /// Until a quorum has said what it has promised.
        GATHERING,
        /// The epoch is fixed, and being stored.
        PROMISING,
        /// It is offered.
        OFFERING,
        ESTABLISHED
    }

    private final PeerContext context;
    private final Learners learners;
    private final Leading leader;

    /// What this server knows, from before it began to lead.
    private final long ownEpoch;

    private final long ownZxid;

    private final boolean mayNextBeInForce;

    private State state = State.GATHERING;

    /// Above all that have been promised, as far as has been heard.
    private long epoch;

    private final Set<Long> gathered = new TreeSet<>();
    private final Set<Long> acknowledged = new TreeSet<>();

    /// Those who know more than this server.
    private final Set<Long> newer = new TreeSet<>();

    LeaderDiscovery(PeerContext context, Learners learners, Leading leader) {
        this.context = context;
        this.learners = learners;
        this.leader = leader;
        this.ownEpoch = context.currentEpoch();
        this.ownZxid = context.history.lastZxid();
        this.mayNextBeInForce = mayBeInForce(context.configs.lastSeen().version());
    }

    /// Whether the configuration last seen may be in force as far as this server can tell: it is in
    /// its log, or this server has been in an epoch since, of a leader that may have begun it with
    /// that configuration (the original does so whatever its log holds). Otherwise it was stored
    /// and its transaction was not, which is in force only if others know more than this server.
    private boolean mayBeInForce(long next) {
        return next <= context.history.beforeFirst()
                || context.history.knows(next)
                || Zxids.epoch(next) < ownEpoch;
    }

    void begin() {
        gather(context.sid(), Math.max(context.acceptedEpoch(), context.epochHeard()));
    }

    boolean isGathering() {
        return state == State.GATHERING;
    }

    boolean isEstablished() {
        return state == State.ESTABLISHED;
    }

    /// Who has come to hear of the epoch, this server included.
    Set<Long> gathered() {
        return gathered;
    }

    /// Once it is fixed.
    long epoch() {
        return epoch;
    }

    // ---- FOLLOWERINFO

    void introduced(LearnerLink link, QuorumPacket packet) {
        boolean observer = packet.type() == PacketType.OBSERVERINFO;
        if (!observer && packet.type() != PacketType.FOLLOWERINFO) {
            learners.close(link, "its first packet is " + PacketType.name(packet.type()));
            return;
        }
        LearnerInfo info = LearnerInfo.decode(packet.data());
        long accepted = Zxids.epoch(packet.zxid());
        String refusal = refusal(info, accepted);
        if (refusal != null) {
            learners.close(link, "server %d %s".formatted(info.sid(), refusal));
            return;
        }
        long sid = info.sid() < 0 ? learners.nextLocalSid() : info.sid();
        learners.replace(sid, link);
        link.introduced(sid, observer, accepted);
        link.heedsHeartbeats(Heartbeats.areHeeded(packet));
        switch (state) {
            case GATHERING -> gather(sid, accepted);
            case PROMISING -> {}
            case OFFERING, ESTABLISHED -> offer(link);
        }
    }

    private @Nullable String refusal(LearnerInfo info, long accepted) {
        if (info.protocolVersion() < LearnerInfo.PROTOCOL_VERSION) {
            return "speaks a protocol older than ZooKeeper 3.4";
        }
        if (info.sid() == context.sid()) {
            return "has this server's number";
        }
        // One that has in force what is not in force here yet is welcome: it is needed, perhaps, to
        // put it in force.
        long known = context.configs.lastSeen().version();
        if (info.configVersion() > known) {
            return "has configuration %x, this server has %x"
                    .formatted(info.configVersion(), known);
        }
        if (accepted < 0 || accepted > EPOCH_MAX) {
            return "claims to have promised epoch " + accepted;
        }
        return null;
    }

    private void gather(long sid, long accepted) {
        epoch = Math.max(epoch, accepted + 1);
        gathered.add(sid);
        if (context.configs.isQuorum(gathered)) {
            state = State.PROMISING;
            context.storeAcceptedEpoch(epoch, this::offer);
        }
    }

    // ---- LEADERINFO

    private void offer() {
        state = State.OFFERING;
        leader.epochFixed();
        for (LearnerLink link : learners.at(Stage.INTRODUCED)) {
            offer(link);
        }
        acknowledged(context.sid());
    }

    private void offer(LearnerLink link) {
        if (context.isLeaving()) {
            return;
        }
        if (link.acceptedEpoch() > epoch) {
            refuseWhoPromisedMore(link);
            return;
        }
        link.send(
                new QuorumPacket(
                        PacketType.LEADERINFO,
                        Zxids.startOf(epoch),
                        Payloads.protocolVersion(LearnerInfo.PROTOCOL_VERSION)));
        link.offered();
    }

    /// It can never follow a leader of this epoch. The original lets it knock for ever; a member is
    /// worth a new epoch, which will be above what it has promised.
    private void refuseWhoPromisedMore(LearnerLink link) {
        String reason =
                "%s has promised epoch %d, this is %d".formatted(link, link.acceptedEpoch(), epoch);
        Member member = context.configs.committed().member(link.sid());
        context.epochHeard(link.acceptedEpoch());
        learners.close(link, reason);
        if (member != null) {
            leader.giveUp(reason);
        }
    }

    // ---- ACKEPOCH

    void promised(LearnerLink link, QuorumPacket packet) {
        if (packet.type() != PacketType.ACKEPOCH) {
            learners.close(
                    link, "%s instead of ACKEPOCH".formatted(PacketType.name(packet.type())));
            return;
        }
        long currentEpoch = Payloads.currentEpoch(packet.data());
        long last = packet.zxid();
        link.promised(last);
        if (state == State.ESTABLISHED) {
            leader.synchronise(link);
        } else if (currentEpoch != NOT_COUNTED) {
            if (isNewer(currentEpoch, last)) {
                refuseNewer(link, currentEpoch);
            } else if (last != NO_ZXID) {
                acknowledged(link.sid());
            }
        }
    }

    private boolean isNewer(long currentEpoch, long last) {
        return currentEpoch > ownEpoch || (currentEpoch == ownEpoch && last > ownZxid);
    }

    /// Whoever leads must know everything that is committed, and that server may (safety, E6). If
    /// there is no quorum without it, a new election is the only way on; the original waits for
    /// initLimit.
    private void refuseNewer(LearnerLink link, long currentEpoch) {
        String reason =
                "%s is newer: epoch %d, %s; this server has epoch %d, %s"
                        .formatted(
                                link,
                                currentEpoch,
                                Zxids.hex(link.position()),
                                ownEpoch,
                                Zxids.hex(ownZxid));
        newer.add(link.sid());
        learners.close(link, reason);
        Set<Long> others =
                new TreeSet<>(learners.sidsWith(other -> other.hasReached(Stage.INTRODUCED)));
        others.addAll(acknowledged);
        others.removeAll(newer);
        if (!suffice(others)) {
            leader.giveUp(reason);
        }
    }

    private void acknowledged(long sid) {
        if (context.isLeaving()) {
            return;
        }
        acknowledged.add(sid);
        if (state == State.OFFERING && suffice(acknowledged)) {
            state = State.ESTABLISHED;
            if (!mayNextBeInForce) {
                context.forgetLastSeenConfig();
            }
            leader.established();
        }
    }

    /// Whether everything committed is known to this server if none of these knows more. They are a
    /// quorum of the committed configuration; and of a newer one, too, or at least so many that it
    /// has no quorum without them. Where it cannot be in force but that others know more even this
    /// is not asked: one of these would be among them.
    ///
    /// Otherwise servers that are members of the newer configuration only could neither lead nor
    /// let another lead, for what they have in their logs and nobody has committed.
    private boolean suffice(Set<Long> sids) {
        return context.configs.isCommittedQuorum(sids)
                && (!mayNextBeInForce
                        || context.configs.isQuorum(sids)
                        || context.configs.meetsEveryQuorumOfLastSeen(sids));
    }

    /// For reports.
    Set<Long> heardOf() {
        return Collections.unmodifiableSet(
                state == State.GATHERING || state == State.PROMISING ? gathered : acknowledged);
    }
}
