package io.witan.zab.peer;

import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Zxids;

/// A follower logs what is proposed, acknowledges what is durable, and delivers what is committed:
/// strictly the oldest that is not (quorum, section 4.8). Where the original ends its process
/// because of a commit out of order, the link is dropped here and the server looks again.
final class FollowerBroadcast extends LearnerBroadcast {

    /// Everything up to here has been acknowledged; one packet for each transaction.
    private long acknowledged;

    FollowerBroadcast(Learning learner, long epoch, long acknowledgedZxid) {
        super(learner, epoch);
        // The start of an epoch is no transaction.
        this.acknowledged = Math.max(acknowledgedZxid, Zxids.startOf(epoch));
    }

    /// What has become durable since NEWLEADER was acknowledged.
    @Override
    void begin() {
        if (context.settings.observerMasters() && context.configs.isParticipant(context.sid())) {
            hostObservers();
        }
        durable();
    }

    @Override
    void durable() {
        // Within an epoch the counters have no holes.
        while (acknowledged < context.lastDurable()) {
            acknowledged++;
            learner.send(new QuorumPacket(PacketType.ACK, acknowledged));
        }
    }

    @Override
    void broadcast(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PROPOSAL -> log(packet.zxid(), packet.dataNotNull());
            case PacketType.COMMIT -> {
                if (isNext(packet.zxid())) {
                    deliver(packet.zxid());
                }
            }
            case PacketType.COMMITANDACTIVATE -> {
                long leaderHint = Payloads.designatedLeader(packet.data());
                if (isNext(packet.zxid())) {
                    activate(packet.zxid(), leaderHint);
                }
            }
            default -> dropOutOfPlace(packet);
        }
    }

    /// Otherwise nothing is left to do: it has been delivered, or the link was dropped.
    private boolean isNext(long zxid) {
        if (zxid <= context.delivered()) {
            return false;
        }
        int next = context.history.indexAfter(context.delivered());
        boolean exists = next < context.history.size();
        if (exists && context.history.get(next).zxid() == zxid) {
            return true;
        }
        learner.drop(
                "the leader commits %s where %s"
                        .formatted(
                                Zxids.hex(zxid),
                                exists
                                        ? Zxids.hex(context.history.get(next).zxid()) + " is next"
                                        : "nothing is uncommitted"));
        return false;
    }
}
