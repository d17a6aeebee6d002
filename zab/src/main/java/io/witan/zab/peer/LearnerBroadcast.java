package io.witan.zab.peer;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Id;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.ForwardedRequest;
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

    /// The syncs that the leader has not answered; it answers them in their order.
    private final Deque<Long> syncs = new ArrayDeque<>();

    LearnerBroadcast(Learning learner, long epoch) {
        super(learner);
        this.epoch = epoch;
    }

    @Override
    final void received(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PROPOSAL,
                    PacketType.COMMIT,
                    PacketType.COMMITANDACTIVATE,
                    PacketType.INFORM,
                    PacketType.INFORMANDACTIVATE ->
                    broadcast(packet);
            case PacketType.PING ->
                    context.emit(new Effect.AnswerPing(learner.link().number(), packet.zxid()));
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

    /// Delivers a reconfiguration that is the next to be delivered, and goes on in the part that it
    /// gives to this server.
    final void activate(long zxid, long leaderHint) {
        boolean changed =
                context.activate(
                        context.history.get(context.history.indexAfter(context.delivered())),
                        leaderHint,
                        learner.leaderSid());
        context.deliverUpTo(zxid);
        if (changed) {
            context.followChange(
                    "reconfiguration %s changes this server's part or its leader"
                            .formatted(Zxids.hex(zxid)));
        }
    }

    // ---- between the clients and the leader

    final void forward(long sessionId, int cxid, int type, byte[] body, @Nullable List<Id> ids) {
        learner.send(new ForwardedRequest(sessionId, cxid, type, body, ids).toPacket());
    }

    final void revalidate(long sessionId, int timeoutMillis) {
        learner.send(new Revalidation.Question(sessionId, timeoutMillis).toPacket());
    }

    private void revalidated(Revalidation.Answer answer) {
        context.emit(new Effect.Revalidated(answer.sessionId(), answer.valid()));
    }

    /// The answer comes behind every commit that the leader has sent before it.
    final void sync(long token) {
        syncs.add(token);
        forward(NO_SESSION, 0, OpCode.SYNC, SYNC_BODY, null);
    }

    private void synced() {
        Long token = syncs.poll();
        if (token != null) {
            context.emit(new Effect.Synced(token));
        }
    }

    @Override
    final String whenItIsOutOfPlace() {
        return "in broadcast";
    }
}
