package io.witan.zab.peer;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Id;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.Heartbeats;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.Revalidation;
import io.witan.zab.Effect;
import io.witan.zab.LogEntry;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// A learner that serves: takes what the leader broadcasts, and stands between its own clients and
/// the leader (quorum, sections 4.8 to 4.11).
abstract class LearnerBroadcast extends LearnerPhase {

    /// A sync is this server's own question, whoever waits for its answer; nobody's session is
    /// named. ZooKeeper 3.9.4 answers it like any other.
    private static final long NO_SESSION = 0;

    private static final byte[] SYNC_BODY = new JuteWriter().writeString("/").toByteArray();

    final long epoch;

    /// No observer's link: this server's own question.
    private static final long OWN = -1;

    /// @param observer its link, or [#OWN]
    private record Sync(long observer, long token) {}

    /// @param observer its link, or [#OWN]
    private record Revalidating(long observer, long sessionId) {}

    /// The syncs that the leader has not answered; it answers them in their order.
    private final Deque<Sync> syncs = new ArrayDeque<>();

    /// The sessions that it is asked about.
    private final Deque<Revalidating> revalidating = new ArrayDeque<>();

    /// Kept where this server takes observers.
    private final SessionPlaces places = new SessionPlaces();

    /// Null where observers go to the leader.
    private @Nullable ObserverMaster observerMaster;

    LearnerBroadcast(Learning learner, long epoch) {
        super(learner);
        this.epoch = epoch;
    }

    // ---- observers of this server's own

    final void hostObservers() {
        ObserverMaster master = new ObserverMaster(context, this, epoch);
        observerMaster = master;
        master.begin();
    }

    @Override
    final void leave() {
        if (observerMaster != null) {
            observerMaster.end();
        }
    }

    @Override
    final void tick() {
        if (observerMaster != null) {
            observerMaster.tick();
        }
    }

    @Override
    final long wakeAtMillis() {
        return observerMaster == null ? Long.MAX_VALUE : observerMaster.wakeAtMillis();
    }

    @Override
    final void learnerConnected(long link) {
        if (observerMaster == null) {
            super.learnerConnected(link);
        } else {
            observerMaster.connected(link);
        }
    }

    @Override
    final void learnerReceived(long link, QuorumPacket packet) {
        if (observerMaster != null) {
            observerMaster.received(link, packet);
        }
    }

    @Override
    final void learnerSnapshotAdvanced(long link) {
        if (observerMaster != null) {
            observerMaster.snapshotAdvanced(link);
        }
    }

    @Override
    final void learnerDisconnected(long link, String reason) {
        if (observerMaster != null) {
            observerMaster.disconnected(link, reason);
        }
    }

    // ---- from the leader

    @Override
    final void received(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PROPOSAL,
                    PacketType.COMMIT,
                    PacketType.COMMITANDACTIVATE,
                    PacketType.INFORM,
                    PacketType.INFORMANDACTIVATE ->
                    broadcast(packet);
            case PacketType.PING -> {
                learner.link().promised(Heartbeats.promised(packet));
                context.emit(new Effect.AnswerPing(learner.link().number(), packet.zxid()));
            }
            case PacketType.SYNC -> synced();
            case PacketType.REVALIDATE -> revalidated(Revalidation.Answer.decode(packet.data()));
            case PacketType.LEADERINFO,
                    PacketType.DIFF,
                    PacketType.TRUNC,
                    PacketType.SNAP,
                    PacketType.NEWLEADER,
                    PacketType.FOLLOWERINFO,
                    PacketType.OBSERVERINFO,
                    PacketType.ACKEPOCH,
                    PacketType.ACK,
                    PacketType.REQUEST ->
                    dropOutOfPlace(packet);
            // A second UPTODATE says nothing new; types of later releases are not for this one.
            default -> {}
        }
    }

    /// A transaction, or that one is committed.
    abstract void broadcast(QuorumPacket packet);

    /// Logs the transaction that follows the last one. Any other is never logged: in a log with a
    /// hole, or one transaction twice, nothing after it would be what the leader has.
    ///
    /// @return false if the link was dropped
    final boolean log(long zxid, byte[] txn) {
        long last = context.history.lastZxid();
        if (Zxids.epoch(zxid) != epoch || !Zxids.follows(last, zxid)) {
            learner.drop(
                    "the leader of epoch %d sent %s, which does not follow %s"
                            .formatted(epoch, Zxids.hex(zxid), Zxids.hex(last)));
            return false;
        }
        context.see(TxnBytes.read(zxid, txn));
        context.append(new LogEntry(zxid, txn));
        return true;
    }

    /// Delivers a transaction that is the next to be delivered.
    final void deliver(long zxid) {
        if (observerMaster == null) {
            context.deliverUpTo(zxid);
        } else {
            LogEntry entry = nextToDeliver();
            context.deliverUpTo(zxid);
            observerMaster.delivered(entry);
        }
    }

    private LogEntry nextToDeliver() {
        return context.history.get(context.history.indexAfter(context.delivered()));
    }

    /// Delivers a reconfiguration that is the next to be delivered, and goes on in the part that it
    /// gives to this server.
    final void activate(long zxid, long leaderHint) {
        LogEntry entry = nextToDeliver();
        boolean changed = context.activate(entry, leaderHint, learner.leaderSid());
        context.deliverUpTo(zxid);
        if (observerMaster != null) {
            observerMaster.activated(entry, leaderHint);
        }
        if (changed) {
            context.followChange(
                    "reconfiguration %s changes this server's part or its leader"
                            .formatted(Zxids.hex(zxid)));
        }
    }

    // ---- between the clients and the leader

    /// How many questions the leader has not answered.
    final int questions() {
        return syncs.size() + revalidating.size();
    }

    final void forward(long sessionId, int cxid, int type, byte[] body, @Nullable List<Id> ids) {
        forwardFor(OWN, new ForwardedRequest(sessionId, cxid, type, body, ids));
    }

    /// What an earlier place of a session had under way when it moved has no effect, and no answer.
    ///
    /// @return whether it was sent
    final boolean forwardFor(long observer, ForwardedRequest request) {
        if (places.isElsewhere(request.sessionId(), observer)) {
            return false;
        }
        learner.send(request.toPacket());
        return true;
    }

    final void revalidate(long sessionId, int timeoutMillis) {
        revalidate(OWN, new Revalidation.Question(sessionId, timeoutMillis));
    }

    final void revalidateFor(long observer, Revalidation.Question question) {
        context.emit(new Effect.SessionLeft(question.sessionId()));
        revalidate(observer, question);
    }

    private void revalidate(long observer, Revalidation.Question question) {
        if (observerMaster != null) {
            places.moved(question.sessionId(), observer);
        }
        revalidating.add(new Revalidating(observer, question.sessionId()));
        learner.send(question.toPacket());
    }

    /// The oldest question about that session is answered.
    private void revalidated(Revalidation.Answer answer) {
        long observer = OWN;
        for (var asked = revalidating.iterator(); asked.hasNext(); ) {
            Revalidating question = asked.next();
            if (question.sessionId == answer.sessionId()) {
                observer = question.observer;
                asked.remove();
                break;
            }
        }
        if (observer == OWN || observerMaster == null) {
            context.emit(new Effect.Revalidated(answer.sessionId(), answer.valid()));
        } else {
            observerMaster.revalidated(observer, answer);
        }
    }

    /// The answer comes behind every commit that the leader has sent before it.
    final void sync(long token) {
        sync(new Sync(OWN, token));
    }

    final void syncFor(long observer) {
        sync(new Sync(observer, 0));
    }

    private void sync(Sync sync) {
        syncs.add(sync);
        forward(NO_SESSION, 0, OpCode.SYNC, SYNC_BODY, null);
    }

    private void synced() {
        Sync sync = syncs.poll();
        if (sync == null) {
            return;
        }
        if (sync.observer == OWN) {
            context.emit(new Effect.Synced(sync.token));
        } else if (observerMaster != null) {
            observerMaster.synced(sync.observer);
        }
    }

    @Override
    final String whenItIsOutOfPlace() {
        return "in broadcast";
    }
}
