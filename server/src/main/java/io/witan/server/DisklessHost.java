package io.witan.server;

import io.witan.replica.member.Member;
import io.witan.replica.member.MemberHost;
import io.witan.replica.member.TreeStream;
import io.witan.tree.ZnodeTree;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.quorum.SnapshotStreamParser;
import io.witan.zab.Effect;
import io.witan.zab.Happening;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// The host of an observer that keeps nothing on disk (`syncEnabled=false`, quorum, section 1.1):
/// what it is to write is reported as durable and forgotten. Only configurations are kept.
///
/// What lies in its directories stays what it was at the start, as if the server had been off since
/// then, and so it harms nobody if the server gets a vote later: an observer's word is in no
/// quorum. That is why epochs are not kept either: a current epoch without the history with which
/// it began would be a claim that a voter must not make.
///
/// What is in memory only cannot be voted with. So a server that is to become a participant ends;
/// started again it is one, with a disk, and the leader brings it up to date.
///
/// A tree that is worth nothing any more, because a snapshot of the leader has broken off or some
/// of it was taken back, gives way to an empty one: what is on disk may hold what was taken back
/// since. The leader sends all of it then.
///
/// Owned by the core's thread.
final class DisklessHost implements MemberHost {

    /// No agreement has asked with this ticket, so nobody minds when it is reported.
    private static final long NOBODYS_TICKET = -1;

    private final MemberHost inner;
    private final long sid;
    private final Executor core;
    private final Consumer<Throwable> failed;

    // Set once, before the first effect.
    private Reports reports;

    /// Transactions that will be reported together; null after they were, or after something else
    /// was asked for that must be reported behind them.
    private @Nullable Appended appended;

    /// From then on nothing is reported, so nothing is promised or acknowledged.
    private boolean hasEnded;

    /// Where a disk would report; called as events of their own.
    interface Reports {
        void durable(long zxid);

        void stored(long ticket);

        void logUnreadable(long ticket);

        void treeEmptied(long ticket);
    }

    /// The member that this is the host of.
    record ToMember(Member member) implements Reports {

        @Override
        public void durable(long zxid) {
            member.durable(zxid);
        }

        @Override
        public void stored(long ticket) {
            member.stored(ticket);
        }

        @Override
        public void logUnreadable(long ticket) {
            member.logRead(ticket, null);
        }

        @Override
        public void treeEmptied(long ticket) {
            member.treeReloaded(ticket, new ZnodeTree(member.tree().settings()), List.of());
        }
    }

    private static final class Appended {
        long lastZxid;
    }

    /// @param inner for all that has to do with other servers, and for configurations
    /// @param core runs events of the core, later
    /// @param failed ends the server
    @SuppressWarnings("NullAway.Init") // the member and its host know each other: see connect
    DisklessHost(MemberHost inner, long sid, Executor core, Consumer<Throwable> failed) {
        this.inner = inner;
        this.sid = sid;
        this.core = core;
        this.failed = failed;
    }

    /// Completes the wiring.
    void connect(Reports newReports) {
        reports = newReports;
    }

    // ---- effects

    @Override
    public void execute(Effect effect) {
        switch (effect) {
            case Effect.Append(long zxid, byte[] _) -> append(zxid);
            case Effect.StoreAcceptedEpoch(long ticket, long _) -> stored(ticket);
            case Effect.StoreCurrentEpoch(long ticket, long _) -> stored(ticket);
            case Effect.TruncateLog(long ticket, long _) -> stored(ticket);
            case Effect.StoreDamageMark(long ticket, String _) -> stored(ticket);
            // A mark from before is about what lies on the disk, and that is not whole now.
            case Effect.ClearDamageMark(long ticket) -> stored(ticket);
            case Effect.ReadLog(long ticket, long _, long _, long _) ->
                    report(() -> reports.logUnreadable(ticket));
            case Effect.StoreLastSeenConfig(long _, EnsembleConfig config)
                    when config.isParticipant(sid) ->
                    end(new Effect.StoreLastSeenConfig(NOBODYS_TICKET, config));
            case Effect.StoreCommittedConfig(long _, EnsembleConfig config)
                    when config.isParticipant(sid) ->
                    end(new Effect.StoreCommittedConfig(NOBODYS_TICKET, config));
            case Effect.StoreLastSeenConfig _, Effect.StoreCommittedConfig _ ->
                    inner.execute(effect);
            case Effect.OnElectionPort other -> inner.execute(other);
            case Effect.OnQuorumPort other -> inner.execute(other);
            case Effect.StoreSnapshot _, Effect.ReloadTree _, Effect.OnReplica _, Effect.Tell _ ->
                    throw new IllegalArgumentException("not for the host: " + effect);
        }
    }

    @Override
    public void sendSnapshot(long link, TreeStream stream) {
        inner.sendSnapshot(link, stream);
    }

    @Override
    public void receiveSnapshot(long link, SnapshotStreamParser parser) {
        inner.receiveSnapshot(link, parser);
    }

    @Override
    public void storeSnapshot(long ticket, long zxid, TreeStream stream) {
        stream.abort();
        stored(ticket);
    }

    @Override
    public void reloadTree(long ticket) {
        report(() -> reports.treeEmptied(ticket));
    }

    @Override
    public void told(Happening happening) {
        inner.told(happening);
    }

    // ---- reports

    private void append(long zxid) {
        Appended group = appended;
        if (group == null) {
            Appended begun = new Appended();
            report(() -> {
                if (appended == begun) {
                    appended = null;
                }
                reports.durable(begun.lastZxid);
            });
            group = begun;
            appended = begun;
        }
        group.lastZxid = zxid;
    }

    private void stored(long ticket) {
        report(() -> reports.stored(ticket));
    }

    /// In the order in which it was asked for.
    private void report(Runnable event) {
        appended = null;
        core.execute(() -> {
            if (!hasEnded) {
                event.run();
            }
        });
    }

    /// The configuration is kept, so that the next start knows of it.
    private void end(Effect kept) {
        if (!hasEnded) {
            hasEnded = true;
            inner.execute(kept);
            failed.accept(new MemoryOnlyException(sid));
        }
    }
}
