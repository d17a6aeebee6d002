package io.witan.zab.peer;

import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Effect;

import java.util.List;

/// Connects to the leader. That it does not listen yet is normal: its election may have ended a
/// moment later than this server's. So the first attempts follow each other quickly. But if it
/// still does not after the longest time that its election can take, it has elected another one;
/// waiting on would keep this server from a quorum that may need it.
final class LearnerDialling extends LearnerPhase {

    /// A leader that this server's vote has elected opens its port some milliseconds later.
    private static final long PAUSE_MILLIS_MIN = 2;

    private static final long PAUSE_MILLIS_MAX = 100;

    /// Refused dials, which take some 750 ms together; the original gives up after 5 with pauses of
    /// 100 ms.
    private static final int REFUSALS_MAX = 12;

    private static final long NO_ATTEMPT = 0;

    private long attempt = NO_ATTEMPT;
    private long pauseMillis = PAUSE_MILLIS_MIN;

    private int refusals;

    private long dialAtMillis = Long.MAX_VALUE;
    private long giveUpAtMillis;
    private String lastFailure = "it does not answer";

    LearnerDialling(Learning learner) {
        super(learner);
    }

    @Override
    void begin() {
        giveUpAtMillis = context.nowMillis + context.settings.ticks().connectMillis();
        dial();
    }

    private void dial() {
        dialAtMillis = Long.MAX_VALUE;
        attempt = context.nextAttempt();
        long master = observerMaster();
        context.emit(
                master == PeerContext.NOBODY
                        ? new Effect.DialLeader(learner.leaderSid(), attempt)
                        : new Effect.DialObserverMaster(master, attempt));
    }

    /// Where observers go to followers (quorum, section 4.11): to each participant in turn, from
    /// attempt to attempt, each observer beginning at another one. The leader is among them and
    /// does not listen on that port; when all have been tried it is dialled as by anybody else, for
    /// it may be the only one that is there.
    private long observerMaster() {
        if (!context.settings.observerMasters() || !(learner instanceof Observing)) {
            return PeerContext.NOBODY;
        }
        List<Long> participants = List.copyOf(context.configs.committed().participants());
        boolean haveAllRefused = refusals % (participants.size() + 1) == participants.size();
        return haveAllRefused
                ? PeerContext.NOBODY
                : participants.get(
                        (int) Math.floorMod(context.sid() + attempt, (long) participants.size()));
    }

    @Override
    void leaderConnected(long connected, long number) {
        if (connected != attempt) {
            super.leaderConnected(connected, number);
            return;
        }
        learner.linked(number);
        learner.go(new LearnerDiscovery(learner));
    }

    @Override
    void leaderUnreachable(long failed, String reason) {
        if (failed == attempt) {
            attempt = NO_ATTEMPT;
            lastFailure = reason;
            refusals++;
            dialAtMillis = context.nowMillis + pauseMillis;
            pauseMillis = Math.min(2 * pauseMillis, PAUSE_MILLIS_MAX);
        }
    }

    @Override
    void tick() {
        if (context.nowMillis >= giveUpAtMillis
                || (refusals > REFUSALS_MAX && context.nowMillis >= dialAtMillis)) {
            learner.drop(
                    "server %d cannot be reached as leader: %s"
                            .formatted(learner.leaderSid(), lastFailure));
        } else if (context.nowMillis >= dialAtMillis) {
            dial();
        }
    }

    @Override
    long wakeAtMillis() {
        return Math.min(dialAtMillis, giveUpAtMillis);
    }

    @Override
    void received(QuorumPacket packet) {
        dropOutOfPlace(packet);
    }

    @Override
    String whenItIsOutOfPlace() {
        return "before there is a link";
    }
}
