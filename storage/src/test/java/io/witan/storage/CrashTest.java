package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.storage.testing.DiskFaults.Operation;
import io.witan.storage.testing.FakeDisk;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

/// Power cuts at every step of a server's life on disk, again and again on the same disk: each
/// transaction that was acknowledged is there afterwards, with the bytes that were written, and
/// none is missing before it.
class CrashTest {

    private static final Path DATA = Path.of("/data");
    private static final long SEEDS = Long.getLong("seeds", 300);

    /// What the server had done when the power failed.
    private static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// A server's life on one disk, by one seed.
    private static final class Life {

        final FakeDisk disk = new FakeDisk();
        final Random random;
        final Map<Long, byte[]> written = new HashMap<>();
        long acknowledged;
        long appended;

        /// Transactions of the group that was being committed.
        long inFlight;

        int stepsLeft;

        Life(long seed) {
            random = new Random(seed);
        }

        /// Starts, serves until `steps` operations of the disk have been done, and loses power.
        void liveFor(int steps, int groups) {
            stepsLeft = steps;
            disk.faults((operation, path) -> {
                if (stepsLeft-- == 0) {
                    throw new PowerCut();
                }
            });
            try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true)) {
                Collected state = new Collected();
                Recovered recovered = Recovery.recover(directory, RecoverySettings.DEFAULT, state);
                check(recovered, state);
                serve(directory, recovered, groups);
            } catch (PowerCut e) {
                // The machine is off.
            }
        }

        private void check(Recovered recovered, Collected state) {
            long last = recovered.lastZxid();
            assertThat(last).isBetween(acknowledged, Math.max(acknowledged, appended));
            long expected = Math.max(0, state.snapshotZxid);
            for (int i = 0; i < state.zxids.size(); i++) {
                expected++;
                assertThat(state.zxids.get(i)).isEqualTo(expected);
                assertThat(state.payloads.get(i)).isEqualTo(written.get(expected));
            }
            assertThat(last).isEqualTo(expected);
            // What recovery has given is served to clients: from here on it must stay.
            acknowledged = last;
            appended = last;
            inFlight = 0;
        }

        private void serve(DataDirectory directory, Recovered recovered, int groups) {
            LogSettings settings =
                    new LogSettings(
                            random.nextBoolean() ? 4096 : 0,
                            random.nextInt(3) == 0 ? 9_000 : 0,
                            true,
                            true,
                            1_000_000_000L,
                            4096);
            Purge purge = new Purge(directory, 2);
            if (recovered.origin() == Recovered.Origin.NEW) {
                snapshot(directory);
            }
            try (LogWriter writer =
                    new LogWriter(
                            disk,
                            directory.logDirectory(),
                            settings,
                            LogListener.NONE,
                            recovered.lastZxid())) {
                for (int group = 0; group < groups; group++) {
                    commitGroup(writer);
                    if (random.nextInt(6) == 0) {
                        writer.roll();
                        snapshot(directory);
                        purge.run();
                    }
                }
            }
        }

        private void commitGroup(LogWriter writer) {
            int count = random.nextInt(4) == 0 ? 1 + random.nextInt(8) : 1;
            inFlight = 0;
            for (int i = 0; i < count; i++) {
                appended++;
                inFlight++;
                int bytes = random.nextInt(8) == 0 ? random.nextInt(6_000) : random.nextInt(80);
                byte[] data = new byte[bytes];
                random.nextBytes(data);
                byte[] payload = Txns.create(appended, data);
                written.put(appended, payload);
                writer.append(payload, 0, payload.length);
            }
            writer.commit();
            acknowledged = appended;
            inFlight = 0;
        }

        private void snapshot(DataDirectory directory) {
            SnapshotCompression[] all = SnapshotCompression.values();
            Snapshots.write(
                    disk,
                    directory.snapshotDirectory(),
                    acknowledged,
                    all[random.nextInt(all.length)]);
        }
    }

    @Test
    void a_power_cut_at_any_step_loses_nothing_acknowledged() {
        for (int step = 0; step < 250; step++) {
            for (long seed = 0; seed < 3; seed++) {
                Life life = new Life(seed);
                int at = step;
                run(
                        () -> {
                            life.liveFor(at, 20);
                            life.disk.crashInOrder(life.random);
                            life.liveFor(Integer.MAX_VALUE, 5);
                        },
                        seed,
                        step);
            }
        }
    }

    @Test
    void power_cuts_again_and_again_lose_nothing_acknowledged() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Life life = new Life(seed);
            RandomGenerator random = new Random(~seed);
            run(
                    () -> {
                        for (int crash = 0; crash < 12; crash++) {
                            life.liveFor(random.nextInt(120), 40);
                            if (random.nextInt(5) == 0) {
                                life.disk.restart();
                            } else {
                                life.disk.crashInOrder(random);
                            }
                        }
                        life.liveFor(Integer.MAX_VALUE, 5);
                    },
                    seed,
                    -1);
        }
    }

    /// On a disk that reorders the sectors of one flush, a group of several transactions can
    /// survive with a hole in it. That looks like acknowledged transactions with a lost one before
    /// them, and is refused; a group of one is always recovered.
    @Test
    void power_cuts_on_a_disk_that_reorders_lose_nothing_acknowledged_or_are_refused() {
        int refused = 0;
        int lives = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Life life = new Life(seed);
            RandomGenerator random = new Random(~seed);
            long at = seed;
            for (int crash = 0; crash < 12; crash++) {
                lives++;
                try {
                    run(() -> life.liveFor(random.nextInt(120), 40), at, crash);
                } catch (DamagedLogException e) {
                    assertThat(life.inFlight).as("seed %d: %s", seed, e).isGreaterThan(1);
                    assertThat(e.lastGoodZxid()).isGreaterThanOrEqualTo(life.acknowledged);
                    refused++;
                    break;
                }
                life.disk.crash(random);
            }
        }
        assertThat(refused).isLessThan(lives / 10);
    }

    /// A failed flush leaves bytes that can be read and will not survive. The server ends, is
    /// started again while they can still be read, and acknowledges what comes after them.
    @Test
    void what_was_read_after_a_failed_flush_survives_the_next_power_cut() {
        for (long seed = 0; seed < 50; seed++) {
            FakeDisk disk = new FakeDisk();
            Random random = new Random(seed);
            try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true)) {
                Snapshots.write(disk, directory.snapshotDirectory(), 0, SnapshotCompression.NONE);
                LogWriter writer = writer(disk, directory, 0);
                append(writer, 1);
                disk.faults((operation, path) -> {
                    if (operation == Operation.FORCE) {
                        throw new IOException("Input/output error");
                    }
                });
                try {
                    append(writer, 2);
                } catch (LogWriteException expected) {
                    // The server ends.
                }
            }
            disk.restart();
            long last;
            try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true)) {
                last =
                        Recovery.recover(directory, RecoverySettings.DEFAULT, new Collected())
                                .lastZxid();
                append(writer(disk, directory, last), last + 1);
            }
            disk.crash(random);
            try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true)) {
                Recovered recovered =
                        Recovery.recover(directory, RecoverySettings.DEFAULT, new Collected());
                assertThat(recovered.lastZxid()).as("seed %d", seed).isEqualTo(last + 1);
            }
        }
    }

    private static LogWriter writer(FakeDisk disk, DataDirectory directory, long last) {
        return new LogWriter(
                disk,
                directory.logDirectory(),
                LogSettings.DEFAULT.withPreallocBytes(4096),
                LogListener.NONE,
                last);
    }

    private static void append(LogWriter writer, long zxid) {
        byte[] payload = Txns.create(zxid);
        writer.append(payload, 0, payload.length);
        writer.commit();
    }

    private static void run(Runnable life, long seed, int step) {
        try {
            life.run();
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ", step " + step, e);
        } catch (StorageException e) {
            if (e instanceof DamagedLogException) {
                throw e;
            }
            throw new AssertionError("seed " + seed + ", step " + step, e);
        }
    }
}
