package io.witan.zab.peer;

import io.witan.wire.election.Notification;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;
import io.witan.zab.Happening;
import io.witan.zab.election.Vote;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/// Between two leaders. First everything that the role before has given to storage becomes durable,
/// and a tree that is not what the log says is loaded again: nothing of that role acts later
/// (ZOOKEEPER-4712, 2845, 2872). Then the server elects, unless it has been told whom to follow.
final class Looking extends Role {

    private final Next next;
    private final long pauseMillis;

    private boolean electing;
    private long electAtMillis = Long.MAX_VALUE;
    private boolean readOnly;
    private long readOnlyAtMillis;

    /// @param next where to go once storage is drained: an election, or what was handed over
    Looking(PeerContext context, Next next) {
        this(context, next, 0);
    }

    /// @param pauseMillis how long to wait before an election
    Looking(PeerContext context, Next next, long pauseMillis) {
        super(context);
        this.next = next;
        this.pauseMillis = pauseMillis;
    }

    @Override
    AgreementView.State state() {
        return AgreementView.State.LOOKING;
    }

    @Override
    void enter() {
        int wait = context.settings.election().readOnlyAfterMillis();
        readOnlyAtMillis = wait < 0 ? Long.MAX_VALUE : context.nowMillis + wait;
        context.whenDurable(this::drained);
    }

    private void drained() {
        if (context.isTreeWhole()) {
            begin();
        } else {
            context.reloadTree(this::begin);
        }
    }

    private void begin() {
        if (next instanceof Next.HandedOver) {
            context.become(next);
            return;
        }
        context.clearHandOver();
        if (pauseMillis > 0) {
            electAtMillis = context.nowMillis + pauseMillis;
        } else {
            elect();
        }
    }

    /// Begins a new round.
    void elect() {
        Vote own = context.ownVote();
        context.currentVote(own);
        electing = true;
        context.election.begin(own, context.nowMillis);
        decide();
    }

    /// Whether notifications are of use already.
    boolean isElecting() {
        return electing;
    }

    private void decide() {
        Vote decided = context.election.decided();
        if (electing && decided != null && !context.isLeaving()) {
            electing = false;
            context.currentVote(decided);
            context.tell(
                    new Happening.Elected(
                            decided.leader(),
                            decided.peerEpoch(),
                            decided.zxid(),
                            context.election.clock(),
                            context.election.decidedBy()));
            context.become(new Next.Elected(decided));
        }
    }

    /// With another configuration, its vote may be for one who has none.
    @Override
    void leave() {
        electing = false;
        context.election.abandon();
    }

    @Override
    void tick() {
        if (context.nowMillis >= electAtMillis) {
            electAtMillis = Long.MAX_VALUE;
            elect();
        } else if (electing) {
            context.election.tick(context.nowMillis);
            decide();
        }
        if (!readOnly && context.nowMillis >= readOnlyAtMillis && !context.isLeaving()) {
            if (electing && context.isTreeCommitted()) {
                readOnly = true;
                context.emit(new Effect.StartReadOnly());
                context.tell(
                        new Happening.Serves(
                                state(), PeerContext.NOBODY, context.currentEpoch(), Set.of()));
            }
            readOnlyAtMillis = Long.MAX_VALUE;
        }
    }

    @Override
    long wakeAtMillis() {
        return Math.min(
                readOnlyAtMillis, electing ? context.election.wakeAtMillis() : electAtMillis);
    }

    @Override
    void notified(long fromSid, Notification notification) {
        if (electing) {
            context.election.notified(fromSid, notification, context.nowMillis);
            decide();
        }
    }

    @Override
    void electionLinkChanged(long sid, boolean up) {
        // The election knows which links are up at all times, see Peer.
        decide();
    }

    @Override
    boolean isServing() {
        return readOnly;
    }

    @Override
    long leaderSid() {
        return PeerContext.NOBODY;
    }

    /// The proposal of the round that is going on.
    @Nullable Vote proposal() {
        return electing ? context.election.proposal() : null;
    }
}
