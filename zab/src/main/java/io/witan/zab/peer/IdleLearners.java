package io.witan.zab.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Decides which learners are told of transactions a little later, several at a time: those at
/// which no client is, while the others are a quorum without them. What is committed without them
/// is on the disks of a quorum like anything else; they are behind by `idleLearnerMillis` at most,
/// and nobody is there to see it. Each transaction costs them, and the leader on their behalf, a
/// small part of a message, of a change of thread and of a sync of the disk instead of two, two and
/// one (docs/decisions/0037-idle-learners.md).
///
/// If one of those who are told at once is slow, a transaction is not committed by the time at
/// which the others are told; then it needs them, and takes so much longer. A disk that hesitates
/// now and then is no matter. Where it happens several times in a row all are told at once for a
/// while, so that a server that hangs, or is far away, costs some writes so much, not every write.
final class IdleLearners {

    /// For so long all are told at once when some have been slow.
    static final int PAUSE_MILLIS = 2_000;

    /// So often in a row a transaction may need those who are told later.
    static final int SLOW_IN_A_ROW_MAX = 3;

    private static final long NEVER = Long.MAX_VALUE;

    private final PeerContext context;
    private final Learners learners;
    private final LeaderBroadcast broadcast;

    /// All are told at once before then; 0 outside of such a pause.
    private long againAtMillis;

    /// How often in a row a transaction has needed those who are told later; `< SLOW_IN_A_ROW_MAX`.
    private int slowInARow;

    IdleLearners(PeerContext context, Learners learners, LeaderBroadcast broadcast) {
        this.context = context;
        this.learners = learners;
        this.broadcast = broadcast;
    }

    private boolean isOn() {
        return context.settings.own().idleLearnerMillis() > 0;
    }

    /// To be called when a learner has come or gone, when a client has come to one or the last one
    /// has left it, and when other configurations are in force.
    void choose() {
        if (!isOn()) {
            return;
        }
        List<LearnerLink> idle = new ArrayList<>();
        Set<Long> atOnce = new TreeSet<>();
        atOnce.add(context.sid());
        for (LearnerLink link : learners.all()) {
            if (link.isServing() && !link.hasClients()) {
                idle.add(link);
            } else if (link.isServing() && countsAsVoter(link)) {
                atOnce.add(link.sid());
            }
        }
        boolean mayWait = context.nowMillis >= againAtMillis;
        for (LearnerLink link : idle) {
            if (countsAsVoter(link) && !context.configs.isQuorum(atOnce)) {
                atOnce.add(link.sid());
            }
        }
        mayWait &= context.configs.isQuorum(atOnce);
        for (LearnerLink link : learners.all()) {
            boolean isNeeded = countsAsVoter(link) && atOnce.contains(link.sid());
            link.toldLater(mayWait && link.isServing() && !link.hasClients() && !isNeeded);
        }
    }

    private static boolean countsAsVoter(LearnerLink link) {
        return !link.isObserver() && link.sid() >= 0;
    }

    void tick() {
        if (!isOn()) {
            return;
        }
        boolean isAnyDue = false;
        boolean isAnyNeeded = false;
        for (LearnerLink link : learners.all()) {
            if (context.nowMillis >= link.laterAtMillis()) {
                isAnyDue = true;
                isAnyNeeded |= broadcast.isOutstanding(link.oldestWaiting());
                link.sendWhatWaits();
            }
        }
        if (isAnyDue) {
            slowInARow = isAnyNeeded ? slowInARow + 1 : 0;
        }
        if (slowInARow == SLOW_IN_A_ROW_MAX) {
            slowInARow = 0;
            againAtMillis = context.nowMillis + PAUSE_MILLIS;
            choose();
        } else if (againAtMillis != 0 && context.nowMillis >= againAtMillis) {
            againAtMillis = 0;
            choose();
        }
    }

    long wakeAtMillis() {
        long wake = againAtMillis == 0 ? NEVER : againAtMillis;
        for (LearnerLink link : learners.all()) {
            wake = Math.min(wake, link.laterAtMillis());
        }
        return wake;
    }
}
