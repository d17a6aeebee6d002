package io.witan.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Sees from outside when a server writes a snapshot: whenever a file in its directory that is no
/// log appears, grows or is renamed.
final class SnapshotWatcher implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(10);

    /// Signs of life that are closer together belong to one snapshot. Long enough for the buffers
    /// of a writer and for the `fsync` at the end.
    private static final long QUIET_NANOS_MAX = Duration.ofMillis(500).toNanos();

    /// When a snapshot was being written, on the clock of [System#nanoTime].
    record Span(long fromNanos, long toNanos) {

        boolean touches(long from, long to) {
            return from - toNanos <= 0 && fromNanos - to <= 0;
        }

        long nanos() {
            return toNanos - fromNanos;
        }
    }

    private final Path directory;
    private final Thread thread;
    private final List<Span> spans = new ArrayList<>();
    private volatile boolean finished;

    private SnapshotWatcher(Path directory) {
        this.directory = directory;
        thread = Thread.ofPlatform().daemon().name("snapshot-watcher").unstarted(this::watch);
    }

    static SnapshotWatcher of(Path directory) {
        return new SnapshotWatcher(directory);
    }

    static SnapshotWatcher start(Path directory) {
        var watcher = of(directory);
        watcher.thread.start();
        return watcher;
    }

    /// Stops watching and returns what was seen.
    List<Span> finish() {
        finished = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while watching " + directory, e);
        }
        return spans();
    }

    /// Only while nobody watches.
    List<Span> spans() {
        return List.copyOf(spans);
    }

    @Override
    public void close() {
        finished = true;
    }

    private void watch() {
        var before = sizes(directory);
        var lastLook = System.nanoTime();
        while (!finished) {
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException _) {
                return;
            }
            var now = System.nanoTime();
            var sizes = sizes(directory);
            if (!sizes.equals(before)) {
                saw(lastLook, now);
            }
            before = sizes;
            lastLook = now;
        }
    }

    void saw(long fromNanos, long toNanos) {
        if (!spans.isEmpty() && fromNanos - spans.getLast().toNanos() < QUIET_NANOS_MAX) {
            spans.add(new Span(spans.removeLast().fromNanos(), toNanos));
        } else {
            spans.add(new Span(fromNanos, toNanos));
        }
    }

    static Map<String, Long> sizes(Path directory) {
        var sizes = new TreeMap<String, Long>();
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                var name = file.getFileName().toString();
                if (!name.startsWith("log.")) {
                    sizes.put(name, size(file));
                }
            }
        } catch (IOException _) {
            // A file was renamed or purged while we looked; the next look sees it.
        }
        return sizes;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException _) {
            return -1;
        }
    }
}
