package io.witan.zab.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.SessionTouch;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;
import io.witan.zab.Happening;
import io.witan.zab.LogEntry;
import io.witan.zab.PeerSettings;
import io.witan.zab.PeerStart;
import io.witan.zab.Zxids;
import io.witan.zab.quorum.Oracle;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// One server of a [MemoryEnsemble]: a [Peer], its disk and its tree, which is the list of what has
/// been delivered.
final class MemoryServer {

    private final MemoryEnsemble ensemble;
    private final PeerSettings settings;

    // The disk: a snapshot, the log after it, the epochs, the configurations.
    private List<LogEntry> snapshot = List.of();
    private long snapshotZxid;
    final List<LogEntry> log = new ArrayList<>();
    private long acceptedEpoch;
    private long currentEpoch;
    private EnsembleConfig committed;
    private EnsembleConfig lastSeen;
    boolean mayVote = true;

    private boolean isStalled;

    /// What happens to it while it stands still; null while it does not.
    private @Nullable Deque<Runnable> frozen;

    /// What it had to tell, since it was first started.
    final List<Happening> told = new ArrayList<>();

    private final Deque<Effect.OnDisk> stalled = new ArrayDeque<>();

    // What a crash takes.
    private @Nullable Peer peer;
    private int incarnation;
    private boolean acceptsLearners;
    private boolean acceptsObservers;
    List<LogEntry> tree = new ArrayList<>();
    private long leadingEpoch = -1;

    // What tests look at.
    final List<Effect> effects = new ArrayList<>();
    final List<Long> synced = new ArrayList<>();

    /// How much had been delivered when a sync was answered.
    final SortedMap<Long, Integer> syncedAt = new TreeMap<>();

    final List<QuorumPacket> received = new ArrayList<>();
    boolean answersPings = true;

    MemoryServer(MemoryEnsemble ensemble, PeerSettings settings, EnsembleConfig config) {
        this.ensemble = ensemble;
        this.settings = settings;
        this.committed = config;
        this.lastSeen = config;
    }

    long sid() {
        return settings.serverId();
    }

    @Override
    public String toString() {
        return "server " + sid();
    }

    String describe() {
        if (!isUp()) {
            return this + " is down";
        }
        AgreementView view = view();
        List<String> closed =
                effects.stream()
                        .filter(effect -> effect instanceof Effect.CloseLink)
                        .map(effect -> ((Effect.CloseLink) effect).reason())
                        .toList();
        return "%s %s of %d, serving %s, epochs %d/%d, logged %s, C %s, S %s, closed %s"
                .formatted(
                        this,
                        view.state(),
                        view.leaderSid(),
                        view.isServing(),
                        view.acceptedEpoch(),
                        view.currentEpoch(),
                        Zxids.hex(view.lastLoggedZxid()),
                        roles(view.committedConfig()),
                        roles(view.lastSeenConfig()),
                        closed.subList(Math.max(0, closed.size() - 3), closed.size()));
    }

    private static String roles(EnsembleConfig config) {
        return "%s o%s v%x".formatted(config.participants(), config.observers(), config.version());
    }

    boolean isUp() {
        return peer != null;
    }

    AgreementView view() {
        return peer().view();
    }

    private Peer peer() {
        if (peer == null) {
            throw new IllegalStateException(this + " is down");
        }
        return peer;
    }

    // ---- life

    /// Gives a server that has not started yet a log.
    MemoryServer with(long accepted, long current, List<LogEntry> entries) {
        acceptedEpoch = accepted;
        currentEpoch = current;
        log.addAll(entries);
        return this;
    }

    void start() {
        tree = new ArrayList<>(snapshot);
        tree.addAll(log);
        long last = log.isEmpty() ? snapshotZxid : log.getLast().zxid();
        peer =
                new Peer(
                        settings,
                        new PeerStart(
                                acceptedEpoch,
                                currentEpoch,
                                last,
                                List.copyOf(log),
                                mayVote,
                                committed,
                                lastSeen),
                        Oracle.NONE);
        event(Peer::start);
    }

    /// What is on disk stays; what the disk had not done yet is lost.
    void crash() {
        frozen = null;
        ensemble.breakLinksOf(sid());
        incarnation++;
        peer = null;
        acceptsLearners = false;
        acceptsObservers = false;
        leadingEpoch = -1;
        stalled.clear();
        isStalled = false;
    }

    void stallDisk(boolean stall) {
        isStalled = stall;
        while (!isStalled && !stalled.isEmpty()) {
            carryOut(stalled.remove());
        }
    }

    /// A stalled disk does so many of the things that wait for it.
    void diskDoes(int count) {
        for (int i = 0; i < count && !stalled.isEmpty(); i++) {
            carryOut(stalled.remove());
        }
    }

    // ---- events

    void event(Consumer<Peer> event) {
        int then = incarnation;
        ensemble.later(() -> {
            if (then == incarnation && peer != null) {
                now(event);
            }
        });
    }

    /// The process stands still; others notice only that it says nothing.
    void freeze() {
        frozen = new ArrayDeque<>();
    }

    /// It goes on, and looks at the clock before it looks at what has come.
    void thaw() {
        Deque<Runnable> waiting = frozen;
        frozen = null;
        tickIfDue();
        if (waiting != null) {
            waiting.forEach(Runnable::run);
        }
    }

    private void now(Consumer<Peer> event) {
        if (frozen != null) {
            int then = incarnation;
            frozen.add(() -> {
                if (then == incarnation) {
                    now(event);
                }
            });
            return;
        }
        peer().timeIs(ensemble.nowMillis);
        event.accept(peer());
        List<Effect> taken = peer().takeEffects();
        for (Effect effect : taken) {
            effects.add(effect);
            execute(effect);
        }
    }

    long wakeAtMillis() {
        return peer == null || frozen != null ? Long.MAX_VALUE : peer.wakeAtMillis();
    }

    void tickIfDue() {
        if (peer != null && frozen == null && peer.wakeAtMillis() <= ensemble.nowMillis) {
            now(Peer::tick);
        }
    }

    void leaderUnreachable(long attempt) {
        event(p -> p.leaderUnreachable(attempt, "nobody listens"));
    }

    void arrived(long link, MemoryEnsemble.Item item) {
        if (peer == null) {
            return;
        }
        if (frozen != null) {
            frozen.add(() -> arrived(link, item));
            return;
        }
        switch (item) {
            case MemoryEnsemble.Item.Packet(QuorumPacket packet) -> {
                received.add(packet);
                now(p -> p.received(link, packet));
            }
            case MemoryEnsemble.Item.Snapshot(List<LogEntry> content) -> {
                tree = new ArrayList<>(content);
                now(p -> p.snapshotReceived(link));
            }
        }
    }

    // ---- what a client does

    /// As leader: proposes the next transaction.
    long propose() {
        return propose(zxid -> Txns.set(zxid, ensemble.nextValue()));
    }

    long proposeReconfig(EnsembleConfig config) {
        return propose(zxid -> Txns.reconfig(zxid, config));
    }

    private long lastProposed;

    private long propose(java.util.function.LongFunction<byte[]> txn) {
        long zxid = Math.max(lastProposed, Zxids.startOf(leadingEpoch)) + 1;
        boolean[] can = new boolean[1];
        now(p -> can[0] = p.canPropose());
        if (!can[0]) {
            return -1;
        }
        lastProposed = zxid;
        now(p -> p.propose(zxid, txn.apply(zxid)));
        return zxid;
    }

    void sync(long token) {
        now(p -> p.sync(token));
    }

    boolean acceptsLearners() {
        return acceptsLearners && peer != null;
    }

    void acceptLearners(boolean accept) {
        acceptsLearners = accept;
    }

    boolean acceptsObservers() {
        return acceptsObservers && peer != null;
    }

    void acceptObservers(boolean accept) {
        acceptsObservers = accept;
    }

    // ---- effects

    private void execute(Effect effect) {
        switch (effect) {
            case Effect.SendNotification(long to, var notification) ->
                    ensemble.later(() -> {
                        MemoryServer server = ensemble.servers.get(to);
                        if (server != null && ensemble.canReach(sid(), to)) {
                            server.event(p -> p.notified(sid(), notification));
                        }
                    });
            case Effect.RestartElectionPort() -> {}
            case Effect.OnQuorumPort onPort -> ensemble.execute(this, onPort);
            case Effect.OnDisk onDisk -> {
                if (isStalled) {
                    stalled.add(onDisk);
                } else {
                    carryOut(onDisk);
                }
            }
            case Effect.OnReplica onReplica -> replica(onReplica);
            case Effect.Tell(Happening happening) -> told.add(happening);
        }
    }

    private void replica(Effect.OnReplica effect) {
        switch (effect) {
            case Effect.Deliver(long zxid, byte[] txn) -> tree.add(new LogEntry(zxid, txn));
            case Effect.StartLeading(long epoch) -> {
                leadingEpoch = epoch;
                lastProposed = 0;
            }
            case Effect.AnswerPing(long link, long zxid) -> {
                if (answersPings) {
                    byte[] touches = SessionTouch.encode(List.of());
                    ensemble.send(
                            link,
                            new MemoryEnsemble.Item.Packet(
                                    new QuorumPacket(PacketType.PING, zxid, touches)));
                }
            }
            case Effect.Forwarded(long _, ForwardedRequest _) -> propose();
            case Effect.RevalidationAsked(long link, long session, int _) ->
                    event(p -> p.revalidation(link, session, true));
            case Effect.Synced(long token) -> {
                synced.add(token);
                syncedAt.put(token, tree.size());
            }
            case Effect.StartFollowing _,
                    Effect.StartReadOnly _,
                    Effect.StopServing _,
                    Effect.SessionsHeard _,
                    Effect.LearnerGone _,
                    Effect.SessionLeft _,
                    Effect.Revalidated _,
                    Effect.ConfigInForce _ -> {}
        }
    }

    /// What is on disk now is what is found after a crash.
    private void carryOut(Effect.OnDisk effect) {
        perform(effect);
        long last = log.isEmpty() ? snapshotZxid : log.getLast().zxid();
        assertThat(Zxids.epoch(last))
                .as("epoch of the log's end after %s", effect)
                .isLessThanOrEqualTo(currentEpoch);
        assertThat(currentEpoch)
                .as("current epoch after %s", effect)
                .isLessThanOrEqualTo(acceptedEpoch);
    }

    private void perform(Effect.OnDisk effect) {
        switch (effect) {
            case Effect.Append(long zxid, byte[] txn) -> {
                log.add(new LogEntry(zxid, txn));
                event(p -> p.durable(zxid));
            }
            case Effect.StoreAcceptedEpoch(long ticket, long epoch) -> {
                acceptedEpoch = epoch;
                stored(ticket);
            }
            case Effect.StoreCurrentEpoch(long ticket, long epoch) -> {
                currentEpoch = epoch;
                stored(ticket);
            }
            case Effect.TruncateLog(long ticket, long zxid) -> {
                log.removeIf(entry -> entry.zxid() > zxid);
                stored(ticket);
            }
            case Effect.StoreSnapshot(long ticket, long zxid) -> {
                snapshot = List.copyOf(tree);
                snapshotZxid = zxid;
                log.clear();
                currentEpoch = Math.max(currentEpoch, Zxids.epoch(zxid));
                stored(ticket);
            }
            case Effect.StoreLastSeenConfig(long ticket, EnsembleConfig config) -> {
                lastSeen = config;
                stored(ticket);
            }
            case Effect.StoreCommittedConfig(long ticket, EnsembleConfig config) -> {
                committed = config;
                stored(ticket);
            }
            case Effect.StoreDamageMark(long ticket, String _) -> {
                mayVote = false;
                stored(ticket);
            }
            case Effect.ClearDamageMark(long ticket) -> {
                mayVote = true;
                stored(ticket);
            }
            case Effect.ReadLog(long ticket, long after, long upTo, long _) -> {
                boolean known =
                        after == snapshotZxid || log.stream().anyMatch(e -> e.zxid() == after);
                List<LogEntry> found =
                        log.stream().filter(e -> e.zxid() > after && e.zxid() <= upTo).toList();
                event(p -> p.logRead(ticket, known ? found : null));
            }
            case Effect.ReloadTree(long ticket) -> {
                tree = new ArrayList<>(snapshot);
                tree.addAll(log);
                long last = log.isEmpty() ? snapshotZxid : log.getLast().zxid();
                List<LogEntry> recent = List.copyOf(log);
                event(p -> p.treeReloaded(ticket, last, recent));
            }
        }
    }

    private void stored(long ticket) {
        event(p -> p.stored(ticket));
    }
}
