package io.witan.zab.peer;

import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Effect;

/// A learner's connection to its leader: sends on it, and knows how long it has been silent.
final class LeaderLink {

    private final PeerContext context;
    private final long number;

    private long heardAtMillis;

    /// initLimit until NEWLEADER is acknowledged, syncLimit from then on (quorum, section 4.1).
    private long silenceMillisMax;

    LeaderLink(PeerContext context, long number) {
        this.context = context;
        this.number = number;
        this.heardAtMillis = context.nowMillis;
        this.silenceMillisMax = context.settings.initMillis();
    }

    long number() {
        return number;
    }

    void send(QuorumPacket packet) {
        context.emit(new Effect.SendPacket(number, packet));
    }

    void close(String reason) {
        context.emit(new Effect.CloseLink(number, reason));
    }

    void heard() {
        heardAtMillis = context.nowMillis;
    }

    /// The link is established: the leader pings, and is expected to.
    void established() {
        silenceMillisMax = context.settings.syncMillis();
    }

    long silenceMillisMax() {
        return silenceMillisMax;
    }

    long tooSilentAtMillis() {
        return heardAtMillis + silenceMillisMax;
    }
}
