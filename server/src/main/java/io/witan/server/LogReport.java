package io.witan.server;

import io.witan.storage.LogListener;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;

/// Says in the server's log what the transaction log has to report. Called on the log thread.
final class LogReport implements LogListener {

    private static final Logger LOG = LoggerFactory.getLogger(LogReport.class);

    @Override
    public void slowForce(Path file, long nanos, long fileBytes) {
        // Operators search for these words (inventory, A24).
        LOG.warn(
                "fsync-ing the write ahead log took {}ms which will adversely affect operation"
                        + " latency: file={} fileBytes={}",
                nanos / 1_000_000,
                file,
                fileBytes);
    }
}
