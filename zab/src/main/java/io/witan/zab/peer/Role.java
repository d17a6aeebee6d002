package io.witan.zab.peer;

import io.witan.wire.data.Id;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;
import io.witan.zab.LogEntry;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/// What a server is at present. Events that a role has no use for are ignored: they are leftovers
/// of an earlier one. A role is left through [PeerContext#become]; nothing of it acts afterwards.
abstract sealed class Role permits Looking, Leading, Learning {

    final PeerContext context;

    Role(PeerContext context) {
        this.context = context;
    }

    abstract AgreementView.State state();

    /// The role begins. Storage is drained.
    abstract void enter();

    /// The role ends: closes its links and takes back what it announced. Clients are told by
    /// [Peer].
    abstract void leave();

    abstract void tick();

    abstract long wakeAtMillis();

    /// Whether clients are served: from [io.witan.zab.Effect.StartLeading],
    /// [io.witan.zab.Effect.StartFollowing] or [io.witan.zab.Effect.StartReadOnly] on.
    abstract boolean isServing();

    /// -1 for none.
    abstract long leaderSid();

    Set<Long> syncedSids() {
        return Set.of();
    }

    Set<Long> syncedObserverSids() {
        return Set.of();
    }

    int outstandingProposals() {
        return 0;
    }

    int pendingSyncs() {
        return 0;
    }

    // ---- events

    /// From a voter of the present or the coming configuration.
    void notified(long fromSid, Notification notification) {}

    void electionLinkChanged(long sid, boolean up) {}

    /// Nobody but a leader has learners.
    void learnerConnected(long link) {
        context.emit(new Effect.CloseLink(link, "this server does not lead"));
    }

    /// An attempt of a role that is gone.
    void leaderConnected(long attempt, long link) {
        context.emit(new Effect.CloseLink(link, "this server has gone on without it"));
    }

    void leaderUnreachable(long attempt, String reason) {}

    void received(long link, QuorumPacket packet) {}

    void snapshotAdvanced(long link) {}

    void snapshotReceived(long link) {}

    void disconnected(long link, String reason) {}

    /// [PeerContext#lastDurable] has risen.
    void durable() {}

    void propose(LogEntry entry) {
        throw new IllegalStateException("only a leader proposes");
    }

    boolean canPropose() {
        return false;
    }

    void forward(long sessionId, int cxid, int type, byte[] body, @Nullable List<Id> ids) {}

    void sync(long token) {}

    void revalidate(long sessionId, int timeoutMillis) {}

    void revalidation(long link, long sessionId, boolean valid) {}

    void learnerHasClients(long link, boolean hasClients) {}
}
