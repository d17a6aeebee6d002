package io.witan.storage;

import java.io.IOException;
import java.io.OutputStream;

/// The framing that snappy-java gives to a stream, which is what ZooKeeper's snapshots have
/// (client-and-disk, section 9.4): 8 bytes magic, int 1, int 1, then chunks of int length and one
/// raw snappy block.
final class SnappyOutput extends OutputStream {

    static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
    static final int HEADER_BYTES = 16;

    /// Bytes in a chunk before compression.
    private static final int CHUNK_BYTES = 32 << 10;

    private final OutputStream out;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final byte[] compressed = new byte[4 + Snappy.compressedBytesMax(CHUNK_BYTES)];
    private final Snappy snappy = new Snappy();
    private int filled;

    SnappyOutput(OutputStream out) throws IOException {
        this.out = out;
        out.write(MAGIC);
        out.write(new byte[] {0, 0, 0, 1, 0, 0, 0, 1});
    }

    @Override
    public void write(int value) throws IOException {
        if (filled == CHUNK_BYTES) {
            emit();
        }
        chunk[filled++] = (byte) value;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (filled == CHUNK_BYTES) {
                emit();
            }
            int count = Math.min(CHUNK_BYTES - filled, length - done);
            System.arraycopy(bytes, offset + done, chunk, filled, count);
            filled += count;
            done += count;
        }
    }

    @Override
    public void flush() throws IOException {
        emit();
        out.flush();
    }

    @Override
    public void close() throws IOException {
        emit();
        out.close();
    }

    private void emit() throws IOException {
        if (filled == 0) {
            return;
        }
        int length = snappy.compress(chunk, filled, compressed, 4);
        compressed[0] = (byte) (length >>> 24);
        compressed[1] = (byte) (length >>> 16);
        compressed[2] = (byte) (length >>> 8);
        compressed[3] = (byte) length;
        out.write(compressed, 0, 4 + length);
        filled = 0;
    }
}
