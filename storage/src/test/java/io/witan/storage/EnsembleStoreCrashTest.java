package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.storage.testing.DiskFaults.Operation;
import io.witan.storage.testing.FakeDisk;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/// Power cuts at every step of a member's life on disk: appends, epochs, truncations, trees from a
/// leader, snapshots of its own, purges, starting over. Afterwards the state is the one that was
/// acknowledged, to the byte; what was taken back stays away; no promise is forgotten; and a mere
/// crash is never taken for damage.
class EnsembleStoreCrashTest {

    private static final Path DATA = Path.of("/data");
    private static final Path LOGS = Path.of("/logs");
    private static final long SEEDS = Long.getLong("seeds", 80);

    /// The power is off; nothing reaches the disk any more.
    private static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// A tree from a leader: the state after `zxid`.
    private record Replacement(long zxid, long hash) {}

    /// A snapshot of its own, begun and not finished.
    private record Begun(TreeSnapshot snapshot, int incarnation) {}

    /// A member's life on one disk, by one seed, and what it must find there.
    private static final class Life {

        final FakeDisk disk = new FakeDisk();
        final Random random;
        final boolean reorders;
        final Path logs;

        /// The history: the hash of the state after each transaction, from the last start on.
        final TreeMap<Long, Long> states = new TreeMap<>();

        final TreeMap<Long, byte[]> payloads = new TreeMap<>();

        /// What may be lost: everything after this.
        long acknowledged;

        /// Transactions of the group that was being committed.
        int inFlight;

        /// A tree that may be there instead.
        @Nullable Replacement replacement;

        long accepted;
        long acceptedInFlight;
        long current;
        long currentInFlight;

        /// Whether the server is marked as damaged; and whether it may be unmarked by now.
        boolean marked;

        boolean mayBeUnmarked;
        int incarnation;
        int stepsLeft;
        int damages;

        Life(long seed, boolean reorders) {
            this.random = new Random(seed);
            this.reorders = reorders;
            this.logs = random.nextBoolean() ? DATA : LOGS;
            states.put(0L, 0L);
        }

        void liveFor(int steps, int operations) {
            stepsLeft = steps;
            disk.faults((operation, path) -> {
                if (stepsLeft-- <= 0) {
                    throw new PowerCut();
                }
            });
            live(operations);
        }

        /// The disk refuses one operation and works again. The server ends, or it can do without.
        void liveUntilRefused(int steps, int operations) {
            stepsLeft = steps;
            disk.faults((operation, path) -> {
                if (operation != Operation.READ && stepsLeft-- == 0) {
                    throw new IOException("Input/output error");
                }
            });
            try {
                live(operations);
            } catch (StorageException e) {
                // The server has ended.
            }
        }

        private void live(int operations) {
            try (DataDirectory directory = DataDirectory.open(disk, DATA, logs, true);
                    EnsembleStore store =
                            new EnsembleStore(directory, settings(), LogListener.NONE)) {
                load(store);
                serve(store, operations);
            } catch (PowerCut e) {
                // The machine is off.
            }
        }

        void fail() {
            checkWhatTheOriginalWouldFind();
            if (random.nextInt(5) == 0) {
                disk.restart();
            } else if (reorders) {
                disk.crash(random);
            } else {
                disk.crashInOrder(random);
            }
            checkWhatTheOriginalWouldFind();
        }

        private EnsembleStoreSettings settings() {
            LogSettings log =
                    new LogSettings(
                            random.nextBoolean() ? 4096 : 0,
                            random.nextInt(3) == 0 ? 9_000 : 0,
                            true,
                            true,
                            1_000_000_000L,
                            // There a record that took several writes can lack part of a sector.
                            reorders ? 1 << 16 : 4096);
            return EnsembleStoreSettings.DEFAULT.withLog(log).withRecent(5, 2_000);
        }

        private void load(EnsembleStore store) {
            HashedState state = new HashedState();
            StoredState stored = store.load(state);
            if (!isMarkAsExpected(stored) || isMovedAside(stored)) {
                assertThat(reorders && inFlight > 1).as("damage: %s", stored.damage()).isTrue();
                damages++;
                assertThat(stored.lastZxid()).isZero();
                marked = true;
                replacement = null;
                states.clear();
                states.put(0L, 0L);
                acknowledged = 0;
            }
            mayBeUnmarked = false;
            marked = !stored.mayVote();
            checkHistory(stored, state.hash);
            checkEpochs(stored);
            checkRecent(stored);
            incarnation++;
            if (stored.snapshotNeeded()) {
                snapshotNow(store);
            }
        }

        private long hashAt(long zxid) {
            return Objects.requireNonNull(states.get(zxid));
        }

        private boolean isMarkAsExpected(StoredState stored) {
            return stored.mayVote() ? !marked || mayBeUnmarked : marked;
        }

        private static boolean isMovedAside(StoredState stored) {
            return stored.findings().stream()
                    .anyMatch(finding -> finding.text().contains("moved aside as damaged-*"));
        }

        private void checkHistory(StoredState stored, long hash) {
            long last = stored.lastZxid();
            Replacement other = replacement;
            if (other != null && other.zxid == last && other.hash == hash) {
                states.clear();
            } else {
                assertThat(states).as("0x%x", last).containsEntry(last, hash);
                assertThat(last).isGreaterThanOrEqualTo(acknowledged);
            }
            become(last, hash);
        }

        /// The state is that after `last`, durably; what was after it is gone.
        private void become(long last, long hash) {
            states.put(last, hash);
            states.tailMap(last, false).clear();
            payloads.tailMap(last, false).clear();
            acknowledged = last;
            replacement = null;
            inFlight = 0;
        }

        private void checkEpochs(StoredState stored) {
            assertThat(stored.acceptedEpoch()).isBetween(accepted, acceptedInFlight);
            assertThat(stored.currentEpoch()).isBetween(current, currentInFlight);
            assertThat(stored.currentEpoch()).isLessThanOrEqualTo(stored.acceptedEpoch());
            assertThat(Zxids.epoch(stored.lastZxid())).isLessThanOrEqualTo(stored.currentEpoch());
            accepted = stored.acceptedEpoch();
            acceptedInFlight = accepted;
            current = stored.currentEpoch();
            currentInFlight = current;
        }

        private void checkRecent(StoredState stored) {
            List<StoredTxn> recent = stored.recent();
            assertThat(recent.size()).isLessThanOrEqualTo(5);
            if (!recent.isEmpty()) {
                assertThat(recent.getLast().zxid()).isEqualTo(stored.lastZxid());
            }
            for (int i = 1; i < recent.size(); i++) {
                assertThat(Zxids.follows(recent.get(i - 1).zxid(), recent.get(i).zxid())).isTrue();
            }
            for (StoredTxn txn : recent) {
                assertThat(txn.bytes()).isEqualTo(payloads.get(txn.zxid()));
            }
        }

        private void serve(EnsembleStore store, int operations) {
            List<Begun> begun = new ArrayList<>();
            for (int i = 0; i < operations; i++) {
                switch (random.nextInt(16)) {
                    case 0 -> accept(store);
                    case 1 -> enter(store);
                    case 2 -> truncate(store);
                    case 3 -> replace(store);
                    case 4 -> snapshotNow(store);
                    case 5 -> begun.add(new Begun(begin(store), incarnation));
                    case 6 -> readBack(store);
                    case 7 -> purge(store);
                    case 8 -> {
                        load(store);
                        begun.clear();
                    }
                    case 9 -> clearMark(store);
                    default -> appendGroup(store);
                }
                if (!begun.isEmpty() && random.nextInt(3) == 0) {
                    finish(begun.removeLast());
                    begun.clear();
                }
            }
        }

        private void accept(EnsembleStore store) {
            acceptedInFlight = accepted + 1 + random.nextInt(2);
            store.storeAcceptedEpoch(acceptedInFlight);
            accepted = acceptedInFlight;
        }

        private void enter(EnsembleStore store) {
            currentInFlight = current + random.nextInt((int) (accepted - current) + 1);
            store.storeCurrentEpoch(currentInFlight);
            current = currentInFlight;
        }

        private void appendGroup(EnsembleStore store) {
            int count = random.nextInt(4) == 0 ? 1 + random.nextInt(8) : 1;
            for (int i = 0; i < count; i++) {
                long last = states.lastKey();
                long epoch = Zxids.epoch(last);
                long zxid = last + 1;
                if (epoch < current && random.nextInt(3) == 0) {
                    zxid = ((epoch + 1 + random.nextInt((int) (current - epoch))) << 32) + 1;
                }
                int bytes = random.nextInt(8) == 0 ? random.nextInt(6_000) : random.nextInt(80);
                byte[] data = new byte[bytes];
                random.nextBytes(data);
                byte[] payload = Txns.create(zxid, data);
                inFlight++;
                states.put(zxid, HashedState.after(hashAt(last), payload));
                payloads.put(zxid, payload);
                store.append(zxid, payload);
            }
            assertThat(store.commit()).isEqualTo(states.lastKey());
            acknowledged = states.lastKey();
            inFlight = 0;
        }

        private void truncate(EnsembleStore store) {
            List<Long> all = new ArrayList<>(states.keySet());
            long target = all.get(random.nextInt(all.size()));
            if (!store.leadsTo(target)) {
                assertThat(target).isLessThan(acknowledged);
                return;
            }
            acknowledged = target;
            store.truncate(target);
            incarnation++;
            become(target, hashAt(target));
            assertThat(store.lastZxid()).isEqualTo(acknowledged);
        }

        private void replace(EnsembleStore store) {
            long last = states.lastKey();
            long zxid =
                    switch (random.nextInt(4)) {
                        case 0 -> last;
                        case 1 -> Math.max(1, last - random.nextInt(20));
                        case 2 -> last + 1 + random.nextInt(20);
                        default ->
                                (long) random.nextInt((int) accepted + 1) << 32
                                        | random.nextInt(30);
                    };
            Replacement next = new Replacement(zxid, random.nextLong());
            replacement = next;
            currentInFlight = Math.max(current, Zxids.epoch(zxid));
            try (TreeSnapshot snapshot = store.beginReplacement(zxid)) {
                HashedState.write(snapshot, next.hash);
                assertThat(snapshot.finish(SnapshotTrailer.NONE)).isTrue();
            }
            current = currentInFlight;
            assertThat(store.currentEpoch()).isEqualTo(current);
            incarnation++;
            states.clear();
            payloads.clear();
            become(zxid, next.hash);
        }

        private TreeSnapshot begin(EnsembleStore store) {
            store.roll();
            incarnation++;
            TreeSnapshot snapshot = store.beginSnapshot(acknowledged);
            HashedState.write(snapshot, hashAt(acknowledged));
            return snapshot;
        }

        private void finish(Begun begun) {
            boolean counts = begun.snapshot.finish(SnapshotTrailer.NONE);
            assertThat(counts).isEqualTo(begun.incarnation == incarnation);
        }

        private void snapshotNow(EnsembleStore store) {
            assertThat(begin(store).finish(SnapshotTrailer.NONE)).isTrue();
        }

        private void purge(EnsembleStore store) {
            store.purge(1 + random.nextInt(3));
        }

        private void clearMark(EnsembleStore store) {
            if (marked) {
                mayBeUnmarked = true;
                store.clearDamageMark();
                marked = false;
                mayBeUnmarked = false;
            }
        }

        private void readBack(EnsembleStore store) {
            List<Long> all = new ArrayList<>(states.keySet());
            long after = all.get(random.nextInt(all.size()));
            long upTo = all.get(random.nextInt(all.size()));
            List<StoredTxn> read = store.readLog(after, upTo, 1 << 20);
            if (read == null) {
                return;
            }
            assertThat(read.stream().map(StoredTxn::zxid).toList())
                    .isEqualTo(List.copyOf(states.subMap(after, false, upTo, true).keySet()));
            for (StoredTxn txn : read) {
                assertThat(txn.bytes()).isEqualTo(payloads.get(txn.zxid()));
            }
        }

        /// ZooKeeper's rule of start (quorum, section 6.3) accepts what is there, except between
        /// the two renames of a replacement that took back what was there.
        private void checkWhatTheOriginalWouldFind() {
            FakeDisk copy = disk.copy();
            try (DataDirectory directory = DataDirectory.open(copy, DATA, logs, true)) {
                List<String> names = copy.list(directory.snapshotDirectory());
                boolean isReplacing = names.stream().anyMatch(name -> name.startsWith("received."));
                if (isReplacing || reorders || directory.snapshots().isEmpty()) {
                    return;
                }
                long lastEpoch =
                        Zxids.epoch(
                                Recovery.inspect(
                                                directory,
                                                RecoverySettings.DEFAULT,
                                                new HashedState())
                                        .lastZxid());
                long currentFile = epoch(copy, "currentEpoch", lastEpoch);
                if (lastEpoch > currentFile) {
                    currentFile = epoch(copy, "currentEpoch.tmp", -1);
                    assertThat(currentFile).isGreaterThanOrEqualTo(lastEpoch);
                }
                assertThat(epoch(copy, "acceptedEpoch", lastEpoch))
                        .isGreaterThanOrEqualTo(currentFile);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private static long epoch(FakeDisk disk, String name, long otherwise) {
            Path path = DATA.resolve("version-2").resolve(name);
            return disk.kind(path) == Disk.Kind.MISSING
                    ? otherwise
                    : Long.parseLong(new String(disk.content(path), StandardCharsets.UTF_8));
        }
    }

    @Test
    void a_power_cut_at_any_step_leaves_what_was_acknowledged() {
        for (int step = 0; step < 300; step++) {
            for (long seed = 0; seed < 3; seed++) {
                Life life = new Life(seed, false);
                int at = step;
                run(
                        () -> {
                            life.liveFor(at, 40);
                            life.fail();
                            life.liveFor(Integer.MAX_VALUE, 10);
                        },
                        seed,
                        step);
            }
        }
    }

    @Test
    void power_cuts_again_and_again_leave_what_was_acknowledged() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Life life = new Life(seed, false);
            run(
                    () -> {
                        for (int crash = 0; crash < 15; crash++) {
                            life.liveFor(life.random.nextInt(150), 40);
                            life.fail();
                        }
                        life.liveFor(Integer.MAX_VALUE, 20);
                    },
                    seed,
                    -1);
            assertThat(life.damages).isZero();
        }
    }

    /// What a failed flush left can be read until the power fails, and no later flush helps it.
    @Test
    void disk_errors_between_power_cuts_leave_what_was_acknowledged() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Life life = new Life(seed, false);
            run(
                    () -> {
                        for (int crash = 0; crash < 15; crash++) {
                            if (life.random.nextBoolean()) {
                                life.liveUntilRefused(life.random.nextInt(150), 40);
                                life.disk.restart();
                            } else {
                                life.liveFor(life.random.nextInt(150), 40);
                                life.fail();
                            }
                        }
                        life.liveFor(Integer.MAX_VALUE, 20);
                    },
                    seed,
                    -1);
            assertThat(life.damages).isZero();
        }
    }

    /// There a group of several transactions can survive with a hole in it (decision 0010). Such a
    /// server joins without a vote; it never votes with less than it acknowledged.
    @Test
    void power_cuts_on_a_disk_that_reorders_cost_at_most_the_vote() {
        int damages = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Life life = new Life(seed, true);
            run(
                    () -> {
                        for (int crash = 0; crash < 15; crash++) {
                            life.liveFor(life.random.nextInt(150), 40);
                            life.fail();
                        }
                        life.liveFor(Integer.MAX_VALUE, 20);
                    },
                    seed,
                    -1);
            damages += life.damages;
        }
        assertThat(damages).isLessThan((int) SEEDS / 4);
    }

    private static void run(Runnable life, long seed, int step) {
        try {
            life.run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", step " + step, e);
        }
    }
}
