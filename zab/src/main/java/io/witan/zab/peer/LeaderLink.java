package io.witan.zab.peer;

import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Effect;

/// A learner's connection to its leader: sends on it, and knows how long it has been silent.
final class LeaderLink {

    /// A leader that stands still for less than this is kept, where it is expected sooner than by
    /// the original's rule.
    private static final int PAUSE_MILLIS_MAX = 1_000;

    /// So often this server looks whether it has stood still itself.
    private static final int LOOK_MILLIS = 200;

    private static final long NEVER = Long.MAX_VALUE;

    private final PeerContext context;
    private final long number;

    private long heardAtMillis;

    /// initLimit until NEWLEADER is acknowledged, syncLimit from then on (quorum, section 4.1);
    /// less where the leader has promised more.
    private long silenceMillisMax;

    private long lookAtMillis = NEVER;

    LeaderLink(PeerContext context, long number) {
        this.context = context;
        this.number = number;
        this.heardAtMillis = context.nowMillis;
        this.silenceMillisMax = context.settings.ticks().initMillis();
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
        silenceMillisMax = context.settings.ticks().syncMillis();
    }

    /// The leader means to be heard of again within that time; 0 if it promises nothing.
    void promised(int intervalMillis) {
        if (intervalMillis == 0 || context.settings.own().heartbeatMillis() == 0) {
            established();
            lookAtMillis = NEVER;
            return;
        }
        silenceMillisMax =
                Math.min(
                        context.settings.ticks().syncMillis(),
                        PAUSE_MILLIS_MAX + 2L * intervalMillis);
        if (lookAtMillis == NEVER) {
            lookAtMillis = context.nowMillis + LOOK_MILLIS;
        }
    }

    /// Time has passed. What this server was not given of it does not count: what the leader has
    /// sent meanwhile may be read next.
    void tick() {
        if (lookAtMillis == NEVER) {
            return;
        }
        long late = context.nowMillis - lookAtMillis;
        if (late > LOOK_MILLIS) {
            heardAtMillis = Math.min(context.nowMillis, heardAtMillis + late);
        }
        lookAtMillis = context.nowMillis + LOOK_MILLIS;
    }

    long wakeAtMillis() {
        return Math.min(lookAtMillis, tooSilentAtMillis());
    }

    long silenceMillisMax() {
        return silenceMillisMax;
    }

    long tooSilentAtMillis() {
        return heardAtMillis + silenceMillisMax;
    }
}
