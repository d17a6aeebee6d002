package io.witan.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;

/// The uncompressed stream of a snapshot file.
final class SnapshotInput {

    private static final int BUFFER_BYTES = 1 << 16;

    private SnapshotInput() {}

    /// Opens the stream over `file`; `position` hears how far the file has been read.
    static InputStream of(DiskFile file, SnapshotCompression compression, LongConsumer position)
            throws IOException {
        InputStream raw = new FileInput(file, position);
        return switch (compression) {
            case NONE -> raw;
            case GZIP -> new GZIPInputStream(raw, BUFFER_BYTES);
            case SNAPPY -> new SnappyInput(raw);
        };
    }

    /// Reads until `length` bytes are there or the stream ends; returns how many.
    static int readFully(InputStream in, byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int count = in.read(bytes, offset + done, length - done);
            if (count < 0) {
                break;
            }
            done += count;
        }
        return done;
    }

    private static final class FileInput extends InputStream {

        private final DiskFile file;
        private final LongConsumer listener;
        private long position;

        FileInput(DiskFile file, LongConsumer listener) {
            this.file = file;
            this.listener = listener;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int count = file.read(ByteBuffer.wrap(bytes, offset, length), position);
            position += count;
            listener.accept(position);
            return count == 0 ? -1 : count;
        }

        @Override
        public int available() throws IOException {
            // GZIPInputStream asks, to know whether another member follows.
            return (int) Math.min(Integer.MAX_VALUE, Math.max(0, file.size() - position));
        }
    }

    /// The inverse of [SnappyOutput].
    private static final class SnappyInput extends InputStream {

        /// No writer makes larger chunks; snappy-java allows up to 512 MiB, its default is 32 KiB.
        private static final int CHUNK_BYTES_MAX = 64 << 20;

        private final InputStream in;
        private byte[] compressed = new byte[4];
        private byte[] chunk = new byte[BUFFER_BYTES];
        private int position;
        private int filled;

        SnappyInput(InputStream in) throws IOException {
            this.in = in;
            byte[] header = new byte[SnappyOutput.HEADER_BYTES];
            if (readFully(in, header, 0, header.length) < header.length) {
                throw new EOFException("the file ends within the snappy header");
            }
            for (int i = 0; i < SnappyOutput.MAGIC.length; i++) {
                if (header[i] != SnappyOutput.MAGIC[i]) {
                    throw new IOException("not a snappy stream");
                }
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            while (position == filled) {
                if (!fill()) {
                    return -1;
                }
            }
            int count = Math.min(length, filled - position);
            System.arraycopy(chunk, position, bytes, offset, count);
            position += count;
            return count;
        }

        private boolean fill() throws IOException {
            int head = readFully(in, compressed, 0, 4);
            if (head == 0) {
                return false;
            }
            int length =
                    (compressed[0] & 0xff) << 24
                            | (compressed[1] & 0xff) << 16
                            | (compressed[2] & 0xff) << 8
                            | (compressed[3] & 0xff);
            if (head < 4 || length <= 0 || length > CHUNK_BYTES_MAX) {
                throw new IOException("bad length of a snappy chunk");
            }
            if (compressed.length < length) {
                compressed = new byte[length];
            }
            if (readFully(in, compressed, 0, length) < length) {
                throw new EOFException("the file ends within a snappy chunk");
            }
            try {
                int uncompressed = Snappy.decompressedLength(compressed, 0, length);
                if (uncompressed > CHUNK_BYTES_MAX) {
                    throw new DataFormatException("snappy chunk of " + uncompressed + " bytes");
                }
                if (chunk.length < uncompressed) {
                    chunk = new byte[uncompressed];
                }
                filled = Snappy.decompress(compressed, 0, length, chunk);
                position = 0;
            } catch (DataFormatException e) {
                throw new IOException(e.getMessage(), e);
            }
            return true;
        }
    }
}
