package io.witan.benchmarks.subject;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Deletes the snapshots and logs that a running server needs no more, every second until it is
/// closed: in a long run they would be more than the disk holds. Servers purge them by themselves,
/// but once an hour at most.
public final class OldFiles implements AutoCloseable {

    /// The newest of them may be one that is still being written.
    private static final int SNAPSHOTS_KEPT = 3;

    private static final String SNAPSHOT = "snapshot.";
    private static final String LOG = "log.";
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Path directory;
    private final Thread thread;
    private volatile boolean finished;

    // Of the thread alone, until that has ended.
    private long deletedBytes;
    private @Nullable IOException failure;

    private OldFiles(Path directory) {
        this.directory = directory;
        thread = Thread.ofPlatform().daemon().name("old-files").unstarted(this::run);
    }

    /// Begins to delete in a server's directory.
    public static OldFiles deleteFrom(ServerProcess server) {
        var files = new OldFiles(server.files());
        files.thread.start();
        return files;
    }

    private void run() {
        try {
            while (!finished) {
                Thread.sleep(PAUSE);
                deleteUnneeded();
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException _) {
            // This is how it is closed.
        }
    }

    private void deleteUnneeded() throws IOException {
        try {
            for (var path : unneeded(list(directory))) {
                var bytes = Files.size(path);
                Files.delete(path);
                deletedBytes += bytes;
            }
        } catch (NoSuchFileException _) {
            // The server renamed or deleted one while we looked; the next look sees it.
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }

    /// Of the files of a server those that it can start without: all snapshots but the newest
    /// three, and the logs that end before the oldest of these.
    static List<Path> unneeded(List<Path> files) {
        var snapshots = newestFirst(files, SNAPSHOT);
        if (snapshots.size() <= SNAPSHOTS_KEPT) {
            return List.of();
        }
        var oldestKept = zxid(snapshots.get(SNAPSHOTS_KEPT - 1), SNAPSHOT);
        var unneeded = new ArrayList<>(snapshots.subList(SNAPSHOTS_KEPT, snapshots.size()));
        // The newest log that begins there or before goes on behind the snapshot.
        newestFirst(files, LOG).stream()
                .filter(log -> zxid(log, LOG) <= oldestKept)
                .skip(1)
                .forEach(unneeded::add);
        return unneeded;
    }

    private static List<Path> newestFirst(List<Path> files, String prefix) {
        return files.stream()
                .filter(file -> file.getFileName().toString().matches(prefix + "[0-9a-f]+"))
                .sorted(Comparator.comparingLong((Path file) -> zxid(file, prefix)).reversed())
                .toList();
    }

    private static long zxid(Path file, String prefix) {
        return Long.parseUnsignedLong(file.getFileName().toString().substring(prefix.length()), 16);
    }

    /// Stops, and returns how many bytes were deleted.
    ///
    /// @throws SetupException if a file could not be deleted
    public long finish() {
        close();
        if (failure != null) {
            throw new SetupException(
                    "cannot delete old files in %s: %s".formatted(directory, failure.getMessage()),
                    failure);
        }
        return deletedBytes;
    }

    /// Stops. When it returns the directory is left alone.
    @Override
    public void close() {
        finished = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while deleting in " + directory, e);
        }
    }
}
