package io.witan.server;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Says how far a recovery has come that takes longer than a second, and how long the rest will
/// take if it goes on like this: one line for the log every few seconds.
final class RecoveryProgress implements RecoveredTree.Progress {

    private static final long FIRST_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final LongSupplier nanoTime;
    private final Consumer<String> log;
    private final long beganAtNanos;
    private long sayAtNanos;

    /// @param nanoTime as [System#nanoTime]; the recovery begins now
    RecoveryProgress(LongSupplier nanoTime, Consumer<String> log) {
        this.nanoTime = nanoTime;
        this.log = log;
        this.beganAtNanos = nanoTime.getAsLong();
        this.sayAtNanos = beganAtNanos + FIRST_AFTER_NANOS;
    }

    @Override
    public void read(Path file, long doneBytes, long totalBytes) {
        long now = nanoTime.getAsLong();
        if (now - sayAtNanos < 0 || doneBytes <= 0) {
            return;
        }
        sayAtNanos = now + PAUSE_NANOS;
        double leftSeconds =
                (now - beganAtNanos) / 1e9 * Math.max(0, totalBytes - doneBytes) / doneBytes;
        log.accept(
                String.format(
                        Locale.ROOT,
                        "Reading the data directory: file=%s done=%s total=%s percent=%d left=%.1fs",
                        file,
                        mebibytes(doneBytes),
                        mebibytes(totalBytes),
                        totalBytes <= 0 ? 0 : 100 * doneBytes / totalBytes,
                        leftSeconds));
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1fMiB", bytes / (double) (1 << 20));
    }
}
