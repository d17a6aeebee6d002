package io.witan.zab.peer;

import io.witan.wire.quorum.Heartbeats;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Effect;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;

/// Pings, and what their answers prove: a learner that answers a ping still followed this leader
/// when it was sent. When a quorum has answered, no other leader can have committed anything by the
/// time the ping was sent; so a sync that was asked for before that misses nothing. The original
/// answers without asking anybody (ZOOKEEPER-1675).
///
/// A round is one ping to each learner that does not owe too many answers. Learners of the original
/// take part without knowing: they answer each ping that comes after UPTODATE once, in order. Syncs
/// that come while a round is under way share the next one.
final class QuorumRounds {

    /// So many syncs may wait; of the learner that asks for more the link is closed.
    private static final int WAITING_MAX = 1 << 16;

    /// Marks a sync of this server's own clients.
    private static final long OWN = -1;

    /// @param link of the learner that asked, or [#OWN]
    /// @param token of [Effect.Synced]
    /// @param round that must be confirmed
    /// @param zxid that must be committed: what was proposed before
    private record Waiting(long link, long token, long round, long zxid) {}

    private final PeerContext context;
    private final Learners learners;
    private final LeaderBroadcast broadcast;

    /// The last round that has begun, and the last one that a quorum has answered.
    private long begun;

    private long confirmed;

    /// When a ping is due because one was promised, and within what time; 0 for no promise.
    private long heartbeatAtMillis = Long.MAX_VALUE;

    private int promisedMillis;

    /// In the order in which they came, which is also the order of what they wait for.
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    QuorumRounds(PeerContext context, Learners learners, LeaderBroadcast broadcast) {
        this.context = context;
        this.learners = learners;
        this.broadcast = broadcast;
    }

    int waitingCount() {
        return waiting.size();
    }

    /// Pings everyone who has been sent NEWLEADER. Those who wait for UPTODATE do not answer; to
    /// them it says that the leader lives.
    void pingAll() {
        begun++;
        promise();
        for (LearnerLink link : learners.all()) {
            if (link.hasReached(LearnerLink.Stage.SYNCHRONISING) && !link.isHolding()) {
                ping(link);
            }
        }
        settle();
    }

    /// A learner that has just been told UPTODATE hears of heartbeats at once: if the leader fell
    /// silent before the next ping, it would wait for it as long as the original does.
    void welcome(LearnerLink link) {
        if (promisedMillis == 0) {
            promise();
        }
        if (promisedMillis > 0 && link.heedsHeartbeats()) {
            ping(link);
        }
    }

    /// Where every follower heeds heartbeats, they come as often as this server's settings say. One
    /// that does not would stay with a silent leader longer than the others, who would have no
    /// quorum without it.
    private void promise() {
        int interval = context.settings.own().heartbeatMillis();
        promisedMillis = interval > 0 && allVotersHeed() ? interval : 0;
        heartbeatAtMillis =
                promisedMillis == 0 ? Long.MAX_VALUE : context.nowMillis + promisedMillis;
    }

    private boolean allVotersHeed() {
        for (LearnerLink link : learners.all()) {
            if (link.hasReached(LearnerLink.Stage.INTRODUCED)
                    && !link.heedsHeartbeats()
                    && context.configs.isVoter(link.sid())) {
                return false;
            }
        }
        return true;
    }

    /// [#pingAll] is due then at the latest.
    long heartbeatAtMillis() {
        return heartbeatAtMillis;
    }

    /// @return false if it answers something else; the link is closed
    boolean pingAnswered(LearnerLink link, long zxid) {
        if (!link.pingAnswered(zxid)) {
            learners.close(link, "%s answered a ping that it was not sent".formatted(link));
            return false;
        }
        settle();
        return true;
    }

    void sync(long token) {
        ask(OWN, token);
    }

    void syncFor(LearnerLink link) {
        if (waiting.size() >= WAITING_MAX) {
            learners.close(link, "%d syncs are waiting".formatted(waiting.size()));
            return;
        }
        ask(link.number(), 0);
    }

    private void ask(long link, long token) {
        waiting.add(new Waiting(link, token, begun + 1, broadcast.lastProposed()));
        settle();
    }

    /// Whether the last round can still be confirmed: a quorum has answered or will. Those who were
    /// not told UPTODATE when it began, and those who have gone since, do not.
    private boolean isUnderWay() {
        return begun > confirmed
                && context.configs.isQuorum(
                        learners.sidsWith(link -> link.isServing() && link.lastRound() >= begun));
    }

    private void begin() {
        begun++;
        for (LearnerLink link : learners.all()) {
            if (link.isServing() && context.configs.isVoter(link.sid())) {
                ping(link);
            }
        }
    }

    private void ping(LearnerLink link) {
        link.ping(
                new QuorumPacket(
                        PacketType.PING,
                        broadcast.lastProposed(),
                        null,
                        promisedMillis > 0 && link.heedsHeartbeats()
                                ? Heartbeats.promise(promisedMillis)
                                : null),
                begun,
                broadcast.sentBytes());
    }

    /// A transaction is about to be committed. The quorum that has it on disk followed this leader
    /// after every sync that came before it was proposed, so those are confirmed by it. They are
    /// answered in front of it: behind a sync that waits, a learner of the original does not find
    /// the request that the transaction answers, and its client would wait for ever.
    void committing(long zxid) {
        while (!waiting.isEmpty() && waiting.element().zxid < zxid) {
            answer(waiting.remove());
        }
    }

    /// Answers what can be answered; begins the round that others wait for.
    void settle() {
        if (waiting.isEmpty()) {
            // Nobody asks whether the rounds under way are confirmed.
            return;
        }
        confirmed = Math.max(confirmed, confirmedByQuorum());
        answer();
        Waiting last = waiting.peekLast();
        if (last != null && last.round > begun && !isUnderWay()) {
            begin();
            confirmed = Math.max(confirmed, confirmedByQuorum());
            answer();
        }
    }

    private void answer() {
        while (!waiting.isEmpty() && isReady(waiting.element())) {
            answer(waiting.remove());
        }
    }

    private boolean isReady(Waiting sync) {
        return sync.round <= confirmed && sync.zxid <= committedInEpoch();
    }

    /// Before the first transaction of the epoch there is nothing to wait for.
    private long committedInEpoch() {
        return broadcast.outstandingCount() == 0 ? broadcast.lastProposed() : broadcast.committed();
    }

    private void answer(Waiting sync) {
        if (sync.link == OWN) {
            context.emit(new Effect.Synced(sync.token));
            return;
        }
        LearnerLink link = learners.get(sync.link);
        if (link != null) {
            link.send(new QuorumPacket(PacketType.SYNC, 0));
        }
    }

    /// The greatest round that this server and enough learners for a quorum have confirmed.
    private long confirmedByQuorum() {
        Set<Long> sids = new TreeSet<>();
        sids.add(context.sid());
        if (context.configs.isQuorum(sids)) {
            return begun;
        }
        long[] rounds =
                learners.all().stream()
                        .filter(LearnerLink::isServing)
                        .mapToLong(LearnerLink::confirmedRound)
                        .filter(round -> round > confirmed)
                        .distinct()
                        .toArray();
        Arrays.sort(rounds);
        for (int i = rounds.length - 1; i >= 0; i--) {
            long round = rounds[i];
            Set<Long> confirming =
                    learners.sidsWith(link -> link.isServing() && link.confirmedRound() >= round);
            if (context.configs.isQuorum(confirming)) {
                return round;
            }
        }
        return confirmed;
    }
}
