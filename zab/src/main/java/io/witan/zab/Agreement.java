package io.witan.zab;

import io.witan.wire.data.Id;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.QuorumPacket;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The events of the agreement machine. After each, [#takeEffects] gives what is to be done. An
/// interface, so that a simulator can put itself between and alter what goes in and out.
///
/// Owned by one thread, which makes all calls.
public interface Agreement {

    /// Sets the time of the events that follow: milliseconds of a clock that never runs back.
    void timeIs(long nowMillis);

    /// Begins: the server looks for a leader. Once, first.
    void start();

    /// Time has passed. Useful when [#wakeAtMillis] has come; harmless at other times.
    void tick();

    /// When [#tick] has something to do at the earliest; [Long#MAX_VALUE] for never.
    long wakeAtMillis();

    // ---- election port

    /// A notification from another server.
    void notified(long fromSid, Notification notification);

    /// An election link to that server has come up or gone down.
    void electionLinkChanged(long sid, boolean up);

    // ---- quorum port

    void learnerConnected(long link);

    void leaderConnected(long attempt, long link);

    void leaderUnreachable(long attempt, String reason);

    void received(long link, QuorumPacket packet);

    /// As learner: some of the snapshot stream, or of a packet that is not whole yet, has come, so
    /// the leader lives. As leader: some of the stream has gone out, so the learner takes it. To be
    /// told now and then while that goes on; without it the stream must be through within
    /// initLimit, however large the tree is.
    void snapshotAdvanced(long link);

    /// The snapshot stream has ended, with a good signature, and is in the tree.
    void snapshotReceived(long link);

    void disconnected(long link, String reason);

    // ---- disk

    /// Everything appended up to and including `zxid` is durable.
    void durable(long zxid);

    /// The storage effect with that ticket is durable, and so is everything before it.
    void stored(long ticket);

    /// @param entries without a hole, the first being the successor of the zxid asked for and the
    ///   last the one asked for; null if the log does not give that, or it would be too much
    void logRead(long ticket, @Nullable List<LogEntry> entries);

    /// The tree is what the disk gives, up to `lastZxid`.
    ///
    /// @param recent the end of the log, without a hole, ending at `lastZxid`
    void treeReloaded(long ticket, long lastZxid, List<LogEntry> recent);

    // ---- replica

    /// As leader: the next transaction. Its zxid is the successor of the one before.
    void propose(long zxid, byte[] txn);

    /// As leader: whether another transaction can be proposed in this epoch. If not, this server
    /// gives up leading, so that a new epoch begins (quorum, section 8.3).
    boolean canPropose();

    /// As learner: hands a client's request on to the leader.
    ///
    /// @param ids of the client's connection; null for the server's own requests
    void forward(long sessionId, int cxid, int type, byte[] body, @Nullable List<Id> ids);

    /// Asks for [Effect.Synced] with this token.
    void sync(long token);

    /// As learner: asks the leader whether a session lives; the answer is [Effect.Revalidated].
    void revalidate(long sessionId, int timeoutMillis);

    /// As leader: the answer to [Effect.RevalidationAsked].
    void revalidation(long link, long sessionId, boolean valid);

    /// As leader: whether a session of the ensemble lives at that learner, or at observers of its
    /// own. None does until this is called.
    void learnerHasClients(long link, boolean hasClients);

    /// What is agreed, for reports and for the rules of reconfiguration.
    AgreementView view();

    /// What the events since the last call have brought about, in order.
    List<Effect> takeEffects();
}
