package io.witan.zab.peer;

import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Zxids;

/// An observer logs and delivers what it is informed of, and acknowledges nothing.
final class ObserverBroadcast extends LearnerBroadcast {

    ObserverBroadcast(Learning learner, long epoch) {
        super(learner, epoch);
    }

    @Override
    void begin() {}

    @Override
    void broadcast(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.INFORM -> {
                if (isLogged(packet.zxid(), packet.dataNotNull())) {
                    context.deliverUpTo(packet.zxid());
                }
            }
            case PacketType.INFORMANDACTIVATE -> {
                long leaderHint = Payloads.informedLeader(packet.data());
                if (isLogged(packet.zxid(), Payloads.informedTxn(packet.data()))) {
                    activate(packet.zxid(), leaderHint);
                }
            }
            // Of no use here, and harmless: an observer hears of everything by INFORM.
            default -> {}
        }
    }

    /// Logs it, unless that was done when this server was a follower and it was not committed yet.
    ///
    /// @return false if the link was dropped
    private boolean isLogged(long zxid, byte[] txn) {
        int next = context.history.indexAfter(context.delivered());
        if (next == context.history.size()) {
            return log(zxid, txn);
        }
        long expected = context.history.get(next).zxid();
        if (expected != zxid) {
            learner.drop(
                    "the leader informs of %s where %s is next"
                            .formatted(Zxids.hex(zxid), Zxids.hex(expected)));
            return false;
        }
        return true;
    }
}
