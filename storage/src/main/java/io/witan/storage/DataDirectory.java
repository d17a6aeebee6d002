package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The directories of one server, opened for it alone (client-and-disk, section 9.1):
///
/// ```
/// dataDir/version-2/     snapshot.HEX, acceptedEpoch, currentEpoch
/// dataLogDir/version-2/  log.HEX                                    often the same directory
/// ```
///
/// `witan.lock` in each of them is held as long as the server lives. The name means nothing to
/// ZooKeeper, which ignores the file. Others of Witan's own: docs/formats/README.md.
public final class DataDirectory implements AutoCloseable {

    static final String VERSION = "version-2";
    static final String LOCK = "witan.lock";

    /// With less the server could not even begin a log.
    private static final long USABLE_BYTES_MIN = 1 << 20;

    private final Disk disk;
    private final Path dataDir;
    private final Path dataLogDir;
    private final Path snapshots;
    private final Path logs;
    private final List<Disk.Lock> locks = new ArrayList<>();

    private DataDirectory(Disk disk, Path dataDir, Path dataLogDir) {
        this.disk = disk;
        this.dataDir = dataDir;
        this.dataLogDir = dataLogDir;
        this.snapshots = dataDir.resolve(VERSION);
        this.logs = dataLogDir.resolve(VERSION);
    }

    /// Opens the directories, creating what is missing if `autocreate`, and locks them.
    public static DataDirectory open(Disk disk, Path dataDir, Path dataLogDir, boolean autocreate) {
        DataDirectory directory = new DataDirectory(disk, dataDir, dataLogDir);
        try {
            directory.prepare("dataDir", dataDir, directory.snapshots, autocreate);
            if (!directory.isShared()) {
                directory.prepare("dataLogDir", dataLogDir, directory.logs, autocreate);
                directory.refuseMisplacedFiles();
            }
            directory.removeUnfinished();
            return directory;
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    public Disk disk() {
        return disk;
    }

    public Path dataDir() {
        return dataDir;
    }

    public Path dataLogDir() {
        return dataLogDir;
    }

    /// Where snapshots and epoch files are.
    public Path snapshotDirectory() {
        return snapshots;
    }

    /// Where transaction logs are.
    public Path logDirectory() {
        return logs;
    }

    /// All snapshots, newest first.
    public List<SnapshotFile> snapshots() {
        return read(
                snapshots,
                () -> {
                    List<SnapshotFile> found = new ArrayList<>();
                    for (String name : disk.list(snapshots)) {
                        long zxid = LogFiles.zxid(name, LogFiles.SNAPSHOT);
                        Path path = snapshots.resolve(name);
                        if (zxid >= 0 && disk.kind(path) == Disk.Kind.FILE) {
                            found.add(
                                    new SnapshotFile(
                                            path,
                                            zxid,
                                            LogFiles.compression(name),
                                            disk.size(path)));
                        }
                    }
                    // Not by the methods of Comparator: what they make is not in the AOT
                    // cache (decision 0004).
                    found.sort((one, other) -> Long.compare(other.zxid(), one.zxid()));
                    return found;
                });
    }

    /// All transaction logs, oldest first.
    public List<LogFile> logs() {
        return read(
                logs,
                () -> {
                    List<LogFile> found = new ArrayList<>();
                    for (String name : disk.list(logs)) {
                        long zxid = LogFiles.zxid(name, LogFiles.LOG);
                        Path path = logs.resolve(name);
                        if (zxid >= 0 && disk.kind(path) == Disk.Kind.FILE) {
                            found.add(new LogFile(path, zxid, disk.size(path)));
                        }
                    }
                    found.sort((one, other) -> Long.compare(one.zxid(), other.zxid()));
                    return found;
                });
    }

    /// Bytes of all files beside the snapshots, as the `dirs` command shows them.
    public long snapshotDirectoryBytes() {
        return bytesIn(snapshots);
    }

    /// Bytes of all files beside the logs.
    public long logDirectoryBytes() {
        return bytesIn(logs);
    }

    /// Releases the locks.
    @Override
    public void close() {
        locks.forEach(Disk.Lock::close);
        locks.clear();
    }

    private boolean isShared() {
        return snapshots.equals(logs);
    }

    private void prepare(String key, Path parent, Path directory, boolean autocreate) {
        try {
            Path notADirectory = firstThatIsNoDirectory(directory);
            if (notADirectory != null) {
                throw new DataDirectoryException(
                        key
                                + " "
                                + parent
                                + " cannot be used: "
                                + notADirectory
                                + " is not a directory. Set "
                                + key
                                + " to a directory, or move that file away.");
            }
            if (disk.kind(directory) == Disk.Kind.MISSING) {
                create(key, parent, directory, autocreate);
            }
            if (!disk.isWritable(directory)) {
                throw notWritable(key, directory, null);
            }
            lock(key, directory);
            refuseFull(key, directory);
        } catch (IOException e) {
            throw notWritable(key, directory, e);
        }
    }

    private @Nullable Path firstThatIsNoDirectory(Path directory) throws IOException {
        for (Path path = directory; path != null; path = path.getParent()) {
            Disk.Kind kind = disk.kind(path);
            if (kind == Disk.Kind.DIRECTORY) {
                return null;
            }
            if (kind != Disk.Kind.MISSING) {
                return path;
            }
        }
        return null;
    }

    private void create(String key, Path parent, Path directory, boolean autocreate) {
        if (!autocreate) {
            throw new DataDirectoryException(
                    key
                            + " "
                            + parent
                            + " has no directory "
                            + VERSION
                            + ", and creating it is switched off"
                            + " (zookeeper.datadir.autocreate=false). If this is a new server,"
                            + " create "
                            + directory
                            + "; if not, look whether its disk is mounted.");
        }
        try {
            Path existing = directory.getParent();
            List<Path> touched = new ArrayList<>();
            for (Path path = existing; path != null; path = path.getParent()) {
                touched.add(path);
                if (disk.kind(path) == Disk.Kind.DIRECTORY) {
                    break;
                }
            }
            disk.createDirectories(directory);
            for (Path path : touched) {
                disk.syncDirectory(path);
            }
        } catch (IOException e) {
            throw new DataDirectoryException(
                    key
                            + ": cannot create "
                            + directory
                            + ": "
                            + describe(e)
                            + ". Create it for the user that runs the server, give that user the"
                            + " right to create it, or set "
                            + key
                            + " to another place.",
                    e);
        }
    }

    private void lock(String key, Path directory) throws IOException {
        Path file = directory.resolve(LOCK);
        Disk.Lock lock = disk.tryLock(file);
        if (lock == null) {
            throw new DataDirectoryException(
                    key
                            + " "
                            + directory.getParent()
                            + " is in use by another server"
                            + holder(file)
                            + ". Two servers on one directory would destroy each other's data. Stop"
                            + " the other one, or give this one its own "
                            + key
                            + ".");
        }
        locks.add(lock);
    }

    private void refuseFull(String key, Path directory) throws IOException {
        long usable = disk.usableSpace(directory);
        if (usable < USABLE_BYTES_MIN) {
            throw new DataDirectoryException(
                    key
                            + ": the disk under "
                            + directory
                            + " is full: "
                            + usable
                            + " bytes are left for the user that runs the server. Make room (old"
                            + " snapshot.* and log.* files can be moved away from the oldest on, as"
                            + " long as the three newest snapshots and the logs after them stay), or"
                            + " set "
                            + key
                            + " to another disk.");
        }
    }

    private String holder(Path lockFile) {
        try {
            String pid = SmallFiles.read(disk, lockFile).strip();
            return pid.isEmpty() ? "" : " (process " + pid + ")";
        } catch (IOException unknown) {
            return "";
        }
    }

    private DataDirectoryException notWritable(
            String key, Path directory, @Nullable IOException cause) {
        String message =
                key
                        + ": cannot write to "
                        + directory
                        + (cause == null ? "" : ": " + describe(cause))
                        + ". Check that the disk is not full or mounted read-only, and that the"
                        + " directory belongs to the user that runs the server.";
        return cause == null
                ? new DataDirectoryException(message)
                : new DataDirectoryException(message, cause);
    }

    private void refuseMisplacedFiles() {
        refuseMisplaced(snapshots, LogFiles.LOG, "dataDir", "dataLogDir", logs);
        refuseMisplaced(logs, LogFiles.SNAPSHOT, "dataLogDir", "dataDir", snapshots);
    }

    private void refuseMisplaced(
            Path directory, String kind, String here, String there, Path right) {
        try {
            for (String name : disk.list(directory)) {
                if (name.startsWith(kind + ".")) {
                    throw new DataDirectoryException(
                            "The "
                                    + kind
                                    + " file "
                                    + directory.resolve(name)
                                    + " lies in "
                                    + here
                                    + ", but "
                                    + there
                                    + " is another directory. Starting like this would leave it"
                                    + " out. Move all "
                                    + kind
                                    + ".* files to "
                                    + right
                                    + ", or correct dataDir and dataLogDir.");
                }
            }
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /// What a crash left of snapshots and epoch files being written.
    private void removeUnfinished() {
        try {
            for (String name : disk.list(snapshots)) {
                if (name.startsWith(SnapshotWriter.UNFINISHED)) {
                    disk.delete(snapshots.resolve(name));
                }
            }
        } catch (IOException e) {
            throw notWritable("dataDir", snapshots, e);
        }
    }

    private long bytesIn(Path directory) {
        return read(
                directory,
                () -> {
                    long bytes = 0;
                    for (String name : disk.list(directory)) {
                        Path path = directory.resolve(name);
                        if (disk.kind(path) == Disk.Kind.FILE) {
                            bytes += disk.size(path);
                        }
                    }
                    return bytes;
                });
    }

    static Path parentOf(Path file) {
        return Objects.requireNonNull(file.getParent(), "a path without a directory");
    }

    private static <T> T read(Path directory, Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    private static DataDirectoryException unreadable(Path directory, IOException cause) {
        return new DataDirectoryException(
                "Cannot read "
                        + directory
                        + ": "
                        + describe(cause)
                        + ". Check its permissions and the health of the disk.",
                cause);
    }

    private static String describe(IOException e) {
        return LogWriteException.describe(e);
    }

    private interface Reading<T> {
        T read() throws IOException;
    }
}
