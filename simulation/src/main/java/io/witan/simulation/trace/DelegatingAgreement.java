package io.witan.simulation.trace;

import io.witan.wire.data.Id;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Agreement;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;
import io.witan.zab.LogEntry;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Stands between a server and its agreement machine and passes everything on as it is. Who watches
/// or spoils something overrides that.
public abstract class DelegatingAgreement implements Agreement {

    protected final Agreement inner;

    protected DelegatingAgreement(Agreement inner) {
        this.inner = inner;
    }

    @Override
    public void timeIs(long nowMillis) {
        inner.timeIs(nowMillis);
    }

    @Override
    public void start() {
        inner.start();
    }

    @Override
    public void tick() {
        inner.tick();
    }

    @Override
    public long wakeAtMillis() {
        return inner.wakeAtMillis();
    }

    @Override
    public void notified(long fromSid, Notification notification) {
        inner.notified(fromSid, notification);
    }

    @Override
    public void electionLinkChanged(long sid, boolean up) {
        inner.electionLinkChanged(sid, up);
    }

    @Override
    public void learnerConnected(long link) {
        inner.learnerConnected(link);
    }

    @Override
    public void leaderConnected(long attempt, long link) {
        inner.leaderConnected(attempt, link);
    }

    @Override
    public void leaderUnreachable(long attempt, String reason) {
        inner.leaderUnreachable(attempt, reason);
    }

    @Override
    public void received(long link, QuorumPacket packet) {
        inner.received(link, packet);
    }

    @Override
    public void snapshotAdvanced(long link) {
        inner.snapshotAdvanced(link);
    }

    @Override
    public void snapshotReceived(long link) {
        inner.snapshotReceived(link);
    }

    @Override
    public void disconnected(long link, String reason) {
        inner.disconnected(link, reason);
    }

    @Override
    public void durable(long zxid) {
        inner.durable(zxid);
    }

    @Override
    public void stored(long ticket) {
        inner.stored(ticket);
    }

    @Override
    public void logRead(long ticket, @Nullable List<LogEntry> entries) {
        inner.logRead(ticket, entries);
    }

    @Override
    public void treeReloaded(long ticket, long lastZxid, List<LogEntry> recent) {
        inner.treeReloaded(ticket, lastZxid, recent);
    }

    @Override
    public void propose(long zxid, byte[] txn) {
        inner.propose(zxid, txn);
    }

    @Override
    public boolean canPropose() {
        return inner.canPropose();
    }

    @Override
    public void forward(long sessionId, int cxid, int type, byte[] body, @Nullable List<Id> ids) {
        inner.forward(sessionId, cxid, type, body, ids);
    }

    @Override
    public void sync(long token) {
        inner.sync(token);
    }

    @Override
    public void revalidate(long sessionId, int timeoutMillis) {
        inner.revalidate(sessionId, timeoutMillis);
    }

    @Override
    public void revalidation(long link, long sessionId, boolean valid) {
        inner.revalidation(link, sessionId, valid);
    }

    @Override
    public void learnerHasClients(long link, boolean hasClients) {
        inner.learnerHasClients(link, hasClients);
    }

    @Override
    public AgreementView view() {
        return inner.view();
    }

    @Override
    public List<Effect> takeEffects() {
        return inner.takeEffects();
    }
}
