package io.witan.zab.peer;

import io.witan.wire.quorum.Heartbeats;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Zxids;

/// Learns the epoch that the leader means to lead, and promises not to follow an older one (quorum,
/// section 4.2).
///
/// ```
///  --> FOLLOWERINFO acceptedEpoch
///  <-- LEADERINFO new epoch      older than promised: link dropped
///      [acceptedEpoch := new epoch on disk]
///  --> ACKEPOCH last zxid, currentEpoch or -1
/// ```
final class LearnerDiscovery extends LearnerPhase {

    /// In ACKEPOCH: this answer does not count towards the leader's quorum.
    private static final int NOT_COUNTED = -1;

    private boolean isPromising;

    LearnerDiscovery(Learning learner) {
        super(learner);
    }

    @Override
    void begin() {
        LearnerInfo info =
                new LearnerInfo(
                        context.sid(),
                        LearnerInfo.PROTOCOL_VERSION,
                        context.configs.committed().version());
        learner.send(
                new QuorumPacket(
                        learner.introduction(),
                        Zxids.startOf(context.acceptedEpoch()),
                        info.encode(),
                        context.settings.own().heartbeatMillis() > 0 ? Heartbeats.HEEDED : null));
    }

    @Override
    void received(QuorumPacket packet) {
        if (packet.type() != PacketType.LEADERINFO || isPromising) {
            dropOutOfPlace(packet);
            return;
        }
        if (Payloads.protocolVersion(packet.data()) < LearnerInfo.PROTOCOL_VERSION) {
            learner.drop("the leader speaks a protocol older than ZooKeeper 3.4");
            return;
        }
        offered(Zxids.epoch(packet.zxid()));
    }

    private void offered(long epoch) {
        if (epoch < context.acceptedEpoch()) {
            learner.drop(
                    "the leader offers epoch %d, epoch %d has been promised"
                            .formatted(epoch, context.acceptedEpoch()));
        } else if (epoch == context.acceptedEpoch()) {
            // Promised before, perhaps to another server that wanted the same epoch.
            accept(epoch, NOT_COUNTED);
        } else {
            isPromising = true;
            context.storeAcceptedEpoch(epoch, () -> accept(epoch, context.currentEpoch()));
        }
    }

    private void accept(long epoch, long currentEpoch) {
        learner.send(acknowledgement(epoch, currentEpoch));
        learner.go(new LearnerAlignment(learner, epoch));
    }

    private QuorumPacket acknowledgement(long epoch, long currentEpoch) {
        if (context.wantsSnapshot()) {
            // A position after every transaction, where an epoch begins: every leader answers that
            // with a snapshot (quorum, section 4.4, case 6; so does ZooKeeper 3.9.4), and does not
            // count it.
            return ackEpoch(Zxids.startOf(epoch + 1), NOT_COUNTED);
        }
        // A damaged log says less than this server may have acknowledged once; a leader that
        // counted
        // it could miss something committed.
        return ackEpoch(context.lastDurable(), context.mayVote() ? currentEpoch : NOT_COUNTED);
    }

    private static QuorumPacket ackEpoch(long zxid, long currentEpoch) {
        return new QuorumPacket(
                PacketType.ACKEPOCH, zxid, Payloads.currentEpoch((int) currentEpoch));
    }

    @Override
    String whenItIsOutOfPlace() {
        return isPromising ? "before ACKEPOCH was sent" : "instead of LEADERINFO";
    }
}
