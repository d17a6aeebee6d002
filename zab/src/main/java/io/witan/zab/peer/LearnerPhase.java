package io.witan.zab.peer;

import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Effect;
import io.witan.zab.Zxids;

/// One phase of a [Learning] server. It ends by [Learning#go] or [Learning#drop], and does nothing
/// afterwards.
abstract class LearnerPhase {

    final Learning learner;
    final PeerContext context;

    LearnerPhase(Learning learner) {
        this.learner = learner;
        this.context = learner.context;
    }

    abstract void begin();

    abstract void received(QuorumPacket packet);

    /// Of an attempt that was given up.
    void leaderConnected(long attempt, long number) {
        context.emit(new Effect.CloseLink(number, "there is another link"));
    }

    void leaderUnreachable(long attempt, String reason) {}

    /// The role ends.
    void leave() {}

    /// On the port for observers, or by mistake.
    void learnerConnected(long link) {
        context.emit(new Effect.CloseLink(link, "this server does not lead"));
    }

    void learnerReceived(long link, QuorumPacket packet) {}

    void learnerSnapshotAdvanced(long link) {}

    void learnerDisconnected(long link, String reason) {}

    void snapshotReceived() {
        learner.drop("a snapshot has ended that had not begun");
    }

    void durable() {}

    void tick() {}

    long wakeAtMillis() {
        return Long.MAX_VALUE;
    }

    /// The packet has no place in this phase.
    final void dropOutOfPlace(QuorumPacket packet) {
        learner.drop(
                "the leader sent %s %s %s"
                        .formatted(
                                PacketType.name(packet.type()),
                                Zxids.hex(packet.zxid()),
                                whenItIsOutOfPlace()));
    }

    /// Such as "before DIFF".
    abstract String whenItIsOutOfPlace();
}
