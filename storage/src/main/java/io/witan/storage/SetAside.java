package io.witan.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Moves files that cannot be used out of the way, by names that neither Witan nor ZooKeeper reads:
/// `damaged-N.log.HEX`. Nothing is ever deleted; an operator may still want it.
final class SetAside {

    private static final String PREFIX = "damaged-";
    private static final int COPY_BYTES = 1 << 16;

    private final DataDirectory directory;
    private final Disk disk;

    private SetAside(DataDirectory directory) {
        this.directory = directory;
        this.disk = directory.disk();
    }

    /// Moves all snapshots and logs aside. The mark is there first, and says so until it is done:
    /// the next start goes on ([#resume]), so that nobody takes what is half moved for the state.
    static void all(DataDirectory directory, DamageMark.Cause cause, String reason) {
        SetAside aside = new SetAside(directory);
        try {
            DamageMark before = DamageMark.read(directory);
            List<String> prefixes = new ArrayList<>(before == null ? List.of() : before.aside());
            prefixes.add(aside.nextPrefix());
            DamageMark mark = new DamageMark(cause, List.copyOf(prefixes), true, reason);
            mark.write(directory);
            resume(directory, mark);
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    /// Goes on with a move that a crash has interrupted.
    static void resume(DataDirectory directory, DamageMark mark) {
        SetAside aside = new SetAside(directory);
        try {
            for (Path in : aside.directories()) {
                for (String name : directory.disk().list(in)) {
                    if (isStateFile(name)) {
                        directory
                                .disk()
                                .rename(
                                        in.resolve(name),
                                        in.resolve(mark.aside().getLast() + name));
                    }
                }
                directory.disk().syncDirectory(in);
            }
            new DamageMark(mark.cause(), mark.aside(), false, mark.reason()).write(directory);
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    /// Moves one file aside, durably.
    static void one(DataDirectory directory, Path path) throws IOException {
        SetAside aside = new SetAside(directory);
        String name = aside.nextPrefix() + path.getFileName();
        directory.disk().rename(path, path.resolveSibling(name));
        directory.disk().syncDirectory(DataDirectory.parentOf(path));
    }

    /// Brings back what the mark says was moved aside, unless something else has that name by now.
    /// The empty snapshot that was written since goes.
    static void restore(DataDirectory directory, DamageMark mark) {
        SetAside aside = new SetAside(directory);
        try {
            for (SnapshotFile snapshot : directory.snapshots()) {
                if (snapshot.zxid() > 0) {
                    return; // A leader has begun to synchronise it.
                }
            }
            if (!directory.logs().isEmpty()) {
                return;
            }
            for (String prefix : mark.aside().reversed()) {
                aside.restore(prefix);
            }
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    private void restore(String prefix) throws IOException {
        for (Path in : directories()) {
            for (String name : disk.list(in)) {
                String original = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
                Path target = in.resolve(original);
                boolean isFree =
                        disk.kind(target) == Disk.Kind.MISSING
                                || LogFiles.zxid(original, LogFiles.SNAPSHOT) == 0;
                if (isStateFile(original) && isFree) {
                    disk.rename(in.resolve(name), target);
                }
            }
            disk.syncDirectory(in);
        }
    }

    /// Cuts the log where it is damaged, and keeps what is cut off: the operator has decided to go
    /// on with what is before.
    static void behind(DataDirectory directory, DamagedLogException damage) {
        try {
            Path file = damage.file();
            LogFile damaged = null;
            for (LogFile log : directory.logs().reversed()) {
                if (log.path().equals(file)) {
                    damaged = log;
                    break;
                }
                one(directory, log.path());
            }
            if (damaged == null) {
                // A snapshot that the log does not reach.
                one(directory, file);
                return;
            }
            new SetAside(directory).cut(damaged, damage);
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    private void cut(LogFile log, DamagedLogException damage) throws IOException {
        long end = goodEnd(log.path(), damage);
        if (end == 0) {
            one(directory, log.path());
            return;
        }
        copy(log, log.path().resolveSibling(nextPrefix() + log.path().getFileName()));
        try (DiskFile file = disk.openForWriting(log.path())) {
            file.setSize(end);
            file.force();
        }
    }

    /// Where the good records before the damage end; 0 if there is none.
    private long goodEnd(Path path, DamagedLogException damage) throws IOException {
        long end = 0;
        long last = -1;
        try (LogReader reader = LogReader.open(disk, path)) {
            while (nextReadable(reader)) {
                long zxid = reader.zxid();
                boolean repeats = zxid == last && reader.offset() < damage.offset();
                if ((zxid <= last && !repeats) || zxid > damage.lastGoodZxid()) {
                    break;
                }
                last = zxid;
                end = reader.nextOffset();
            }
        } catch (IOException unreadable) {
            return 0;
        }
        return end;
    }

    private static boolean nextReadable(LogReader reader) {
        try {
            return reader.next();
        } catch (IOException unreadable) {
            return false;
        }
    }

    /// Copies what can be read; the rest becomes zeros.
    private void copy(LogFile log, Path target) throws IOException {
        try (DiskFile from = disk.openForReading(log.path());
                DiskFile to = disk.create(target)) {
            ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
            for (long position = 0; position < log.bytes(); position += COPY_BYTES) {
                buffer.clear();
                try {
                    from.read(buffer, position);
                } catch (IOException unreadable) {
                    continue;
                }
                to.write(buffer.flip(), position);
            }
            to.setSize(log.bytes());
            to.force();
        }
        disk.syncDirectory(directory.logDirectory());
    }

    private static boolean isStateFile(String name) {
        return LogFiles.zxid(name, LogFiles.LOG) >= 0
                || LogFiles.zxid(name, LogFiles.SNAPSHOT) >= 0
                || name.startsWith(SnapshotReplacement.RECEIVED);
    }

    private Set<Path> directories() {
        Set<Path> all = new LinkedHashSet<>();
        all.add(directory.logDirectory());
        all.add(directory.snapshotDirectory());
        return all;
    }

    private String nextPrefix() throws IOException {
        long highest = 0;
        for (Path in : directories()) {
            for (String name : disk.list(in)) {
                if (name.startsWith(PREFIX)) {
                    highest = Math.max(highest, number(name));
                }
            }
        }
        return PREFIX + (highest + 1) + ".";
    }

    private static long number(String name) {
        int end = name.indexOf('.');
        try {
            return end < 0 ? 0 : Long.parseLong(name.substring(PREFIX.length(), end));
        } catch (NumberFormatException other) {
            return 0;
        }
    }

    private static DataDirectoryException failed(DataDirectory directory, IOException cause) {
        return new DataDirectoryException(
                "Cannot move damaged files aside in "
                        + directory.snapshotDirectory()
                        + " or "
                        + directory.logDirectory()
                        + ": "
                        + LogWriteException.describe(cause)
                        + ". The server does not start. Check the health and the permissions of the"
                        + " disk, or move version-2 aside by hand.",
                cause);
    }
}
