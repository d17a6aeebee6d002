package io.witan.server.net;

import io.witan.wire.jute.JuteWriter;

import java.util.ArrayDeque;

/// Lends writers to connections for as long as they have output. The one that came back last is
/// lent first, so that most answers go through the same memory, large ones too: an array of a
/// megabyte for each of them is more work for the collector and the kernel than all else about it.
///
/// One owner thread.
final class WriterPool {

    private static final int KEPT = 64;
    private static final int NEW_BYTES = 1 << 10;

    /// A larger one is let go after use. Nearly all answers are below `jute.maxbuffer`, a megabyte
    /// by default; what grows for one of them doubles twice.
    static final int KEPT_BYTES = 4 << 20;

    /// For all that are kept together.
    static final int KEPT_BYTES_TOGETHER = 8 << 20;

    private final ArrayDeque<JuteWriter> writers = new ArrayDeque<>();
    private int bytes;

    /// An empty one.
    JuteWriter borrow() {
        JuteWriter writer = writers.pollLast();
        if (writer == null) {
            return new JuteWriter(NEW_BYTES);
        }
        bytes -= writer.capacity();
        return writer;
    }

    void giveBack(JuteWriter writer) {
        int capacity = writer.capacity();
        if (writers.size() < KEPT
                && capacity <= KEPT_BYTES
                && bytes + capacity <= KEPT_BYTES_TOGETHER) {
            bytes += capacity;
            writers.addLast(writer.reset());
        }
    }
}
