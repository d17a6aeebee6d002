package io.witan.server;

import io.witan.replica.member.TreeStream;
import io.witan.storage.TreeSnapshot;
import io.witan.wire.jute.JuteWriter;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/// Moves a tree from the core's thread, which alone may read it, to a snapshot file that another
/// thread writes: slice by slice, a few at a time, so that the core has time for other things.
final class StreamToStore {

    private static final int SLICE_BYTES = 256 << 10;

    private static final int SLICES_QUEUED_MAX = 8;

    private final TreeStream stream;
    private final Consumer<Runnable> later;
    private final BlockingQueue<Slice> filled = new ArrayBlockingQueue<>(SLICES_QUEUED_MAX);
    private JuteWriter slice = new JuteWriter(SLICE_BYTES);
    private boolean unqueued;
    private boolean last;

    private record Slice(JuteWriter bytes, boolean last) {}

    /// @param later runs a step on the core's thread after other work has had its turn
    StreamToStore(TreeStream stream, Consumer<Runnable> later) {
        this.stream = stream;
        this.later = later;
    }

    /// Begins to give slices. On the core's thread.
    void start() {
        later.accept(this::step);
    }

    private void step() {
        if (!unqueued) {
            last = stream.advance(slice, SLICE_BYTES);
        }
        unqueued = !filled.offer(new Slice(slice, last));
        if (!unqueued) {
            slice = new JuteWriter(SLICE_BYTES);
        }
        if (unqueued || !last) {
            later.accept(this::step);
        }
    }

    /// Writes all of it. On the thread of the store.
    void writeTo(TreeSnapshot snapshot) throws InterruptedException {
        boolean done = false;
        while (!done) {
            Slice next = filled.take();
            snapshot.write(next.bytes().bytes(), 0, next.bytes().length());
            done = next.last();
        }
    }
}
