package io.witan.simulation.trace;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Agreement;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Supplier;

/// Stands between a server and its agreement machine and records what passes. Mutations stand
/// between this and the machine, so that what is recorded is what really happens.
///
/// Links are not seen from here: whoever owns the connections records [TraceEvent.LinkOpened], and
/// [TraceEvent.LinkClosed] for those that [Effect.CloseLink] does not name.
public final class RecordingAgreement extends DelegatingAgreement {

    private final Supplier<Stamp> now;
    private final Trace trace;

    private AgreementView.@Nullable State lastState;
    private long lastLeader;
    private long lastAcceptedEpoch;
    private long lastCurrentEpoch;
    private long establishedEpoch = -1;
    private @Nullable EnsembleConfig lastCommittedConfig;
    private @Nullable EnsembleConfig lastSeenConfig;

    public RecordingAgreement(Agreement inner, Supplier<Stamp> now, Trace trace) {
        super(inner);
        this.now = now;
        this.trace = trace;
    }

    @Override
    public void notified(long fromSid, Notification notification) {
        trace.record(new TraceEvent.NotificationReceived(now.get(), fromSid, notification));
        inner.notified(fromSid, notification);
    }

    @Override
    public void received(long link, QuorumPacket packet) {
        trace.record(new TraceEvent.PacketReceived(now.get(), link, packet));
        inner.received(link, packet);
    }

    @Override
    public void snapshotReceived(long link) {
        trace.record(new TraceEvent.SnapshotReceived(now.get(), link));
        inner.snapshotReceived(link);
    }

    @Override
    public void disconnected(long link, String reason) {
        trace.record(new TraceEvent.LinkClosed(now.get(), link, false, reason));
        inner.disconnected(link, reason);
    }

    @Override
    public void propose(long zxid, byte[] txn) {
        trace.record(new TraceEvent.Proposed(now.get(), zxid, txn));
        inner.propose(zxid, txn);
    }

    @Override
    public List<Effect> takeEffects() {
        List<Effect> effects = inner.takeEffects();
        for (Effect effect : effects) {
            record(effect);
        }
        recordState();
        return effects;
    }

    private void record(Effect effect) {
        Stamp at = now.get();
        switch (effect) {
            case Effect.SendNotification e ->
                    trace.record(new TraceEvent.NotificationSent(at, e.toSid(), e.notification()));
            case Effect.SendPacket e ->
                    trace.record(new TraceEvent.PacketSent(at, e.link(), e.packet()));
            case Effect.SendSnapshot e ->
                    trace.record(new TraceEvent.SnapshotSent(at, e.link(), e.zxid()));
            case Effect.CloseLink e ->
                    trace.record(new TraceEvent.LinkClosed(at, e.link(), true, e.reason()));
            case Effect.Append e -> trace.record(new TraceEvent.Appended(at, e.zxid(), e.txn()));
            // The replica fills in the sessions and sends it.
            case Effect.AnswerPing e ->
                    trace.record(
                            new TraceEvent.PacketSent(
                                    at, e.link(), new QuorumPacket(PacketType.PING, e.zxid())));
            case Effect.TruncateLog e -> trace.record(new TraceEvent.TruncationAsked(at, e.zxid()));
            case Effect.StoreSnapshot e ->
                    trace.record(new TraceEvent.ReplacementAsked(at, e.zxid()));
            case Effect.StoreCurrentEpoch e -> recordEstablished(at, e.epoch());
            case Effect.Deliver e -> trace.record(new TraceEvent.Delivered(at, e.zxid(), e.txn()));
            case Effect.StartLeading e -> trace.record(new TraceEvent.Activated(at, e.epoch()));
            case Effect.StartFollowing e ->
                    trace.record(
                            new TraceEvent.Following(at, e.leaderSid(), e.epoch(), e.observer()));
            case Effect.StartReadOnly _ -> trace.record(new TraceEvent.StartedReadOnly(at));
            case Effect.StopServing _ -> trace.record(new TraceEvent.StoppedServing(at));
            case Effect.Synced e -> trace.record(new TraceEvent.Synced(at, e.token()));
            case Effect.RestartElectionPort _,
                    Effect.AcceptLearners _,
                    Effect.RefuseLearners _,
                    Effect.DialLeader _,
                    Effect.AcceptObservers _,
                    Effect.RefuseObservers _,
                    Effect.DialObserverMaster _,
                    Effect.ReceiveSnapshot _,
                    Effect.StoreAcceptedEpoch _,
                    Effect.ConfigInForce _,
                    Effect.StoreLastSeenConfig _,
                    Effect.StoreCommittedConfig _,
                    Effect.StoreDamageMark _,
                    Effect.ClearDamageMark _,
                    Effect.ReadLog _,
                    Effect.ReloadTree _,
                    Effect.Forwarded _,
                    Effect.SessionsHeard _,
                    Effect.RevalidationAsked _,
                    Effect.LearnerGone _,
                    Effect.SessionLeft _,
                    Effect.Revalidated _,
                    Effect.Tell _ -> {
                // What matters of these is recorded where it is carried out.
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // whether it is another object is all that is asked
    private void recordConfigs(EnsembleConfig committed, EnsembleConfig lastSeen) {
        if (committed != lastCommittedConfig || lastSeen != lastSeenConfig) {
            lastCommittedConfig = committed;
            lastSeenConfig = lastSeen;
            trace.record(new TraceEvent.ConfigsAre(now.get(), committed, lastSeen));
        }
    }

    private void recordEstablished(Stamp at, long epoch) {
        AgreementView view = inner.view();
        if (view.state() == AgreementView.State.LEADING && epoch > establishedEpoch) {
            establishedEpoch = epoch;
            trace.record(new TraceEvent.Established(at, epoch));
        }
    }

    private void recordState() {
        AgreementView view = inner.view();
        recordConfigs(view.committedConfig(), view.lastSeenConfig());
        if (view.state() == lastState
                && view.leaderSid() == lastLeader
                && view.acceptedEpoch() == lastAcceptedEpoch
                && view.currentEpoch() == lastCurrentEpoch) {
            return;
        }
        lastState = view.state();
        lastLeader = view.leaderSid();
        lastAcceptedEpoch = view.acceptedEpoch();
        lastCurrentEpoch = view.currentEpoch();
        trace.record(
                new TraceEvent.StateChanged(
                        now.get(), view.state(), lastLeader, lastAcceptedEpoch, lastCurrentEpoch));
    }
}
