package io.witan.replica;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.data.Id;
import io.witan.wire.election.Notification;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.TxnCodec;
import io.witan.zab.Agreement;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;
import io.witan.zab.LogEntry;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// An agreement that agrees to what a test says, and remembers what it was asked.
final class ScriptedAgreement implements Agreement, AgreementView {

    /// What has been proposed and not yet made an effect by the test.
    final Deque<LogEntry> proposed = new ArrayDeque<>();

    /// All that was ever proposed, decoded.
    final List<LoggedTxn> log = new ArrayList<>();

    final Deque<ForwardedRequest> forwarded = new ArrayDeque<>();
    final Deque<Long> syncs = new ArrayDeque<>();

    /// `session timeout` of each question.
    final List<String> revalidations = new ArrayList<>();

    /// `link session valid` of each answer.
    final List<String> revalidationAnswers = new ArrayList<>();

    /// `link hasClients` of each report.
    final List<String> learnersWithClients = new ArrayList<>();

    /// Other events, in words.
    final List<String> events = new ArrayList<>();

    boolean canPropose = true;
    EnsembleConfig committed;
    EnsembleConfig lastSeen;
    final Set<Long> synced = new TreeSet<>();

    private List<Effect> effects = new ArrayList<>();

    ScriptedAgreement(EnsembleConfig config) {
        this.committed = config;
        this.lastSeen = config;
    }

    /// What the next event brings about.
    void next(Effect effect) {
        effects.add(effect);
    }

    @Override
    public List<Effect> takeEffects() {
        List<Effect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }

    @Override
    public void timeIs(long nowMillis) {}

    @Override
    public void start() {
        next(new Effect.ConfigInForce(committed));
    }

    @Override
    public void tick() {}

    @Override
    public long wakeAtMillis() {
        return Long.MAX_VALUE;
    }

    @Override
    public void notified(long fromSid, Notification notification) {}

    @Override
    public void electionLinkChanged(long sid, boolean up) {}

    @Override
    public void learnerConnected(long link) {}

    @Override
    public void leaderConnected(long attempt, long link) {}

    @Override
    public void leaderUnreachable(long attempt, String reason) {}

    @Override
    public void received(long link, QuorumPacket packet) {}

    @Override
    public void snapshotAdvanced(long link) {}

    @Override
    public void snapshotReceived(long link) {
        events.add("snapshot received " + link);
    }

    @Override
    public void disconnected(long link, String reason) {}

    @Override
    public void durable(long zxid) {}

    @Override
    public void stored(long ticket) {}

    @Override
    public void logRead(long ticket, @Nullable List<LogEntry> entries) {}

    @Override
    public void treeReloaded(long ticket, long lastZxid, List<LogEntry> recent) {
        events.add("tree reloaded " + ticket + " at " + Long.toHexString(lastZxid));
    }

    @Override
    public void propose(long zxid, byte[] txn) {
        LoggedTxn decoded = TxnCodec.read(JuteReader.over(txn));
        if (decoded.header().zxid() != zxid) {
            throw new AssertionError("proposed as " + zxid + ", but is " + decoded.header());
        }
        log.add(decoded);
        proposed.addLast(new LogEntry(zxid, txn));
    }

    @Override
    public boolean canPropose() {
        return canPropose;
    }

    @Override
    public void forward(long sessionId, int cxid, int type, byte[] body, @Nullable List<Id> ids) {
        forwarded.addLast(new ForwardedRequest(sessionId, cxid, type, body, ids));
    }

    @Override
    public void sync(long token) {
        syncs.addLast(token);
    }

    @Override
    public void revalidate(long sessionId, int timeoutMillis) {
        revalidations.add(Long.toHexString(sessionId) + " " + timeoutMillis);
    }

    @Override
    public void revalidation(long link, long sessionId, boolean valid) {
        revalidationAnswers.add(link + " " + Long.toHexString(sessionId) + " " + valid);
    }

    @Override
    public void learnerHasClients(long link, boolean hasClients) {
        learnersWithClients.add(link + " " + hasClients);
    }

    @Override
    public AgreementView view() {
        return this;
    }

    // ---- the view

    @Override
    public State state() {
        return State.LEADING;
    }

    @Override
    public boolean isServing() {
        return true;
    }

    @Override
    public long leaderSid() {
        return 1;
    }

    @Override
    public long acceptedEpoch() {
        return 1;
    }

    @Override
    public long currentEpoch() {
        return 1;
    }

    @Override
    public long lastLoggedZxid() {
        return 0;
    }

    @Override
    public long lastCommittedZxid() {
        return 0;
    }

    @Override
    public EnsembleConfig committedConfig() {
        return committed;
    }

    @Override
    public EnsembleConfig lastSeenConfig() {
        return lastSeen;
    }

    @Override
    public Set<Long> syncedSids() {
        return synced;
    }

    @Override
    public Set<Long> syncedObserverSids() {
        return Set.of();
    }

    @Override
    public int outstandingProposals() {
        return proposed.size();
    }

    @Override
    public int pendingSyncs() {
        return 0;
    }
}
