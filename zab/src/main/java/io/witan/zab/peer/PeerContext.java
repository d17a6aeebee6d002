package io.witan.zab.peer;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.config.Member;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.txn.LoggedTxn;
import io.witan.zab.Effect;
import io.witan.zab.Happening;
import io.witan.zab.LogEntry;
import io.witan.zab.PeerSettings;
import io.witan.zab.PeerStart;
import io.witan.zab.Zxids;
import io.witan.zab.config.Configs;
import io.witan.zab.election.Election;
import io.witan.zab.election.Vote;
import io.witan.zab.quorum.Oracle;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/// What the roles of one server share: what it remembers on disk and in memory, the configurations,
/// and the effects in the making. Owned by [Peer]'s thread.
final class PeerContext {

    /// No server.
    static final long NOBODY = -1;

    final PeerSettings settings;
    final Configs configs;
    final Election election;
    final History history;

    private List<Effect> effects = new ArrayList<>();

    long nowMillis;

    // As on disk: changed when the disk says so.
    private long acceptedEpoch;
    private long currentEpoch;
    private boolean mayVote;

    /// What the tree holds: everything up to this transaction.
    private long delivered;

    private long lastDurable;

    /// What leaders have said to be committed since this server started. Never taken back.
    private long committed;

    /// The log cannot be made a beginning of the leader's history by cutting it.
    private boolean wantsSnapshot;

    /// The greatest epoch that a server was heard to have promised, in vain so far.
    private long epochHeard;

    private long lastAttempt;

    /// False while the tree is a received snapshot that is not stored yet.
    private boolean treeIsWhole = true;

    /// What this server answers when it is asked whom it votes for (quorum, section 3.5).
    private Vote currentVote;

    /// A reconfiguration has said what this server is next (quorum, section 5.5).
    private boolean handedOver;

    private @Nullable Next next;

    // Storage effects that are not reported yet.
    private long lastTicket;
    private final TreeMap<Long, Pending> pending = new TreeMap<>();

    /// Whether this server is an observer of a leader at present.
    private boolean observes;

    /// Which role asks: what is reported to a role that is gone has no one to go on.
    private long roleNumber;

    private record Pending(long roleNumber, Runnable always, Runnable then) {}

    private final TreeMap<Long, Consumer<@Nullable List<LogEntry>>> reads = new TreeMap<>();

    PeerContext(PeerSettings settings, PeerStart start, Oracle oracle) {
        this.settings = settings;
        this.configs =
                new Configs(
                        settings.membership().reconfigEnabled(),
                        start.committed(),
                        start.lastSeen(),
                        oracle);
        this.history =
                new History(
                        settings.catchUp().historyCountMax(),
                        settings.catchUp().historyBytesMax(),
                        start.lastZxid(),
                        start.recent());
        this.acceptedEpoch = start.acceptedEpoch();
        this.currentEpoch = start.currentEpoch();
        this.mayVote = start.mayVote();
        this.delivered = start.lastZxid();
        this.lastDurable = start.lastZxid();
        this.election = new Election(settings, configs, this::emit);
        this.currentVote = ownVote();
    }

    // ---- effects and roles

    void emit(Effect effect) {
        effects.add(effect);
    }

    void tell(Happening happening) {
        emit(new Effect.Tell(happening));
    }

    List<Effect> takeEffects() {
        List<Effect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }

    /// The role is to be left when this event has been handled. The first call counts.
    void become(Next newNext) {
        if (next == null) {
            next = newNext;
        }
    }

    /// Whether the role is about to be left: then it does nothing any more.
    boolean isLeaving() {
        return next != null;
    }

    @Nullable Next takeNext() {
        Next taken = next;
        next = null;
        return taken;
    }

    /// From here on another role asks.
    void beginRole() {
        roleNumber++;
        reads.clear();
        observes = false;
    }

    void beginObserving() {
        observes = true;
    }

    long sid() {
        return settings.serverId();
    }

    /// Whether this server's part is to observe. One that is in no configuration follows, without a
    /// vote. So does an observer that is to be a participant: the new configuration may need its
    /// word to come into force, and observers are not asked.
    boolean isObserver() {
        Member self = configs.committed().member(sid());
        return self != null && self.role() == Member.Role.OBSERVER && !configs.isVoter(sid());
    }

    // ---- votes

    Vote currentVote() {
        return currentVote;
    }

    void currentVote(Vote vote) {
        currentVote = vote;
    }

    /// The vote with which this server begins to look (quorum, sections 3.2 and 3.7).
    Vote ownVote() {
        if (!mayVote) {
            return Vote.NONE;
        }
        if (isObserver()) {
            return new Vote(Vote.NOBODY, Long.MIN_VALUE, -1, Long.MIN_VALUE);
        }
        long leader = configs.isParticipant(sid()) ? sid() : Vote.NOBODY;
        return new Vote(leader, history.lastZxid(), -1, currentEpoch);
    }

    /// Whether the log is whole, as far as this server knows.
    boolean mayVote() {
        return mayVote;
    }

    /// The log is that of a leader whom others elected: this server votes again.
    void voteAgain() {
        if (!mayVote) {
            store(Effect.ClearDamageMark::new, () -> mayVote = true, () -> {});
        }
    }

    // ---- epochs, log and tree

    long acceptedEpoch() {
        return acceptedEpoch;
    }

    long currentEpoch() {
        return currentEpoch;
    }

    /// A member has promised that epoch. The next one that this server leads is above it.
    void epochHeard(long epoch) {
        epochHeard = Math.max(epochHeard, epoch);
    }

    long epochHeard() {
        return epochHeard;
    }

    long delivered() {
        return delivered;
    }

    /// The last transaction that is durable.
    long lastDurable() {
        return lastDurable;
    }

    long committed() {
        return committed;
    }

    /// The next leader is to send a snapshot, whatever else it could do.
    void wantSnapshot() {
        wantsSnapshot = true;
    }

    boolean wantsSnapshot() {
        return wantsSnapshot;
    }

    /// Names an attempt to reach a leader.
    long nextAttempt() {
        return ++lastAttempt;
    }

    void storeAcceptedEpoch(long epoch, Runnable then) {
        store(
                ticket -> new Effect.StoreAcceptedEpoch(ticket, epoch),
                () -> acceptedEpoch = epoch,
                then);
    }

    void storeCurrentEpoch(long epoch, Runnable then) {
        store(
                ticket -> new Effect.StoreCurrentEpoch(ticket, epoch),
                () -> currentEpoch = epoch,
                then);
    }

    void storeLastSeenConfig() {
        EnsembleConfig config = configs.lastSeen();
        store(ticket -> new Effect.StoreLastSeenConfig(ticket, config), () -> {}, () -> {});
    }

    /// Runs `then` when everything that storage has been asked for so far is durable.
    void whenDurable(Runnable then) {
        if (isDrained()) {
            then.run();
        } else {
            pendingDrains.add(new Pending(roleNumber, () -> {}, then));
        }
    }

    private final List<Pending> pendingDrains = new ArrayList<>();

    void append(LogEntry entry) {
        history.append(entry);
        emit(new Effect.Append(entry.zxid(), entry.txn()));
    }

    /// Cuts the log. What the tree holds beyond the cut needs [#reloadTree] next.
    void truncate(long zxid) {
        history.truncateAfter(zxid);
        lastDurable = Math.min(lastDurable, zxid);
        store(ticket -> new Effect.TruncateLog(ticket, zxid), () -> {}, () -> {});
    }

    /// Everything up to `zxid` is committed.
    void deliverUpTo(long zxid) {
        for (int i = history.indexAfter(delivered); i < history.size(); i++) {
            LogEntry entry = history.get(i);
            if (entry.zxid() > zxid) {
                break;
            }
            delivered = entry.zxid();
            emit(new Effect.Deliver(entry.zxid(), entry.txn()));
        }
        history.deliveredUpTo(delivered);
        committed = Math.max(committed, Math.min(zxid, history.lastZxid()));
    }

    /// The tree is being replaced by a snapshot of `zxid` from the leader.
    void receivingSnapshot(long link, long zxid) {
        treeIsWhole = false;
        emit(new Effect.ReceiveSnapshot(link, zxid));
    }

    /// The received snapshot becomes the beginning of this server's log. What it does not hold of
    /// what this server has acknowledged comes behind it; until then this server's word is worth
    /// less than others may count on, and it has no vote, also after a crash.
    void storeSnapshot(long zxid, Runnable then) {
        if (mayVote && zxid < history.lastZxid()) {
            mayVote = false;
            String reason =
                    "a snapshot of %s has replaced a log that went on to %s"
                            .formatted(Zxids.hex(zxid), Zxids.hex(history.lastZxid()));
            store(ticket -> new Effect.StoreDamageMark(ticket, reason), () -> {}, () -> {});
        }
        history.reset(zxid, List.of());
        delivered = zxid;
        lastDurable = zxid;
        store(
                ticket -> new Effect.StoreSnapshot(ticket, zxid),
                () -> {
                    treeIsWhole = true;
                    wantsSnapshot = false;
                    currentEpoch = Math.max(currentEpoch, Zxids.epoch(zxid));
                },
                then);
    }

    /// Whether what is in memory is what is on disk, or ahead of it by what is on its way there.
    boolean isTreeWhole() {
        return treeIsWhole;
    }

    /// Whether all that the tree holds is known to be committed. After a start it is not, until a
    /// leader has said so: it holds all of the log, whose end no quorum may ever have had.
    boolean isTreeCommitted() {
        return delivered <= committed;
    }

    void reloadTree(Runnable then) {
        treeIsWhole = false;
        store(Effect.ReloadTree::new, () -> treeIsWhole = true, then);
    }

    void readLog(
            long afterZxid, long upToZxid, long bytesMax, Consumer<@Nullable List<LogEntry>> then) {
        long ticket = ++lastTicket;
        reads.put(ticket, then);
        emit(new Effect.ReadLog(ticket, afterZxid, upToZxid, bytesMax));
    }

    private void store(LongFunction<Effect> effect, Runnable always, Runnable then) {
        long ticket = ++lastTicket;
        pending.put(ticket, new Pending(roleNumber, always, then));
        emit(effect.apply(ticket));
    }

    /// Whether everything that storage was asked for is durable.
    boolean isDrained() {
        return pending.isEmpty() && lastDurable == history.lastZxid();
    }

    void durable(long zxid) {
        if (zxid > lastDurable && zxid <= history.lastZxid()) {
            lastDurable = zxid;
        }
        runDrained();
    }

    void stored(long ticket) {
        finish(pending.remove(ticket));
        runDrained();
    }

    void treeReloaded(long ticket, long lastZxid, List<LogEntry> recent) {
        history.reset(lastZxid, recent);
        delivered = lastZxid;
        lastDurable = lastZxid;
        stored(ticket);
    }

    void logRead(long ticket, @Nullable List<LogEntry> entries) {
        Consumer<@Nullable List<LogEntry>> then = reads.remove(ticket);
        if (then != null) {
            then.accept(entries);
        }
    }

    private void finish(@Nullable Pending done) {
        if (done != null) {
            done.always.run();
            if (done.roleNumber == roleNumber && !isLeaving()) {
                done.then.run();
            }
        }
    }

    private void runDrained() {
        if (isDrained() && !pendingDrains.isEmpty()) {
            List<Pending> waiting = new ArrayList<>(pendingDrains);
            pendingDrains.clear();
            waiting.forEach(this::finish);
        }
    }

    // ---- configurations

    /// A transaction is proposed: if it is a reconfiguration, its configuration is the one last
    /// seen.
    ///
    /// @throws io.witan.wire.jute.DecodeException if it is one and cannot be read
    void see(LoggedTxn txn) {
        EnsembleConfig config =
                settings.membership().reconfigEnabled() ? TxnBytes.config(txn) : null;
        if (config != null) {
            see(config);
        }
    }

    void see(EnsembleConfig config) {
        if (configs.see(config)) {
            storeLastSeenConfig();
        }
    }

    /// The configuration last seen is in nobody's history, and not in force.
    void forgetLastSeenConfig() {
        if (configs.forget()) {
            storeLastSeenConfig();
        }
    }

    /// A reconfiguration is committed: see [#install].
    boolean activate(LogEntry reconfiguration, long leaderHint, long presentLeader) {
        if (!settings.membership().reconfigEnabled()) {
            return false;
        }
        EnsembleConfig config =
                TxnBytes.config(TxnBytes.read(reconfiguration.zxid(), reconfiguration.txn()));
        if (config == null) {
            throw new DecodeException(
                    Zxids.hex(reconfiguration.zxid()) + " is activated and no reconfiguration");
        }
        return install(config, leaderHint, reconfiguration.zxid(), presentLeader);
    }

    /// A configuration has become the one in force (quorum, section 5.5).
    ///
    /// @param leaderHint the designated leader, or [#NOBODY]
    /// @param zxid of the reconfiguration, for the new vote
    /// @param presentLeader whom this server follows or is, or [#NOBODY] while it looks
    /// @return whether this server's part or its leader has changed with it
    boolean install(EnsembleConfig config, long leaderHint, long zxid, long presentLeader) {
        EnsembleConfig before = configs.committed();
        if (!configs.commit(config)) {
            return false;
        }
        store(ticket -> new Effect.StoreCommittedConfig(ticket, config), () -> {}, () -> {});
        emit(new Effect.ConfigInForce(config));
        if (before.sameContent(config)) {
            return false;
        }
        emit(new Effect.RestartElectionPort());
        boolean partChanged = observes != isObserver();
        if (partChanged) {
            handedOver = true;
        }
        boolean leaderChanged = false;
        if (leaderHint != NOBODY) {
            if (leaderHint != presentLeader) {
                currentVote = new Vote(leaderHint, zxid, -1, -1);
                handedOver = true;
                leaderChanged = true;
            }
        } else if (presentLeader != NOBODY) {
            handedOver = false;
            leaderChanged = !leadsInBoth(presentLeader, before, config);
        }
        return partChanged || leaderChanged;
    }

    /// After [#install] said that something has changed: where to go.
    void followChange(String reason) {
        if (handedOver) {
            become(new Next.HandedOver(currentVote.leader(), reason));
        } else {
            become(new Next.Look(reason));
        }
    }

    void clearHandOver() {
        handedOver = false;
    }

    private static boolean leadsInBoth(long sid, EnsembleConfig one, EnsembleConfig other) {
        Member before = one.member(sid);
        Member after = other.member(sid);
        return before != null
                && after != null
                && before.role() == Member.Role.PARTICIPANT
                && after.role() == Member.Role.PARTICIPANT
                && before.addresses().equals(after.addresses());
    }
}
