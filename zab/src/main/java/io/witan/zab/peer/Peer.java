package io.witan.zab.peer;

import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.data.Id;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Agreement;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;
import io.witan.zab.Happening;
import io.witan.zab.LogEntry;
import io.witan.zab.PeerSettings;
import io.witan.zab.PeerStart;
import io.witan.zab.election.Vote;
import io.witan.zab.quorum.Oracle;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/// One server's part in the agreement: routes events to its present role, answers those who ask
/// whom it votes for, and changes roles, here and nowhere else.
public final class Peer implements Agreement, AgreementView {

    private final PeerContext context;

    private Role role;

    public Peer(PeerSettings settings, PeerStart start, Oracle oracle) {
        this.context = new PeerContext(settings, start, oracle);
        this.role = new Looking(context, new Next.Look("the server starts"));
    }

    /// For tests.
    PeerContext context() {
        return context;
    }

    // ---- roles

    /// Carries out what the event has asked for. A role that is entered can be left at once.
    private void settle() {
        for (Next next = context.takeNext(); next != null; next = context.takeNext()) {
            boolean served = role.isServing();
            role.leave();
            if (served) {
                context.emit(new Effect.StopServing(reason(next)));
            }
            context.beginRole();
            role = roleFor(next);
            tellRole(reason(next));
            role.enter();
        }
    }

    private void tellRole(String reason) {
        context.tell(new Happening.TookPart(role.state(), role.leaderSid(), reason));
    }

    /// The transitions: Looking leads to Leading, Following or Observing, each of which leads back
    /// to Looking.
    private Role roleFor(Next next) {
        if (!(role instanceof Looking)) {
            return new Looking(context, next, pauseMillis());
        }
        return switch (next) {
            case Next.Look _ -> new Looking(context, next);
            case Next.Elected(Vote vote) -> roleUnder(vote.leader());
            case Next.HandedOver(long leaderSid, String _) -> roleUnder(leaderSid);
        };
    }

    /// Observers that have lost their leader leave the first moments of an election to those who
    /// vote, and do not come all at once (quorum, section 3.7). The original waits at random; here
    /// the id spreads them over the same time.
    private long pauseMillis() {
        int atMost = Math.max(1, context.settings.election().notifyMillisMin());
        return role instanceof Observing ? 1 + Math.floorMod(context.sid() * 61, atMost) : 0;
    }

    private Role roleUnder(long leaderSid) {
        if (leaderSid == context.sid()) {
            return new Leading(context);
        }
        if (context.isObserver()) {
            context.beginObserving();
            return new Observing(context, leaderSid);
        }
        return new Following(context, leaderSid);
    }

    private static String reason(Next next) {
        return switch (next) {
            case Next.Look(String reason) -> reason;
            case Next.Elected(Vote vote) -> "server " + vote.leader() + " has been elected";
            case Next.HandedOver(long _, String reason) -> reason;
        };
    }

    // ---- events

    @Override
    public void timeIs(long nowMillis) {
        context.nowMillis = nowMillis;
    }

    @Override
    public void start() {
        context.emit(new Effect.ConfigInForce(context.configs.committed()));
        tellRole("the server starts");
        role.enter();
        settle();
    }

    @Override
    public void tick() {
        role.tick();
        settle();
    }

    @Override
    public long wakeAtMillis() {
        return role.wakeAtMillis();
    }

    /// The receiving side of elections, whatever the role (quorum, section 3.5).
    @Override
    public void notified(long fromSid, Notification notification) {
        if (installs(fromSid, notification)) {
            settle();
            return;
        }
        boolean asks = notification.state() == Notification.LOOKING;
        if (!context.configs.isVoter(fromSid)) {
            if (asks && hasNewsForStranger(notification)) {
                answer(fromSid, voteForStranger());
            }
            return;
        }
        if (role instanceof Looking looking) {
            boolean behind = asks && notification.electionEpoch() < context.election.clock();
            role.notified(fromSid, notification);
            Vote proposal = looking.proposal();
            if (behind && proposal != null) {
                answer(fromSid, proposal);
            }
        } else if (asks) {
            Vote vote = context.currentVote();
            send(fromSid, vote, vote.electionEpoch());
            role.notified(fromSid, notification);
        }
        settle();
    }

    /// Who has no vote is told who leads; and while nobody does, of a newer configuration. The
    /// original answers always, and two servers that have no votes in each other's eyes then answer
    /// each other's answers for ever.
    private boolean hasNewsForStranger(Notification notification) {
        if (!(role instanceof Looking)) {
            return true;
        }
        EnsembleConfig theirs = configOf(notification);
        return theirs != null && theirs.version() < context.configs.committed().version();
    }

    /// While storage is not drained yet a server has no vote: that of its last role is void.
    private Vote voteForStranger() {
        return role instanceof Looking looking && !looking.isElecting()
                ? Vote.NONE
                : context.currentVote();
    }

    /// A looking server takes over a newer configuration, and looks again among its members. Only
    /// from one that it knows as a voter: the original takes it from anybody who can reach the
    /// port, and so lets members be injected (safety, section 5.2).
    ///
    /// @return whether that has happened
    private boolean installs(long fromSid, Notification notification) {
        if (!(role instanceof Looking)
                || !context.settings.membership().reconfigEnabled()
                || !context.configs.isVoter(fromSid)) {
            return false;
        }
        EnsembleConfig theirs = configOf(notification);
        EnsembleConfig before = context.configs.committed();
        if (theirs == null
                || theirs.version() <= before.version()
                || theirs.participants().isEmpty()) {
            return false;
        }
        context.install(theirs, PeerContext.NOBODY, 0, PeerContext.NOBODY);
        if (before.sameContent(theirs)) {
            return false;
        }
        context.become(new Next.Look("a newer configuration has come"));
        return true;
    }

    /// The sender's configuration. None if it cannot be read: then the sender is told as it is, and
    /// its vote counts all the same.
    private static @Nullable EnsembleConfig configOf(Notification notification) {
        String text = notification.configText();
        if (text == null) {
            return null;
        }
        try {
            return EnsembleConfig.parse(text);
        } catch (ConfigTextException unreadable) {
            return null;
        }
    }

    private void answer(long toSid, Vote vote) {
        send(toSid, vote, context.election.clock());
    }

    private void send(long toSid, Vote vote, long electionEpoch) {
        context.emit(
                new Effect.SendNotification(
                        toSid,
                        new Notification(
                                notificationState(),
                                vote.leader(),
                                vote.zxid(),
                                electionEpoch,
                                vote.peerEpoch(),
                                Notification.VERSION,
                                context.configs.committed().text())));
    }

    private int notificationState() {
        return switch (role) {
            case Looking _ -> Notification.LOOKING;
            case Leading _ -> Notification.LEADING;
            case Following _ -> Notification.FOLLOWING;
            case Observing _ -> Notification.OBSERVING;
        };
    }

    @Override
    public void electionLinkChanged(long sid, boolean up) {
        context.election.linkChanged(sid, up, context.nowMillis);
        role.electionLinkChanged(sid, up);
        settle();
    }

    @Override
    public void learnerConnected(long link) {
        role.learnerConnected(link);
        settle();
    }

    @Override
    public void leaderConnected(long attempt, long link) {
        role.leaderConnected(attempt, link);
        settle();
    }

    @Override
    public void leaderUnreachable(long attempt, String reason) {
        role.leaderUnreachable(attempt, reason);
        settle();
    }

    @Override
    public void received(long link, QuorumPacket packet) {
        role.received(link, packet);
        settle();
    }

    @Override
    public void snapshotAdvanced(long link) {
        role.snapshotAdvanced(link);
        settle();
    }

    @Override
    public void snapshotReceived(long link) {
        role.snapshotReceived(link);
        settle();
    }

    @Override
    public void disconnected(long link, String reason) {
        role.disconnected(link, reason);
        settle();
    }

    @Override
    public void durable(long zxid) {
        context.durable(zxid);
        if (!context.isLeaving()) {
            role.durable();
        }
        settle();
    }

    @Override
    public void stored(long ticket) {
        context.stored(ticket);
        settle();
    }

    @Override
    public void logRead(long ticket, @Nullable List<LogEntry> entries) {
        context.logRead(ticket, entries);
        settle();
    }

    @Override
    public void treeReloaded(long ticket, long lastZxid, List<LogEntry> recent) {
        context.treeReloaded(ticket, lastZxid, recent);
        settle();
    }

    @Override
    public void propose(long zxid, byte[] txn) {
        role.propose(new LogEntry(zxid, txn));
        settle();
    }

    @Override
    public boolean canPropose() {
        boolean can = role.canPropose();
        settle();
        return can;
    }

    @Override
    public void forward(long sessionId, int cxid, int type, byte[] body, @Nullable List<Id> ids) {
        role.forward(sessionId, cxid, type, body, ids);
        settle();
    }

    @Override
    public void sync(long token) {
        role.sync(token);
        settle();
    }

    @Override
    public void revalidate(long sessionId, int timeoutMillis) {
        role.revalidate(sessionId, timeoutMillis);
        settle();
    }

    @Override
    public void revalidation(long link, long sessionId, boolean valid) {
        role.revalidation(link, sessionId, valid);
        settle();
    }

    @Override
    public void learnerHasClients(long link, boolean hasClients) {
        role.learnerHasClients(link, hasClients);
        settle();
    }

    @Override
    public AgreementView view() {
        return this;
    }

    @Override
    public List<Effect> takeEffects() {
        return context.takeEffects();
    }

    // ---- view

    @Override
    public State state() {
        return role.state();
    }

    @Override
    public boolean isServing() {
        return role.isServing();
    }

    @Override
    public long leaderSid() {
        return role.leaderSid();
    }

    @Override
    public long acceptedEpoch() {
        return context.acceptedEpoch();
    }

    @Override
    public long currentEpoch() {
        return context.currentEpoch();
    }

    @Override
    public long lastLoggedZxid() {
        return context.history.lastZxid();
    }

    @Override
    public long lastCommittedZxid() {
        return context.delivered();
    }

    @Override
    public EnsembleConfig committedConfig() {
        return context.configs.committed();
    }

    @Override
    public EnsembleConfig lastSeenConfig() {
        return context.configs.lastSeen();
    }

    @Override
    public Set<Long> syncedSids() {
        return role.syncedSids();
    }

    @Override
    public Set<Long> syncedObserverSids() {
        return role.syncedObserverSids();
    }

    @Override
    public int outstandingProposals() {
        return role.outstandingProposals();
    }

    @Override
    public int pendingSyncs() {
        return role.pendingSyncs();
    }
}
