package io.witan.simulation.server;

import io.witan.replica.member.Member;
import io.witan.replica.member.TreeStream;
import io.witan.simulation.world.Chance;
import io.witan.simulation.world.Clock;
import io.witan.storage.EnsembleStore;
import io.witan.storage.StorageException;
import io.witan.storage.TreeSnapshot;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.function.LongConsumer;

/// Takes snapshots now and then, slice by slice, while the server serves; removes what is not
/// needed any more afterwards.
final class PeriodicSnapshots {

    private static final int SLICE_BYTES = 2 << 10;
    private static final long SLICE_MICROS_MAX = 20_000;

    private final ServerPlan plan;
    private final EnsembleStore store;
    private final DiskQueue disk;
    private final Member member;
    private final Clock clock;
    private final Chance chance;
    private final Steps steps;

    private LongConsumer stored = _ -> {};
    private long wantedTxns;
    private boolean rolling;
    private @Nullable Running running;

    PeriodicSnapshots(
            ServerPlan plan,
            EnsembleStore store,
            DiskQueue disk,
            Member member,
            Clock clock,
            Chance chance,
            Steps steps) {
        this.plan = plan;
        this.store = store;
        this.disk = disk;
        this.member = member;
        this.clock = clock;
        this.chance = chance;
        this.steps = steps;
        drawNext();
    }

    void onStored(LongConsumer listener) {
        stored = listener;
    }

    private void drawNext() {
        int txns = plan.snapshots().txns();
        wantedTxns = txns / 2L + chance.between(1, txns / 2 + 2);
    }

    void afterStep() {
        if (running == null && !rolling && store.txnsSinceRoll() > wantedTxns) {
            rolling = true;
            disk.add(
                    new DiskQueue.Job() {

                        @Override
                        public void perform() {
                            store.roll();
                        }

                        @Override
                        public void report() {
                            rolling = false;
                            drawNext();
                            begin();
                        }
                    });
        }
    }

    private void begin() {
        if (running == null && steps instanceof RunningServer server && !server.isTreePartial()) {
            TreeStream stream = member.snapshot();
            TreeSnapshot file;
            try {
                file = store.beginSnapshot(stream.zxid());
            } catch (StorageException e) {
                // The server can do without.
                stream.abort();
                return;
            }
            running = new Running(stream, file);
            running.nextLater();
        }
    }

    /// The tree is another now.
    void giveUp() {
        Running current = running;
        running = null;
        if (current != null) {
            current.end();
        }
    }

    private final class Running {

        private final TreeStream stream;
        private final TreeSnapshot file;
        private final JuteWriter slice = new JuteWriter();

        Running(TreeStream stream, TreeSnapshot file) {
            this.stream = stream;
            this.file = file;
        }

        void nextLater() {
            clock.after(chance.between(1, SLICE_MICROS_MAX), () -> steps.step(this::next));
        }

        private void next() {
            if (running != this) {
                return;
            }
            try {
                slice.reset();
                boolean complete = stream.advance(slice, SLICE_BYTES);
                file.write(slice.bytes(), 0, slice.length());
                if (complete) {
                    finish();
                } else {
                    nextLater();
                }
            } catch (StorageException e) {
                giveUp();
            }
        }

        private void finish() {
            running = null;
            if (file.finish(RunningServer.trailer(stream.zxid(), stream.digest()))) {
                stored.accept(stream.zxid());
                store.purge(plan.snapshots().kept());
            }
            end();
        }

        void end() {
            stream.abort();
            file.close();
        }
    }
}
