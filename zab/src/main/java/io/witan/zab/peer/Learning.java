package io.witan.zab.peer;

import io.witan.wire.data.Id;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Effect;
import io.witan.zab.Happening;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/// A server that has a leader, or means to: it connects to it, learns its epoch, takes over its
/// history, and from then on logs and delivers what it says. One class for each of these phases:
///
/// ```
///  LearnerDialling --> LearnerDiscovery --> LearnerAlignment --> LearnerCatchUp --> LearnerBroadcast
///     connects        FOLLOWERINFO,         DIFF, TRUNC, SNAP    PROPOSAL, COMMIT,   serves
///                     LEADERINFO, ACKEPOCH                       NEWLEADER, UPTODATE
/// ```
///
/// Whatever goes wrong in any of them closes the link and leads back to looking. A packet that
/// cannot be read, or that has no place in the phase, is such a wrong: it was sent by a leader that
/// is broken, and what it sends next would be no better.
abstract sealed class Learning extends Role permits Following, Observing {

    private final long leaderSid;

    private LearnerPhase phase = new LearnerDialling(this);

    /// Null while there is none.
    private @Nullable LeaderLink link;

    Learning(PeerContext context, long leaderSid) {
        super(context);
        this.leaderSid = leaderSid;
    }

    // ---- what differs between followers and observers

    /// The type of the first packet.
    abstract int introduction();

    abstract LearnerBroadcast broadcast(long epoch, long acknowledgedZxid);

    // ---- what the phases do

    void go(LearnerPhase next) {
        phase = next;
        next.begin();
    }

    void linked(long number) {
        link = new LeaderLink(context, number);
    }

    LeaderLink link() {
        if (link == null) {
            throw new IllegalStateException("there is no link to the leader");
        }
        return link;
    }

    void send(QuorumPacket packet) {
        link().send(packet);
    }

    /// Closes the link and looks again.
    void drop(String reason) {
        closeLink(reason);
        context.become(new Next.Look(reason));
    }

    private void closeLink(String reason) {
        if (link != null) {
            link.close(reason);
            link = null;
        }
    }

    // ---- role

    @Override
    void enter() {
        phase.begin();
    }

    @Override
    void leave() {
        phase.leave();
        closeLink("this server goes on in another role");
    }

    @Override
    void tick() {
        phase.tick();
        if (link == null) {
            return;
        }
        link.tick();
        if (context.nowMillis >= link.tooSilentAtMillis()) {
            drop("the leader has been silent for %d ms".formatted(link.silenceMillisMax()));
        }
    }

    @Override
    long wakeAtMillis() {
        long look = link == null ? Long.MAX_VALUE : link.wakeAtMillis();
        return Math.min(look, phase.wakeAtMillis());
    }

    @Override
    boolean isServing() {
        return phase instanceof LearnerBroadcast;
    }

    @Override
    long leaderSid() {
        return leaderSid;
    }

    // ---- events

    @Override
    void leaderConnected(long attempt, long number) {
        phase.leaderConnected(attempt, number);
    }

    @Override
    void leaderUnreachable(long attempt, String reason) {
        phase.leaderUnreachable(attempt, reason);
    }

    @Override
    void received(long from, QuorumPacket packet) {
        if (isOurs(from)) {
            link().heard();
            handle(packet);
        } else {
            phase.learnerReceived(from, packet);
        }
    }

    @Override
    void learnerConnected(long number) {
        phase.learnerConnected(number);
    }

    /// To the phase that is on now.
    void handle(QuorumPacket packet) {
        try {
            phase.received(packet);
        } catch (DecodeException e) {
            drop("the leader sent what cannot be read: " + e.getMessage());
        }
    }

    @Override
    void snapshotAdvanced(long from) {
        if (isOurs(from)) {
            link().heard();
        } else {
            phase.learnerSnapshotAdvanced(from);
        }
    }

    @Override
    void snapshotReceived(long from) {
        if (isOurs(from)) {
            link().heard();
            phase.snapshotReceived();
        }
    }

    @Override
    void disconnected(long from, String reason) {
        if (isOurs(from)) {
            link = null;
            context.become(new Next.Look("the link to the leader is lost: " + reason));
        } else {
            phase.learnerDisconnected(from, reason);
        }
    }

    private boolean isOurs(long from) {
        return link != null && link.number() == from;
    }

    @Override
    void durable() {
        phase.durable();
    }

    @Override
    void forward(long sessionId, int cxid, int type, byte[] body, @Nullable List<Id> ids) {
        if (phase instanceof LearnerBroadcast broadcast) {
            broadcast.forward(sessionId, cxid, type, body, ids);
        }
    }

    @Override
    void sync(long token) {
        if (phase instanceof LearnerBroadcast broadcast) {
            broadcast.sync(token);
        }
    }

    @Override
    void revalidate(long sessionId, int timeoutMillis) {
        if (phase instanceof LearnerBroadcast broadcast) {
            broadcast.revalidate(sessionId, timeoutMillis);
        }
    }

    /// Clients may come: the ensemble's leader is established and this server has its history.
    void serve(long epoch) {
        context.emit(new Effect.StartFollowing(leaderSid, epoch, this instanceof Observing));
        context.tell(new Happening.Serves(state(), leaderSid, epoch, Set.of()));
    }
}
