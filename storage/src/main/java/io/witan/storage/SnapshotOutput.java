package io.witan.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// A new file as a stream. Flushes to the disk every megabyte: one flush of everything at the end
/// would hold up the log, whose flushes share the disk, for as long as that takes.
final class SnapshotOutput extends OutputStream {

    private static final int FIRST_BUFFER_BYTES = 1 << 14;
    private static final int BUFFER_BYTES = 1 << 18;
    private static final long FORCE_BYTES = 1L << 20;

    private final DiskFile file;

    /// A small one until that is full: most snapshots of a simulation, or of a young server, are.
    private ByteBuffer buffer = ByteBuffer.allocate(FIRST_BUFFER_BYTES);

    private long written;
    private long forced;

    SnapshotOutput(DiskFile file) {
        this.file = file;
    }

    @Override
    public void write(int value) throws IOException {
        if (!buffer.hasRemaining()) {
            drain();
        }
        buffer.put((byte) value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (!buffer.hasRemaining()) {
                drain();
                if (buffer.capacity() < BUFFER_BYTES) {
                    buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
                }
            }
            int count = Math.min(buffer.remaining(), length - done);
            buffer.put(bytes, offset + done, count);
            done += count;
        }
    }

    /// Makes everything written durable.
    void force() throws IOException {
        drain();
        file.force();
        forced = written;
    }

    long written() {
        return written;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void drain() throws IOException {
        buffer.flip();
        int count = buffer.remaining();
        file.write(buffer, written);
        buffer.clear();
        written += count;
        if (written - forced >= FORCE_BYTES) {
            file.force();
            forced = written;
        }
    }
}
