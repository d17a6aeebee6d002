package io.witan.simulation.server;

import io.witan.replica.auth.Access;
import io.witan.replica.auth.DigestProvider;
import io.witan.replica.auth.IpProvider;
import io.witan.replica.member.Member;
import io.witan.replica.member.MemberHost;
import io.witan.replica.member.TreeStream;
import io.witan.simulation.trace.RecordingAgreement;
import io.witan.simulation.trace.Stamp;
import io.witan.simulation.trace.Trace;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.world.Chance;
import io.witan.storage.DataDirectory;
import io.witan.storage.EnsembleStore;
import io.witan.storage.LogListener;
import io.witan.storage.SnapshotTrailer;
import io.witan.storage.StorageException;
import io.witan.storage.StoredState;
import io.witan.storage.StoredTxn;
import io.witan.storage.TreeSnapshot;
import io.witan.storage.testing.FakeDisk;
import io.witan.tree.ZnodeTree;
import io.witan.wire.election.Notification;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.SnapshotStreamParser;
import io.witan.wire.txn.TxnDigest;
import io.witan.zab.Agreement;
import io.witan.zab.Effect;
import io.witan.zab.Happening;
import io.witan.zab.LogEntry;
import io.witan.zab.PeerStart;
import io.witan.zab.peer.Peer;
import io.witan.zab.quorum.Oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// One process of a server, from its start to its end: the host of a [Member].
///
/// Every event goes through [#step]: the clocks are set, the member does what it does, and what it
/// wants is carried out through the ports. A crash can come before any of these calls.
final class RunningServer implements MemberHost, Steps {

    static final Path DATA = Path.of("/data");

    private final SimServer machine;
    private final ServerPlan plan;
    private final Surroundings around;
    private final Trace trace;
    private final LocalClock clock;
    private final int incarnation;
    private final HostMutation mutation;

    private final EnsembleStore store;
    private final Configuration configs;
    private final ServerDisk serverDisk;
    private final DiskQueue disk;
    private final Member member;
    private final ElectionPort elections;
    private final QuorumPort quorum;
    private final ClientPort clients;
    private final PeriodicSnapshots snapshots;

    private boolean gone;
    private boolean stopped;
    private boolean stepping;

    /// Port calls until it crashes; negative for never.
    private long callsLeft = -1;

    /// What happened while the process was stopped, and what is to happen after the present event.
    private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();

    private final ArrayDeque<Runnable> afterwards = new ArrayDeque<>();

    /// The earliest time at which the member will be woken, of the world's time.
    private long wakesAtMicros = Long.MAX_VALUE;

    private boolean treeIsPartial;
    private long lastTreeZxid;

    RunningServer(
            SimServer machine,
            ServerPlan plan,
            Surroundings around,
            LocalClock clock,
            int incarnation,
            FakeDisk files,
            DiskSpeed diskSpeed,
            UnaryOperator<Agreement> agreementMutation,
            HostMutation mutation)
            throws IOException {
        this.machine = machine;
        this.plan = plan;
        this.around = around;
        this.trace = around.trace();
        this.clock = clock;
        this.incarnation = incarnation;
        this.mutation = mutation;
        Chance chance = Chance.of(around.seed(), "process " + plan.sid() + "/" + incarnation);
        this.store =
                new EnsembleStore(
                        DataDirectory.open(mutation.disk(files), DATA, DATA, true),
                        plan.storage(),
                        LogListener.NONE);
        TreeFiller filler = new TreeFiller(plan.tree());
        StoredState state = store.load(filler);
        ZnodeTree tree = filler.tree();
        tree.lastZxid(Math.max(tree.lastZxid(), state.lastZxid()));
        mutation.loaded(tree);
        if (state.snapshotNeeded()) {
            storeFirstSnapshot(tree);
        }
        this.configs = new Configuration(files, plan.initialConfig());
        Agreement peer =
                new Peer(
                        plan.member().peer(),
                        new PeerStart(
                                state.acceptedEpoch(),
                                state.currentEpoch(),
                                state.lastZxid(),
                                entries(state.recent()),
                                state.mayVote(),
                                configs.committed(),
                                configs.lastSeen()),
                        Oracle.NONE);
        Agreement recorded =
                new RecordingAgreement(agreementMutation.apply(peer), this::stamp, trace);
        trace.record(
                new TraceEvent.Started(
                        stamp(),
                        state.acceptedEpoch(),
                        state.currentEpoch(),
                        state.lastZxid(),
                        state.lastZxid(),
                        tree.digest(),
                        machine.diskIsNew(),
                        state.mayVote()));
        machine.dataIs(state.mayVote());
        this.lastTreeZxid = state.lastZxid();
        this.member =
                new Member(
                        plan.member(),
                        recorded,
                        tree,
                        new Access(
                                plan.skipAcl(),
                                List.of(new IpProvider(), new DigestProvider("SHA1", null))),
                        this,
                        chance.generator(),
                        clock.nowMillis());
        this.serverDisk =
                new ServerDisk(this, machine, store, configs, plan.tree(), mutation, trace);
        this.disk =
                new DiskQueue(
                        store,
                        around.scheduler(),
                        Chance.of(around.seed(), "disk " + plan.sid() + "/" + incarnation),
                        diskSpeed,
                        this,
                        serverDisk::appended,
                        this::diskFailed);
        this.elections =
                new ElectionPort(
                        plan.sid(),
                        around.network(),
                        around.scheduler(),
                        this,
                        new Elections(),
                        mutation);
        this.quorum =
                new QuorumPort(
                        plan.sid(),
                        plan.member().peer().ticks().connectMillis() * 1000,
                        plan.backlogs().snapshotUnsent(),
                        plan.backlogs().learnerMax(),
                        around.network(),
                        this,
                        new Quorum());
        this.clients =
                new ClientPort(
                        plan.sid(),
                        plan.backlogs().clientOutput(),
                        around.network(),
                        this,
                        member,
                        mutation);
        this.snapshots =
                new PeriodicSnapshots(plan, store, disk, member, around.scheduler(), chance, this);
        snapshots.onStored(
                zxid -> trace.record(new TraceEvent.SnapshotStored(stamp(), zxid, false)));
    }

    void begin() {
        elections.open();
        clients.open();
        step(member::start);
    }

    private void storeFirstSnapshot(ZnodeTree tree) {
        var cursor = tree.snapshot();
        var bytes = new JuteWriter();
        cursor.header(bytes);
        while (!cursor.advance(bytes, 1 << 16)) {}
        try (TreeSnapshot snapshot = store.beginSnapshot(tree.lastZxid())) {
            snapshot.write(bytes.bytes(), 0, bytes.length());
            snapshot.finish(trailer(tree.lastZxid(), cursor.digest()));
        }
    }

    static SnapshotTrailer trailer(long zxid, long digest) {
        return new SnapshotTrailer(
                new SnapshotTrailer.Digest(zxid, TxnDigest.VERSION, digest), zxid);
    }

    static List<LogEntry> entries(List<StoredTxn> txns) {
        List<LogEntry> entries = new ArrayList<>(txns.size());
        for (StoredTxn txn : txns) {
            entries.add(new LogEntry(txn.zxid(), txn.bytes()));
        }
        return entries;
    }

    Stamp stamp() {
        return new Stamp(around.scheduler().nowMicros(), plan.sid(), incarnation);
    }

    Member member() {
        return member;
    }

    DiskQueue disk() {
        return disk;
    }

    // ---- steps

    @Override
    public void step(Runnable event) {
        if (gone) {
            return;
        }
        if (stopped) {
            deferred.addLast(event);
            return;
        }
        if (stepping) {
            // The network answers in the middle of a call: not before the call is over.
            afterwards.addLast(event);
            return;
        }
        stepping = true;
        try {
            for (Runnable next = event; next != null && !gone; next = afterwards.pollFirst()) {
                member.timeIs(clock.nowMillis(), clock.wallMillis());
                next.run();
                if (!gone) {
                    clients.flush();
                }
            }
            if (!gone) {
                recordTree();
                snapshots.afterStep();
                wake();
            }
        } catch (CrashNow crash) {
            machine.crashedNow();
        } catch (StorageException | UncheckedIOException e) {
            diskFailed(e);
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            machine.broke(e);
        } finally {
            stepping = false;
        }
    }

    @Override
    public void later(Runnable event) {
        if (stepping) {
            afterwards.addLast(event);
        } else {
            around.scheduler().after(0, () -> step(event));
        }
    }

    private void wake() {
        long local = member.wakeAtMillis();
        if (local == Long.MAX_VALUE) {
            return;
        }
        long now = around.scheduler().nowMicros();
        long at = now + Math.max(1, clock.worldMicrosUntil(local));
        if (at < wakesAtMicros) {
            wakesAtMicros = at;
            around.scheduler().after(at - now, () -> woken(at));
        }
    }

    private void woken(long at) {
        if (at != wakesAtMicros) {
            return;
        }
        wakesAtMicros = Long.MAX_VALUE;
        step(() -> {
            if (member.wakeAtMillis() <= clock.nowMillis()) {
                member.tick();
            }
        });
    }

    private void recordTree() {
        long zxid = member.lastDeliveredZxid();
        if (!treeIsPartial && zxid != lastTreeZxid) {
            lastTreeZxid = zxid;
            trace.record(new TraceEvent.TreeIs(stamp(), zxid, member.tree().digest()));
        }
    }

    /// Whether the tree is being replaced by one that is not complete.
    boolean isTreePartial() {
        return treeIsPartial;
    }

    void treeLoaded(boolean fromDisk) {
        treeIsPartial = false;
        lastTreeZxid = member.lastDeliveredZxid();
        trace.record(
                new TraceEvent.TreeLoaded(stamp(), lastTreeZxid, member.tree().digest(), fromDisk));
    }

    /// Nothing of this process acts from now on.
    void die() {
        gone = true;
        deferred.clear();
        afterwards.clear();
        quorum.abandon();
    }

    void stop() {
        stopped = true;
    }

    void goOn() {
        stopped = false;
        while (!stopped && !gone && !deferred.isEmpty()) {
            step(deferred.pollFirst());
        }
    }

    void crashAfterCalls(long calls) {
        callsLeft = calls;
    }

    private void called() {
        if (callsLeft >= 0 && callsLeft-- == 0) {
            throw new CrashNow();
        }
    }

    private void diskFailed(RuntimeException e) {
        machine.diskFailed(String.valueOf(e.getMessage()));
    }

    // ---- what the member wants

    @Override
    public void execute(Effect wanted) {
        called();
        Effect effect = mutation.carryOut(wanted);
        if (effect == null) {
            reportUndone(wanted);
            return;
        }
        switch (effect) {
            case Effect.OnElectionPort e -> onElectionPort(e);
            case Effect.OnQuorumPort e -> onQuorumPort(e);
            case Effect.OnDisk e -> serverDisk.execute(e);
            case Effect.OnReplica e -> throw new IllegalStateException("not the host's: " + e);
            case Effect.Tell e -> throw new IllegalStateException("not to be executed: " + e);
        }
    }

    @Override
    public void told(Happening happening) {
        // The trace has what it is made of.
    }

    private void reportUndone(Effect wanted) {
        if (wanted instanceof Effect.OnDisk onDisk) {
            serverDisk.leaveUndone(onDisk);
        }
    }

    private void onElectionPort(Effect.OnElectionPort effect) {
        switch (effect) {
            case Effect.SendNotification(long toSid, Notification n) -> elections.send(toSid, n);
            case Effect.RestartElectionPort() -> elections.restart();
        }
    }

    private void onQuorumPort(Effect.OnQuorumPort effect) {
        switch (effect) {
            case Effect.AcceptLearners() -> quorum.acceptLearners();
            case Effect.RefuseLearners() -> quorum.refuseLearners();
            case Effect.DialLeader(long sid, long attempt) -> quorum.dialLeader(sid, attempt);
            case Effect.SendPacket(long link, QuorumPacket packet) -> quorum.send(link, packet);
            case Effect.CloseLink(long link, String _) -> quorum.close(link);
            case Effect.AcceptObservers() -> quorum.acceptObservers();
            case Effect.RefuseObservers() -> quorum.refuseObservers();
            case Effect.DialObserverMaster(long sid, long attempt) ->
                    quorum.dialObserverMaster(sid, attempt);
            case Effect.SendSnapshot e -> throw new IllegalStateException("not the host's: " + e);
            case Effect.ReceiveSnapshot e ->
                    throw new IllegalStateException("not the host's: " + e);
        }
    }

    @Override
    public void sendSnapshot(long link, TreeStream stream) {
        called();
        quorum.sendSnapshot(link, stream);
    }

    @Override
    public void receiveSnapshot(long link, SnapshotStreamParser parser) {
        called();
        treeIsPartial = true;
        snapshots.giveUp();
        quorum.receiveSnapshot(link, parser);
    }

    @Override
    public void storeSnapshot(long ticket, long zxid, TreeStream stream) {
        called();
        serverDisk.storeSnapshot(ticket, zxid, stream);
    }

    @Override
    public void reloadTree(long ticket) {
        called();
        treeIsPartial = true;
        snapshots.giveUp();
        serverDisk.reloadTree(ticket);
    }

    // ---- what the ports hear

    private final class Elections implements ElectionPort.Listener {

        @Override
        public void notified(long fromSid, Notification notification) {
            member.notified(fromSid, notification);
        }

        @Override
        public void linkChanged(long sid, boolean up) {
            // Also told while a notification is being sent, so in the middle of a step.
            later(() -> member.electionLinkChanged(sid, up));
        }
    }

    private final class Quorum implements QuorumPort.Listener {

        @Override
        public void learnerConnected(long link, long connection, long peerSid) {
            trace.record(new TraceEvent.LinkOpened(stamp(), link, connection, peerSid, true));
            member.learnerConnected(link);
        }

        @Override
        public void leaderConnected(long attempt, long link, long connection, long peerSid) {
            trace.record(new TraceEvent.LinkOpened(stamp(), link, connection, peerSid, false));
            member.leaderConnected(attempt, link);
        }

        @Override
        public void leaderUnreachable(long attempt, String reason) {
            member.leaderUnreachable(attempt, reason);
        }

        @Override
        public void received(long link, QuorumPacket packet) {
            QuorumPacket heard = mutation.deliver(packet);
            if (heard != null) {
                member.received(link, heard);
            }
        }

        @Override
        public void snapshotAdvanced(long link) {
            member.snapshotAdvanced(link);
        }

        @Override
        public void snapshotReceived(long link) {
            member.snapshotReceived(link);
            treeLoaded(false);
        }

        @Override
        public void disconnected(long link, String reason) {
            member.disconnected(link, reason);
        }
    }
}
