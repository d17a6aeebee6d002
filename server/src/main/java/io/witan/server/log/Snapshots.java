package io.witan.server.log;

import io.witan.replica.member.TreeStream;
import io.witan.replica.metrics.Summary;
import io.witan.storage.BackgroundThread;
import io.witan.storage.SnapshotTrailer;
import io.witan.storage.SnapshotWriter;
import io.witan.storage.TreeSnapshot;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.TxnDigest;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/// Takes snapshots while the server serves. When enough has been logged, the log starts a new file
/// and a cursor begins to walk the tree; the core's thread advances it in short slices between its
/// batches, and a thread of its own writes what comes out. The file is the exact state at its zxid.
///
/// Owned by the core's thread.
public final class Snapshots {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    /// What one slice adds, in bytes: some ten to a hundred microseconds of the core's time.
    private static final int SLICE_BYTES = 48 << 10;

    /// Slices that may wait for the disk.
    private static final int SLICES_QUEUED_MAX = 16;

    /// Znodes that changed before the cursor reached them are kept as they were until the disk
    /// takes them. Beyond so many bytes the snapshot is given up; the log has everything, and the
    /// next one is tried after the next transactions.
    private static final long PENDING_BYTES_MAX =
            Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 4);

    /// How long closing waits for the thread that writes to remove what it has begun.
    private static final long STOP_MILLIS = 5_000;

    private final Supplier<TreeStream> trees;
    private final SnapshotSchedule schedule;
    private final boolean writeLastZxid;
    private final LongFunction<File> writers;
    private final Steps steps;
    private final Executor core;
    private final Summary millisTaken;

    private @Nullable Running running;

    private long takenCount;
    private long lastZxid = -1;
    private long longestSliceNanos;

    /// A snapshot file in the making.
    public interface File extends AutoCloseable {

        void write(byte[] bytes, int offset, int length);

        /// Completes it. False if it does not count any more; then nothing of it remains.
        boolean finish(SnapshotTrailer trailer);

        @Override
        void close();

        /// One of a server that stands alone.
        static File of(SnapshotWriter writer) {
            return new File() {
                @Override
                public void write(byte[] bytes, int offset, int length) {
                    writer.write(bytes, offset, length);
                }

                @Override
                public boolean finish(SnapshotTrailer trailer) {
                    writer.finish(trailer);
                    return true;
                }

                @Override
                public void close() {
                    writer.close();
                }
            };
        }

        /// One of a member of an ensemble.
        static File of(TreeSnapshot snapshot) {
            return new File() {
                @Override
                public void write(byte[] bytes, int offset, int length) {
                    snapshot.write(bytes, offset, length);
                }

                @Override
                public boolean finish(SnapshotTrailer trailer) {
                    return snapshot.finish(trailer);
                }

                @Override
                public void close() {
                    snapshot.close();
                }
            };
        }
    }

    /// Runs the next slice a little later, on the core's thread, after other work has had its turn.
    public interface Steps {
        void later(Runnable step);
    }

    /// @param writeLastZxid whether the file ends with the section that servers before 3.9 do not
    ///   write
    /// @param writers begins the file of a snapshot of that zxid
    /// @param core runs things on the core's thread, from any thread
    /// @param millisTaken how long each took
    public Snapshots(
            Supplier<TreeStream> trees,
            SnapshotSchedule schedule,
            boolean writeLastZxid,
            LongFunction<File> writers,
            Steps steps,
            Executor core,
            Summary millisTaken) {
        this.trees = trees;
        this.schedule = schedule;
        this.writeLastZxid = writeLastZxid;
        this.writers = writers;
        this.steps = steps;
        this.core = core;
        this.millisTaken = millisTaken;
    }

    /// To be called after each batch: begins a snapshot if it is time for one.
    public void afterBatch() {
        if (running == null && schedule.isDue()) {
            begin();
        }
    }

    /// Begins a snapshot now, unless one is being taken.
    public void begin() {
        if (running != null) {
            return;
        }
        schedule.begun();
        running = new Running(trees.get());
        running.start();
        steps.later(this::step);
    }

    /// The thread that writes is told to stop, and nothing of an unfinished snapshot remains.
    public void close() {
        Running current = running;
        if (current != null) {
            current.stream.abort();
            current.giveUp();
            current.awaitEnd();
            running = null;
        }
    }

    public boolean isRunning() {
        return running != null;
    }

    public long takenCount() {
        return takenCount;
    }

    /// Zxid of the snapshot taken last by this process, -1 before the first.
    public long lastZxid() {
        return lastZxid;
    }

    /// The longest that a slice has kept the core from other work.
    public long longestSliceNanos() {
        return longestSliceNanos;
    }

    private void step() {
        Running current = running;
        if (current == null) {
            return;
        }
        long start = System.nanoTime();
        boolean done = current.advance();
        longestSliceNanos = Math.max(longestSliceNanos, System.nanoTime() - start);
        if (!done) {
            steps.later(this::step);
        }
    }

    private void finished(Running which, @Nullable String failure, long millis) {
        if (running != which) {
            return;
        }
        running = null;
        if (failure == null) {
            takenCount++;
            millisTaken.add(millis);
            lastZxid = which.stream.zxid();
        } else {
            which.stream.abort();
        }
    }

    /// A part of the stream of znodes.
    private record Slice(JuteWriter bytes, boolean last) {}

    /// One snapshot in the making.
    private final class Running implements Runnable {

        private final TreeStream stream;
        private final BlockingQueue<Slice> filled = new ArrayBlockingQueue<>(SLICES_QUEUED_MAX);
        private final BlockingQueue<JuteWriter> empty = new ArrayBlockingQueue<>(SLICES_QUEUED_MAX);
        private final Thread thread;
        private final long zxid;
        private final SnapshotTrailer trailer;
        private boolean complete;
        private @Nullable Slice unqueued;
        private volatile boolean abandoned;

        Running(TreeStream stream) {
            this.stream = stream;
            this.zxid = stream.zxid();
            this.trailer =
                    new SnapshotTrailer(
                            stream.hasDigest()
                                    ? new SnapshotTrailer.Digest(
                                            zxid, TxnDigest.VERSION, stream.digest())
                                    : null,
                            writeLastZxid ? zxid : null);
            this.thread = new Thread(this, "witan-snapshot");
            thread.setDaemon(true);
        }

        void start() {
            thread.start();
        }

        void giveUp() {
            abandoned = true;
            thread.interrupt();
        }

        void awaitEnd() {
            try {
                thread.join(STOP_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        /// One slice. True when there is nothing more to do.
        boolean advance() {
            if (unqueued != null) {
                if (!filled.offer(unqueued)) {
                    return giveUpIfTooMuchWaits();
                }
                unqueued = null;
            }
            if (complete) {
                return true;
            }
            JuteWriter slice = empty.poll();
            if (slice == null) {
                slice = new JuteWriter(SLICE_BYTES + (8 << 10));
            }
            slice.reset(4 * SLICE_BYTES);
            complete = stream.advance(slice, SLICE_BYTES);
            var next = new Slice(slice, complete);
            if (!filled.offer(next)) {
                unqueued = next;
                return false;
            }
            return complete;
        }

        private boolean giveUpIfTooMuchWaits() {
            if (stream.pendingBytes() <= PENDING_BYTES_MAX) {
                return false;
            }
            LOG.warn(
                    "Snapshot given up: the disk does not keep up with changes; the log has"
                            + " everything. zxid=0x{} changedZnodes={} bytes={}",
                    Long.toHexString(zxid),
                    stream.pendingImages(),
                    stream.pendingBytes());
            stream.abort();
            giveUp();
            running = null;
            return true;
        }

        // ---- the snapshot's own thread

        @Override
        public void run() {
            String failure = null;
            long start = System.nanoTime();
            try {
                BackgroundThread.begin();
                write();
            } catch (InterruptedException interrupted) {
                failure = "given up";
            } catch (RuntimeException | Error failed) {
                failure = String.valueOf(failed.getMessage());
                if (!abandoned) {
                    LOG.error("Snapshot failed; the server goes on with its log: {}", failure);
                }
            }
            String outcome = failure;
            long millis = (System.nanoTime() - start) / 1_000_000;
            core.execute(() -> finished(this, outcome, millis));
        }

        private void write() throws InterruptedException {
            long start = System.nanoTime();
            try (File writer = writers.apply(zxid)) {
                boolean last = false;
                while (!last) {
                    Slice slice = filled.take();
                    writer.write(slice.bytes().bytes(), 0, slice.bytes().length());
                    last = slice.last();
                    empty.offer(slice.bytes());
                }
                if (!writer.finish(trailer)) {
                    LOG.info("Snapshot given up: its history was taken back");
                    return;
                }
            }
            LOG.info(
                    "Snapshot written: zxid=0x{} millis={}",
                    Long.toHexString(zxid),
                    (System.nanoTime() - start) / 1_000_000);
        }
    }
}
