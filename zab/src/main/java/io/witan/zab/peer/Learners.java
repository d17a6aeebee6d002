package io.witan.zab.peer;

import io.witan.zab.Effect;
import io.witan.zab.Happening;
import io.witan.zab.peer.LearnerLink.Stage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/// The connections of a leader's learners. Of one server there is one at most: a new one replaces
/// it.
final class Learners {

    private final PeerContext context;

    /// By number, which is the order in which they came.
    private final SortedMap<Long, LearnerLink> links = new TreeMap<>();

    private final LongConsumer gone;

    /// Names a learner that does not say who it is.
    private long lastLocalSid = PeerContext.NOBODY;

    Learners(PeerContext context) {
        this(context, _ -> {});
    }

    /// @param gone told of each link that is closed or lost while others stay
    Learners(PeerContext context, LongConsumer gone) {
        this.context = context;
        this.gone = gone;
    }

    void connected(long number) {
        links.put(number, new LearnerLink(context, number));
    }

    @Nullable LearnerLink get(long number) {
        return links.get(number);
    }

    boolean has(LearnerLink link) {
        return links.get(link.number()) == link;
    }

    Collection<LearnerLink> all() {
        return links.values();
    }

    /// A copy, for those who may close links on the way.
    List<LearnerLink> list() {
        return new ArrayList<>(links.values());
    }

    List<LearnerLink> at(Stage stage) {
        return links.values().stream().filter(link -> link.stage() == stage).toList();
    }

    boolean anyAt(Stage stage) {
        for (LearnerLink link : links.values()) {
            if (link.stage() == stage) {
                return true;
            }
        }
        return false;
    }

    long nextLocalSid() {
        return --lastLocalSid;
    }

    /// That server has connected again: what it had before is a leftover.
    void replace(long sid, LearnerLink by) {
        for (LearnerLink link : list()) {
            if (link != by && link.sid() == sid && link.hasReached(Stage.INTRODUCED)) {
                close(link, "server " + sid + " has connected again");
            }
        }
    }

    void close(LearnerLink link, String reason) {
        if (has(link)) {
            context.emit(new Effect.CloseLink(link.number(), reason));
            lost(link, reason);
        }
    }

    /// Its connection is gone.
    void lost(LearnerLink link, String reason) {
        context.tell(
                new Happening.LostLearner(
                        link.number(),
                        link.sid(),
                        link.isServing(),
                        link.stage().inWords(),
                        reason));
        links.remove(link.number());
        gone.accept(link.number());
        if (link.isServing()) {
            context.emit(new Effect.LearnerGone(link.number()));
        }
    }

    void closeAll(String reason) {
        for (LearnerLink link : links.values()) {
            context.emit(new Effect.CloseLink(link.number(), reason));
        }
        links.clear();
    }

    /// This server and those of which that is true. Those without a number of their own have no
    /// voice.
    Set<Long> sidsWith(Predicate<LearnerLink> condition) {
        var sids = new TreeSet<Long>();
        sids.add(context.sid());
        for (LearnerLink link : links.values()) {
            if (link.sid() >= 0 && condition.test(link)) {
                sids.add(link.sid());
            }
        }
        return Collections.unmodifiableSortedSet(sids);
    }

    /// How many are being sent a snapshot, or differences.
    int synchronising(boolean snapshots) {
        int count = 0;
        for (LearnerLink link : links.values()) {
            if (link.stage() == Stage.SYNCHRONISING && link.isSentSnapshot() == snapshots) {
                count++;
            }
        }
        return count;
    }

    long dueAtMillis() {
        long due = Long.MAX_VALUE;
        for (LearnerLink link : links.values()) {
            due = Math.min(due, link.dueAtMillis());
        }
        return due;
    }

    void closeOverdue() {
        for (LearnerLink link : list()) {
            if (context.nowMillis >= link.dueAtMillis()) {
                close(link, "server %d is silent, %s".formatted(link.sid(), link.stage()));
            }
        }
    }
}
