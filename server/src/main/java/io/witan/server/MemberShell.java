package io.witan.server;

import io.witan.replica.member.Member;
import io.witan.replica.member.MemberHost;
import io.witan.replica.member.TreeStream;
import io.witan.server.ensemble.Chronicle;
import io.witan.server.ensemble.ElectionPort;
import io.witan.server.ensemble.QuorumPort;
import io.witan.server.log.StorageThread;
import io.witan.server.net.CoreLoop;
import io.witan.storage.DataDirectory;
import io.witan.storage.EnsembleStore;
import io.witan.storage.SnapshotTrailer;
import io.witan.storage.StoredTxn;
import io.witan.storage.TreeSnapshot;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.SnapshotStreamParser;
import io.witan.wire.txn.TxnDigest;
import io.witan.zab.Effect;
import io.witan.zab.Happening;
import io.witan.zab.LogEntry;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// Carries out what a member wants done, on sockets and on disk, and tells it what came of it.
/// Owned by the core's thread.
public final class MemberShell implements MemberHost, ElectionPort.Listener, QuorumPort.Listener {

    /// Between two looks at whether the disk has room for another slice of a snapshot.
    private static final long SLICE_PAUSE_MICROS = 100;

    private final CoreLoop core;
    private final StorageThread storage;
    private final Disk disk;

    // Set once, before the first event.
    private Member member;
    private ElectionPort electionPort;
    private QuorumPort quorumPort;
    private Chronicle chronicle;

    /// Where this member keeps what.
    ///
    /// @param configs null where configurations are not kept
    /// @param reload loads the tree from the store, on the storage thread
    record Disk(
            DataDirectory directory,
            @Nullable KeptConfigs configs,
            boolean writeLastZxid,
            Function<EnsembleStore, RecoveredTree.OfMember> reload) {}

    @SuppressWarnings("NullAway.Init") // the member and its host know each other: see connect
    MemberShell(CoreLoop core, StorageThread storage, Disk disk) {
        this.core = core;
        this.storage = storage;
        this.disk = disk;
    }

    /// Completes the wiring.
    public void connect(
            Member newMember,
            ElectionPort newElectionPort,
            QuorumPort newQuorumPort,
            Chronicle newChronicle) {
        member = newMember;
        electionPort = newElectionPort;
        quorumPort = newQuorumPort;
        chronicle = newChronicle;
    }

    // ---- effects

    @Override
    public void execute(Effect effect) {
        switch (effect) {
            case Effect.SendNotification(long sid, Notification notification) ->
                    electionPort.send(sid, notification);
            case Effect.RestartElectionPort() -> electionPort.restart();
            case Effect.AcceptLearners() -> quorumPort.acceptLearners();
            case Effect.RefuseLearners() -> quorumPort.refuseLearners();
            case Effect.DialLeader(long sid, long attempt) -> quorumPort.dialLeader(sid, attempt);
            case Effect.AcceptObservers() -> quorumPort.acceptObservers();
            case Effect.RefuseObservers() -> quorumPort.refuseObservers();
            case Effect.DialObserverMaster(long sid, long attempt) ->
                    quorumPort.dialObserverMaster(sid, attempt);
            case Effect.SendPacket(long link, QuorumPacket packet) -> quorumPort.send(link, packet);
            case Effect.CloseLink(long link, String reason) -> quorumPort.close(link, reason);
            case Effect.Append(long zxid, byte[] txn) -> {
                chronicle.logged(txn.length);
                storage.append(zxid, txn);
            }
            case Effect.StoreAcceptedEpoch(long ticket, long epoch) ->
                    store(ticket, store -> store.storeAcceptedEpoch(epoch));
            case Effect.StoreCurrentEpoch(long ticket, long epoch) ->
                    store(ticket, store -> store.storeCurrentEpoch(epoch));
            case Effect.TruncateLog(long ticket, long zxid) ->
                    store(ticket, store -> store.truncate(zxid));
            case Effect.StoreLastSeenConfig(long ticket, EnsembleConfig config) ->
                    store(ticket, _ -> keep(configs -> configs.keepLastSeen(config)));
            case Effect.StoreCommittedConfig(long ticket, EnsembleConfig config) ->
                    store(ticket, _ -> keep(configs -> configs.keepCommitted(config)));
            case Effect.StoreDamageMark(long ticket, String reason) ->
                    store(ticket, store -> store.storeDamageMark(reason));
            case Effect.ClearDamageMark(long ticket) ->
                    store(ticket, EnsembleStore::clearDamageMark);
            case Effect.ReadLog(long ticket, long after, long upTo, long bytesMax) ->
                    readLog(ticket, after, upTo, bytesMax);
            case Effect.SendSnapshot _,
                    Effect.ReceiveSnapshot _,
                    Effect.StoreSnapshot _,
                    Effect.ReloadTree _,
                    Effect.OnReplica _,
                    Effect.Tell _ ->
                    throw new IllegalArgumentException("not for the host: " + effect);
        }
    }

    @Override
    public void told(Happening happening) {
        chronicle.told(happening, CoreLoop.nowMillis());
    }

    private void store(long ticket, StorageThread.Task task) {
        storage.then(store -> {
            task.run(store);
            core.execute(() -> member.stored(ticket));
        });
    }

    /// Where configurations are kept.
    private void keep(Consumer<KeptConfigs> change) {
        if (disk.configs() != null) {
            change.accept(disk.configs());
        }
    }

    private void readLog(long ticket, long after, long upTo, long bytesMax) {
        storage.then(store -> {
            List<StoredTxn> read = store.readLog(after, upTo, bytesMax);
            List<LogEntry> entries = read == null ? null : EnsembleServer.entries(read);
            core.execute(() -> member.logRead(ticket, entries));
        });
    }

    @Override
    public void sendSnapshot(long link, TreeStream stream) {
        quorumPort.sendSnapshot(link, stream);
    }

    @Override
    public void receiveSnapshot(long link, SnapshotStreamParser parser) {
        quorumPort.receiveSnapshot(link, parser);
    }

    @Override
    public void storeSnapshot(long ticket, long zxid, TreeStream stream) {
        var pump = new StreamToStore(stream, step -> core.later(SLICE_PAUSE_MICROS, step));
        pump.start();
        storage.then(store -> {
            try (TreeSnapshot snapshot = store.beginReplacement(zxid)) {
                pump.writeTo(snapshot);
                snapshot.finish(
                        new SnapshotTrailer(
                                stream.hasDigest()
                                        ? new SnapshotTrailer.Digest(
                                                zxid, TxnDigest.VERSION, stream.digest())
                                        : null,
                                disk.writeLastZxid() ? zxid : null));
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException("nobody interrupts this thread", interrupted);
            }
            core.execute(() -> member.stored(ticket));
        });
    }

    @Override
    public void reloadTree(long ticket) {
        storage.then(store -> {
            RecoveredTree.OfMember reloaded = disk.reload().apply(store);
            List<LogEntry> recent = EnsembleServer.entries(reloaded.state().recent());
            core.execute(() -> member.treeReloaded(ticket, reloaded.tree(), recent));
        });
    }

    // ---- events

    @Override
    public void notified(long sid, Notification notification) {
        member.notified(sid, notification);
    }

    @Override
    public void linkChanged(long sid, boolean up) {
        member.electionLinkChanged(sid, up);
    }

    @Override
    public void learnerConnected(long link) {
        member.learnerConnected(link);
    }

    @Override
    public void leaderConnected(long attempt, long link) {
        member.leaderConnected(attempt, link);
    }

    @Override
    public void leaderUnreachable(long attempt, String reason) {
        member.leaderUnreachable(attempt, reason);
    }

    @Override
    public void received(long link, QuorumPacket packet) {
        member.received(link, packet);
    }

    @Override
    public void snapshotAdvanced(long link) {
        member.snapshotAdvanced(link);
    }

    @Override
    public void snapshotReceived(long link) {
        member.snapshotReceived(link);
    }

    @Override
    public void disconnected(long link, String reason) {
        member.disconnected(link, reason);
    }
}
