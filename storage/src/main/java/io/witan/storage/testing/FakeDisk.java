package io.witan.storage.testing;

import io.witan.storage.Disk;
import io.witan.storage.DiskFile;
import io.witan.storage.testing.DiskFaults.Operation;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// A disk in memory that promises as little as [Disk] says. [#crash] is a power cut: it keeps what
/// was made durable, and of the rest whatever a seeded generator picks, sector by sector and name
/// by name. [#restart] is a killed process: everything written is still there. Same calls and same
/// seed, same disk.
///
/// Thread safe. [DiskFaults] are asked without any lock held, so one that blocks holds up its own
/// caller only.
public final class FakeDisk implements Disk {

    private final Set<Path> directories = new TreeSet<>();

    /// Names as they are now, and as a power cut certainly leaves them.
    private final Map<Path, FakeFile> names = new TreeMap<>();

    private final Map<Path, FakeFile> durableNames = new TreeMap<>();

    private final Set<Path> locked = new HashSet<>();
    private final Set<Path> readOnly = new HashSet<>();

    private volatile DiskFaults faults = DiskFaults.NONE;
    private volatile long capacityBytes = Long.MAX_VALUE;

    /// Grows with each crash or restart; files opened before do not work any more.
    private volatile int incarnation;

    /// An empty disk without limits or faults.
    public FakeDisk() {}

    /// What shall go wrong from now on.
    public void faults(DiskFaults newFaults) {
        faults = newFaults;
    }

    /// How much can be written before the disk is full.
    public void capacityBytes(long bytes) {
        capacityBytes = bytes;
    }

    /// Makes a directory refuse new files.
    public synchronized void readOnly(Path directory) {
        readOnly.add(directory);
    }

    /// A power cut. Any of the sectors not yet flushed may have reached the disk.
    public void crash(RandomGenerator random) {
        crash(random, false);
    }

    /// A power cut on a disk that writes each file in order: what reached it ends at some sector.
    /// ext4 and XFS behave like this for new parts of a file, because what was never written stays
    /// marked so until all of the flush is on the disk.
    public void crashInOrder(RandomGenerator random) {
        crash(random, true);
    }

    private synchronized void crash(RandomGenerator random, boolean inOrder) {
        restart();
        Map<Path, FakeFile> survived = new TreeMap<>();
        Set<Path> all = new TreeSet<>(names.keySet());
        all.addAll(durableNames.keySet());
        for (Path name : all) {
            FakeFile now = names.get(name);
            FakeFile durable = durableNames.get(name);
            FakeFile kept = now == durable || random.nextBoolean() ? durable : now;
            if (kept != null) {
                survived.put(name, kept);
            }
        }
        names.clear();
        names.putAll(survived);
        durableNames.clear();
        durableNames.putAll(survived);
        Set<FakeFile> seen = new HashSet<>();
        for (FakeFile file : survived.values()) {
            if (seen.add(file)) {
                file.crash(random, inOrder);
            }
        }
    }

    /// The process is killed and starts again; the machine goes on.
    public synchronized void restart() {
        incarnation++;
        locked.clear();
        faults = DiskFaults.NONE;
    }

    /// The content of a file.
    public synchronized byte[] content(Path path) {
        return Objects.requireNonNull(names.get(path), () -> "no file " + path).content();
    }

    /// Puts a file there, durably, with its directories.
    public synchronized void put(Path path, byte[] content) {
        addDirectories(path.getParent());
        FakeFile file = new FakeFile();
        file.become(content, content.length);
        names.put(path, file);
        durableNames.put(path, file);
    }

    /// Removes a file, durably, as an operator or a broken file system does.
    public synchronized void remove(Path path) {
        names.remove(path);
        durableNames.remove(path);
    }

    /// Makes bytes of a file unreadable.
    public synchronized void makeUnreadable(Path path, long from, long to) {
        Objects.requireNonNull(names.get(path), () -> "no file " + path).makeUnreadable(from, to);
    }

    /// Copies a real directory with all that is in it to `target`, durably.
    public void putDirectory(Path target, Path source) throws IOException {
        try (Stream<Path> tree = Files.walk(source)) {
            for (Path path : tree.sorted().toList()) {
                Path copy = target.resolve(source.relativize(path).toString());
                if (Files.isRegularFile(path)) {
                    put(copy, Files.readAllBytes(path));
                } else {
                    addDirectories(copy);
                }
            }
        }
    }

    /// A disk with the same files, all durable.
    public synchronized FakeDisk copy() {
        FakeDisk copy = new FakeDisk();
        copy.directories.addAll(directories);
        names.forEach((path, file) -> copy.put(path, file.content()));
        return copy;
    }

    @Override
    public synchronized Kind kind(Path path) {
        if (directories.contains(path)) {
            return Kind.DIRECTORY;
        }
        return names.containsKey(path) ? Kind.FILE : Kind.MISSING;
    }

    @Override
    public synchronized List<String> list(Path directory) throws IOException {
        requireDirectory(directory);
        List<String> found = new ArrayList<>();
        for (Path path : names.keySet()) {
            if (directory.equals(path.getParent())) {
                found.add(path.getFileName().toString());
            }
        }
        for (Path path : directories) {
            if (directory.equals(path.getParent())) {
                found.add(path.getFileName().toString());
            }
        }
        found.sort(null);
        return found;
    }

    @Override
    public synchronized long size(Path file) throws IOException {
        return existing(file).size();
    }

    @Override
    public synchronized DiskFile openForReading(Path file) throws IOException {
        return new Handle(file, existing(file));
    }

    @Override
    public synchronized DiskFile openForWriting(Path file) throws IOException {
        return new Handle(file, existing(file));
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        faults.before(Operation.CREATE, file);
        return createNow(file);
    }

    private synchronized DiskFile createNow(Path file) throws IOException {
        Path parent = parentOf(file);
        requireDirectory(parent);
        if (readOnly.contains(parent)) {
            throw new IOException("Permission denied");
        }
        if (names.containsKey(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        FakeFile created = new FakeFile();
        names.put(file, created);
        return new Handle(file, created);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        faults.before(Operation.CREATE_DIRECTORY, directory);
        // Directories are durable at once: losing one that was just made loses no data.
        addDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        faults.before(Operation.RENAME, from);
        synchronized (this) {
            names.put(to, existing(from));
            names.remove(from);
        }
    }

    @Override
    public void delete(Path file) throws IOException {
        faults.before(Operation.DELETE, file);
        synchronized (this) {
            existing(file);
            names.remove(file);
        }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        faults.before(Operation.SYNC_DIRECTORY, directory);
        syncDirectoryNow(directory);
    }

    private synchronized void syncDirectoryNow(Path directory) throws IOException {
        requireDirectory(directory);
        durableNames.keySet().removeIf(name -> directory.equals(name.getParent()));
        names.forEach((name, file) -> {
            if (directory.equals(name.getParent())) {
                durableNames.put(name, file);
            }
        });
    }

    @Override
    public synchronized long usableSpace(Path path) {
        return Math.max(0, capacityBytes - allocated());
    }

    @Override
    public synchronized boolean isWritable(Path directory) {
        return !readOnly.contains(directory);
    }

    @Override
    public synchronized @Nullable Lock tryLock(Path file) throws IOException {
        requireDirectory(parentOf(file));
        if (!locked.add(file)) {
            return null;
        }
        names.computeIfAbsent(file, path -> new FakeFile());
        int lockedIn = incarnation;
        return () -> unlock(file, lockedIn);
    }

    private synchronized void unlock(Path file, int lockedIn) {
        if (incarnation == lockedIn) {
            locked.remove(file);
        }
    }

    private long allocated() {
        long sum = 0;
        for (FakeFile file : names.values()) {
            sum += file.allocated();
        }
        return sum;
    }

    private synchronized void addDirectories(@Nullable Path directory) {
        for (Path path = directory; path != null; path = path.getParent()) {
            directories.add(path);
        }
    }

    /// How many bytes of this file the operating system was told to forget.
    public synchronized long forgottenBytes(Path path) throws NoSuchFileException {
        return existing(path).forgottenBytes();
    }

    private FakeFile existing(Path path) throws NoSuchFileException {
        FakeFile file = names.get(path);
        if (file == null) {
            throw new NoSuchFileException(path.toString());
        }
        return file;
    }

    private void requireDirectory(Path path) throws IOException {
        if (names.containsKey(path)) {
            throw new NotDirectoryException(path.toString());
        }
        if (!directories.contains(path)) {
            throw new NoSuchFileException(path.toString());
        }
    }

    private static Path parentOf(Path path) {
        return Objects.requireNonNull(path.getParent(), "a path without a directory");
    }

    private final class Handle implements DiskFile {

        private final Path path;
        private final FakeFile file;
        private final int openedIn = incarnation;
        private volatile boolean closed;

        Handle(Path path, FakeFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            synchronized (FakeDisk.this) {
                requireOpen();
                return file.size();
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            requireOpen();
            faults.before(Operation.WRITE, path);
            synchronized (FakeDisk.this) {
                requireOpen();
                long more = Math.max(0, position + source.remaining() - file.allocated());
                // Counted only where it matters: it takes a look at all files.
                long free = capacityBytes == Long.MAX_VALUE ? more : usableSpace(path);
                if (more > free) {
                    // As a real disk does: what fits is written.
                    int fits = (int) Math.max(0, source.remaining() - (more - free));
                    file.write(source.slice().limit(fits), position);
                    throw new IOException("No space left on device");
                }
                file.write(source, position);
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            requireOpen();
            faults.before(Operation.READ, path);
            synchronized (FakeDisk.this) {
                requireOpen();
                return file.read(target, position);
            }
        }

        @Override
        public void force() throws IOException {
            requireOpen();
            try {
                faults.before(Operation.FORCE, path);
            } catch (IOException e) {
                synchronized (FakeDisk.this) {
                    file.failForce();
                }
                throw e;
            }
            synchronized (FakeDisk.this) {
                requireOpen();
                file.force();
            }
        }

        @Override
        public void forget(long position, long length) {
            synchronized (FakeDisk.this) {
                file.forget(position, length);
            }
        }

        @Override
        public void setSize(long size) throws IOException {
            requireOpen();
            faults.before(Operation.SET_SIZE, path);
            synchronized (FakeDisk.this) {
                requireOpen();
                file.setSize(size);
            }
        }

        @Override
        public void close() {
            closed = true;
        }

        private void requireOpen() throws IOException {
            if (closed || openedIn != incarnation) {
                throw new IOException(path + " is closed");
            }
        }
    }
}
