package io.witan.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Says every few seconds how far a long recovery has come.
final class RecoveryProgress implements RecoveredTree.Progress {

    private static final Logger LOG = LoggerFactory.getLogger(RecoveryProgress.class);

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private long saidAtNanos = System.nanoTime();

    @Override
    public void read(Path file, long doneBytes, long totalBytes) {
        long now = System.nanoTime();
        if (now - saidAtNanos >= PAUSE_NANOS) {
            saidAtNanos = now;
            LOG.info(
                    "Reading the data directory: file={} done={}%",
                    file, totalBytes <= 0 ? 0 : 100 * doneBytes / totalBytes);
        }
    }
}
