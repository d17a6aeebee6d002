package io.witan.simulation.server;

import io.witan.replica.member.Member;
import io.witan.replica.member.TreeStream;
import io.witan.simulation.trace.Trace;
import io.witan.simulation.trace.TraceEvent;
import io.witan.storage.EnsembleStore;
import io.witan.storage.StoredState;
import io.witan.storage.StoredTxn;
import io.witan.storage.TreeSnapshot;
import io.witan.tree.TreeSettings;
import io.witan.wire.jute.JuteWriter;
import io.witan.zab.Effect;
import io.witan.zab.LogEntry;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// What a member wants of its disk: done in order, one thing after the other, through the
/// [DiskQueue], and reported to the member when it is durable.
final class ServerDisk {

    private final RunningServer server;
    private final SimServer machine;
    private final EnsembleStore store;
    private final Configuration configs;
    private final TreeSettings tree;
    private final HostMutation mutation;
    private final Trace trace;

    ServerDisk(
            RunningServer server,
            SimServer machine,
            EnsembleStore store,
            Configuration configs,
            TreeSettings tree,
            HostMutation mutation,
            Trace trace) {
        this.server = server;
        this.machine = machine;
        this.store = store;
        this.configs = configs;
        this.tree = tree;
        this.mutation = mutation;
        this.trace = trace;
    }

    private DiskQueue queue() {
        return server.disk();
    }

    private Member member() {
        return server.member();
    }

    void execute(Effect.OnDisk effect) {
        boolean early = mutation.reportsBeforeDurable(effect);
        if (early) {
            server.later(() -> report(effect));
        }
        Runnable done = early ? () -> {} : () -> report(effect);
        switch (effect) {
            case Effect.Append(long zxid, byte[] txn) -> queue().append(zxid, txn);
            case Effect.StoreAcceptedEpoch(long _, long epoch) ->
                    queue().add(job(() -> storeAcceptedEpoch(epoch), done));
            case Effect.StoreCurrentEpoch(long _, long epoch) ->
                    queue().add(job(() -> storeCurrentEpoch(epoch), done));
            case Effect.TruncateLog(long _, long zxid) ->
                    queue().add(job(() -> truncate(zxid), done));
            case Effect.StoreLastSeenConfig e ->
                    queue().add(job(() -> storing(() -> configs.storeLastSeen(e.config())), done));
            case Effect.StoreCommittedConfig e ->
                    queue().add(job(() -> storing(() -> configs.storeCommitted(e.config())), done));
            case Effect.StoreDamageMark e ->
                    queue().add(job(() -> storeDamageMark(e.reason()), done));
            case Effect.ClearDamageMark _ -> queue().add(job(this::clearDamageMark, done));
            case Effect.ReadLog e -> queue().add(new Reading(e));
            case Effect.StoreSnapshot e -> throw new IllegalStateException("not the host's: " + e);
            case Effect.ReloadTree e -> throw new IllegalStateException("not the host's: " + e);
        }
    }

    private static DiskQueue.Job job(Runnable perform, Runnable report) {
        return new DiskQueue.Job() {

            @Override
            public void perform() {
                perform.run();
            }

            @Override
            public void report() {
                report.run();
            }
        };
    }

    /// What can throw because of the disk.
    private interface Storing {
        void run() throws IOException;
    }

    private static void storing(Storing storing) {
        try {
            storing.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The log holds these, durably.
    void appended(List<DiskQueue.Append> appends) {
        long zxid = appends.getLast().zxid();
        trace.record(new TraceEvent.Durable(server.stamp(), zxid));
        for (DiskQueue.Append append : appends) {
            if (mutation.reportsBeforeDurable(new Effect.Append(append.zxid(), append.txn()))) {
                return;
            }
        }
        member().durable(zxid);
    }

    private void storeAcceptedEpoch(long epoch) {
        store.storeAcceptedEpoch(epoch);
        trace.record(new TraceEvent.AcceptedEpochStored(server.stamp(), epoch));
    }

    private void storeCurrentEpoch(long epoch) {
        store.storeCurrentEpoch(epoch);
        trace.record(new TraceEvent.CurrentEpochStored(server.stamp(), epoch));
    }

    private void storeDamageMark(String reason) {
        store.storeDamageMark(reason);
        machine.dataIs(false);
    }

    private void clearDamageMark() {
        store.clearDamageMark();
        machine.dataIs(true);
    }

    private void truncate(long zxid) {
        store.truncate(zxid);
        trace.record(new TraceEvent.Truncated(server.stamp(), zxid));
    }

    /// Reads what a leader wants to send from its log.
    private final class Reading implements DiskQueue.Job {

        private final Effect.ReadLog wanted;
        private @Nullable List<LogEntry> found;

        Reading(Effect.ReadLog wanted) {
            this.wanted = wanted;
        }

        @Override
        public void perform() {
            List<StoredTxn> txns =
                    store.readLog(wanted.afterZxid(), wanted.upToZxid(), wanted.bytesMax());
            found = txns == null ? null : RunningServer.entries(txns);
        }

        @Override
        public void report() {
            member().logRead(wanted.ticket(), found);
        }
    }

    /// Tells that it is done, without doing it.
    void leaveUndone(Effect.OnDisk effect) {
        queue().add(job(() -> {}, () -> report(effect)));
    }

    private void report(Effect.OnDisk effect) {
        switch (effect) {
            case Effect.Append e -> member().durable(e.zxid());
            case Effect.StoreAcceptedEpoch e -> member().stored(e.ticket());
            case Effect.StoreCurrentEpoch e -> member().stored(e.ticket());
            case Effect.TruncateLog e -> member().stored(e.ticket());
            case Effect.StoreSnapshot e -> member().stored(e.ticket());
            case Effect.StoreLastSeenConfig e -> member().stored(e.ticket());
            case Effect.StoreCommittedConfig e -> member().stored(e.ticket());
            case Effect.StoreDamageMark e -> member().stored(e.ticket());
            case Effect.ClearDamageMark e -> member().stored(e.ticket());
            case Effect.ReadLog e -> member().logRead(e.ticket(), null);
            case Effect.ReloadTree e -> throw new IllegalStateException("not the host's: " + e);
        }
    }

    void storeSnapshot(long ticket, long zxid, TreeStream stream) {
        // As it is now, although the disk takes it later: nothing is applied before it is stored.
        var bytes = new JuteWriter();
        while (!stream.advance(bytes, 1 << 16)) {}
        queue().add(
                        job(
                                () -> replace(zxid, bytes.toByteArray(), stream.digest()),
                                () -> member().stored(ticket)));
    }

    private void replace(long zxid, byte[] bytes, long digest) {
        try (TreeSnapshot snapshot = store.beginReplacement(zxid)) {
            snapshot.write(bytes, 0, bytes.length);
            snapshot.finish(RunningServer.trailer(zxid, digest));
        }
        trace.record(new TraceEvent.SnapshotStored(server.stamp(), zxid, true));
    }

    void reloadTree(long ticket) {
        queue().add(new Reloading(ticket));
    }

    private final class Reloading implements DiskQueue.Job {

        private final long ticket;
        private final TreeFiller filler = new TreeFiller(tree);
        private List<LogEntry> recent = List.of();

        Reloading(long ticket) {
            this.ticket = ticket;
        }

        @Override
        public void perform() {
            StoredState state = store.load(filler);
            recent = RunningServer.entries(state.recent());
            filler.tree().lastZxid(Math.max(filler.tree().lastZxid(), state.lastZxid()));
        }

        @Override
        public void report() {
            member().treeReloaded(ticket, filler.tree(), recent);
            server.treeLoaded(true);
        }
    }
}
