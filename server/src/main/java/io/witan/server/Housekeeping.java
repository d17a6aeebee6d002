package io.witan.server;

import io.witan.server.config.StorageConfig;
import io.witan.storage.DataDirectory;
import io.witan.storage.Purge;
import io.witan.storage.StorageException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Looks after the data directory from a thread of its own: deletes what is not needed any more,
/// and knows how large the rest is.
final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private static final long SIZES_SECONDS = 10;

    private final DataDirectory directory;
    private final StorageConfig.Purge settings;
    private final Supplier<List<Path>> purge;
    private final ScheduledExecutorService thread;

    private volatile long dataDirBytes;
    private volatile long logDirBytes;

    Housekeeping(DataDirectory directory, StorageConfig.Purge settings) {
        this(directory, settings, ownThread());
    }

    /// @param thread ended with this
    Housekeeping(
            DataDirectory directory,
            StorageConfig.Purge settings,
            ScheduledExecutorService thread) {
        this(directory, settings, new Purge(directory, settings.snapshotsRetained())::run, thread);
    }

    /// @param purge deletes what no retained snapshot needs and says which files those were
    /// @param thread ended with this
    Housekeeping(
            DataDirectory directory,
            StorageConfig.Purge settings,
            Supplier<List<Path>> purge,
            ScheduledExecutorService thread) {
        this.directory = directory;
        this.settings = settings;
        this.purge = purge;
        this.thread = thread;
    }

    static ScheduledExecutorService ownThread() {
        return Executors.newSingleThreadScheduledExecutor(
                task -> Thread.ofPlatform().daemon().name("witan-housekeeping").unstarted(task));
    }

    /// The first purge is at once, as with the original.
    @SuppressWarnings("FutureReturnValueIgnored") // what the tasks throw, they report
    void start() {
        thread.scheduleWithFixedDelay(this::measure, 0, SIZES_SECONDS, TimeUnit.SECONDS);
        if (settings.enabled()) {
            thread.scheduleAtFixedRate(this::purge, 0, settings.intervalHours(), TimeUnit.HOURS);
        }
    }

    /// Sizes as of the last 10 seconds.
    long dataDirBytes() {
        return dataDirBytes;
    }

    long logDirBytes() {
        return logDirBytes;
    }

    private void measure() {
        try {
            dataDirBytes = directory.snapshotDirectoryBytes();
            logDirBytes = directory.logDirectoryBytes();
        } catch (StorageException unreadable) {
            LOG.debug("Sizes of the data directory are not known: {}", unreadable.getMessage());
        }
    }

    private void purge() {
        try {
            List<Path> deleted = purge.get();
            if (!deleted.isEmpty()) {
                LOG.info(
                        "Purged files that no retained snapshot needs: files={}"
                                + " snapshotsRetained={}",
                        deleted.size(),
                        settings.snapshotsRetained());
            }
        } catch (StorageException failed) {
            LOG.warn(
                    "Purge failed, the next one is in {} hours: {}",
                    settings.intervalHours(),
                    failed.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
