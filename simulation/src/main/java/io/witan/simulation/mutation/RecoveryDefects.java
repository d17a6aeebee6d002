package io.witan.simulation.mutation;

import io.witan.simulation.fault.Damage;
import io.witan.simulation.fault.LogImage;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.server.HostMutation;
import io.witan.storage.Disk;
import io.witan.storage.DiskFile;
import io.witan.storage.testing.FakeDisk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// What goes wrong when a server starts with what its disk has left of its files, and how files are
/// written so that it does.
final class RecoveryDefects {

    private RecoveryDefects() {}

    static List<Mutation> all() {
        return List.of(
                Mutation.ofHost(
                        "a log is read up to what is damaged, and the rest left out in silence",
                        "an end byte, a record of zeros, a log that is too short",
                        Profile.DISK,
                        () -> new Strikes(Damage.FORGOTTEN_TAIL),
                        "D4",
                        "D5",
                        "D7"),
                Mutation.ofHost(
                        "a record in the place of another is taken for it",
                        "misdirected writes; Adler-32 alone",
                        Profile.DISK,
                        () -> new Strikes(Damage.MISTAKEN),
                        "D5",
                        "Z1",
                        "Z2",
                        "X1",
                        "X2",
                        "L2"),
                Mutation.ofHost(
                        "no start with a log whose end is torn",
                        "ZOOKEEPER-2332, 2994, 4813",
                        Profile.DISK,
                        RefusesTornLogs::new,
                        "V1"),
                Mutation.ofHost(
                        "without snapshots it begins anew and votes",
                        "ZOOKEEPER-2325, 3056, 3644, 3781",
                        Profile.DISK,
                        () -> new Strikes(Damage.BEGUN_ANEW),
                        "D4",
                        "D7",
                        "E2"),
                Mutation.ofHost(
                        "padding spoils the last record",
                        "ZOOKEEPER-1069, 2249",
                        Profile.DISK,
                        PadsTooSoon::new,
                        "D4",
                        "V1"),
                Mutation.ofHost(
                        "a new log takes the place of the one before",
                        "a new log of the same name",
                        Profile.DISK,
                        ReplacesLogs::new,
                        "D4",
                        "D5",
                        "D7",
                        "X1",
                        "X2",
                        "V1"));
    }

    /// Takes what this leaves for all that there was.
    private record Strikes(Damage damage) implements HostMutation {

        @Override
        public boolean whileDown(FakeDisk disk) {
            return damage.strike(disk);
        }
    }

    /// Does not start where the last write was not finished.
    private static final class RefusesTornLogs implements HostMutation {

        @Override
        public boolean whileDown(FakeDisk disk) {
            // Power cuts of the simulation do not tear every log.
            Damage.TORN_TAIL.strike(disk);
            return false;
        }

        @Override
        public Disk disk(Disk disk) {
            return new DiskFilter(disk) {
                @Override
                public DiskFile openForReading(Path file) throws IOException {
                    if (disk instanceof FakeDisk files
                            && LogImage.all(files).stream()
                                    .anyMatch(log -> log.path().equals(file) && log.isTorn())) {
                        throw new IOException("Unreasonable length");
                    }
                    return super.openForReading(file);
                }
            };
        }
    }

    /// When a log is extended, the end of what is there is lost.
    private static final class PadsTooSoon implements HostMutation {

        @Override
        public Disk disk(Disk disk) {
            return new DiskFilter(disk) {
                @Override
                void setSize(DiskFile file, Path path, long size, long written) throws IOException {
                    super.setSize(file, path, size, written);
                    if (size > written && written > 16) {
                        file.write(ByteBuffer.allocate(8), written - 8);
                    }
                }
            };
        }
    }

    /// A new log is written over the one before it.
    private static final class ReplacesLogs implements HostMutation {

        @Override
        public Disk disk(Disk disk) {
            return new DiskFilter(disk) {
                @Override
                public DiskFile create(Path file) throws IOException {
                    if (disk instanceof FakeDisk files
                            && file.getFileName().toString().startsWith("log.")) {
                        List<LogImage> logs = LogImage.all(files);
                        if (!logs.isEmpty()) {
                            disk.delete(logs.getLast().path());
                        }
                    }
                    return super.create(file);
                }
            };
        }
    }
}
