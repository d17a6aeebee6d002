package io.witan.storage.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The content of one file of a [FakeDisk], twice: what a reader sees and what a power cut leaves.
final class FakeFile {

    private static final int SECTOR_BYTES = 512;
    private static final byte[] ZEROS = new byte[8192];

    /// Bytes up to the last one written; the file can be longer, with zeros.
    private final Content written = new Content();

    private long size;

    private final Content durable = new Content();
    private long durableSize;

    /// Writes since the last flush, in order. A power cut keeps any of their sectors.
    private final List<Pending> pending = new ArrayList<>();

    /// What the operating system need not keep in memory: so many bytes from the start.
    private long forgottenBytes;

    private long unreadableFrom = Long.MAX_VALUE;
    private long unreadableTo = Long.MAX_VALUE;

    private record Pending(long position, byte[] bytes) {

        Pending cutTo(long size) {
            long left = Math.max(0, size - position);
            return left >= bytes.length
                    ? this
                    : new Pending(position, Arrays.copyOf(bytes, (int) left));
        }
    }

    long size() {
        return size;
    }

    /// Bytes that take up space: a hole at the end takes none.
    long allocated() {
        return written.length();
    }

    void write(ByteBuffer source, long position) {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        written.put(position, bytes, 0, bytes.length);
        size = Math.max(size, position + bytes.length);
        pending.add(new Pending(position, bytes));
    }

    int read(ByteBuffer target, long position) throws IOException {
        int count = (int) Math.max(0, Math.min(target.remaining(), size - position));
        if (position < unreadableTo && position + count > unreadableFrom) {
            throw new IOException("Input/output error");
        }
        int there = (int) Math.max(0, Math.min(count, written.length() - position));
        target.put(written.bytes(), (int) Math.min(position, written.length()), there);
        for (int left = count - there; left > 0; left -= ZEROS.length) {
            target.put(ZEROS, 0, Math.min(left, ZEROS.length));
        }
        return count;
    }

    void setSize(long newSize) {
        if (newSize < written.length()) {
            written.cut((int) newSize);
            pending.replaceAll(write -> write.cutTo(newSize));
        }
        size = newSize;
    }

    /// Each byte once, and none that is not durable.
    void forget(long position, long length) {
        if (position != forgottenBytes || position + length > durable.length()) {
            throw new IllegalStateException(
                    "bytes %d to %d are forgotten, behind %d; durable are %d"
                            .formatted(
                                    position, position + length, forgottenBytes, durable.length()));
        }
        forgottenBytes += length;
    }

    long forgottenBytes() {
        return forgottenBytes;
    }

    void force() {
        for (Pending write : pending) {
            durable.put(write.position(), write.bytes(), 0, write.bytes().length);
        }
        durableSize = size;
        durable.cut((int) Math.min(durable.length(), size));
        pending.clear();
    }

    /// A flush that failed: nothing becomes durable, and nothing is left to be flushed.
    void failForce() {
        pending.clear();
    }

    /// A power cut: durable bytes, and of the others whichever sectors chance has saved; if
    /// `inOrder`, those before some point.
    void crash(RandomGenerator random, boolean inOrder) {
        Content survived = durable;
        long survivedSize = random.nextBoolean() ? size : durableSize;
        int savedOfEight = random.nextInt(9);
        long sectors = inOrder ? random.nextInt(sectorsPending() + 1) : Long.MAX_VALUE;
        // A sector holds what several writes have left in it, so it can lack only the last of them.
        Set<Long> lost = new HashSet<>();
        for (Pending write : pending) {
            byte[] bytes = write.bytes();
            for (int from = 0; from < bytes.length; ) {
                long at = write.position() + from;
                int count = sectorPart(at, bytes.length - from);
                boolean saved = inOrder ? sectors > 0 : random.nextInt(8) < savedOfEight;
                sectors--;
                if (!saved) {
                    lost.add(at / SECTOR_BYTES);
                } else if (!lost.contains(at / SECTOR_BYTES)) {
                    survived.put(at, bytes, from, count);
                    survivedSize = Math.max(survivedSize, Math.min(size, at + count));
                }
                from += count;
            }
        }
        survived.cut((int) Math.min(survived.length(), survivedSize));
        become(survived.copy(), survivedSize);
    }

    private int sectorsPending() {
        int count = 0;
        for (Pending write : pending) {
            for (int from = 0; from < write.bytes().length; count++) {
                from += sectorPart(write.position() + from, write.bytes().length - from);
            }
        }
        return count;
    }

    private static int sectorPart(long position, int left) {
        return (int) Math.min(SECTOR_BYTES - position % SECTOR_BYTES, left);
    }

    /// The content as a reader sees it.
    byte[] content() {
        return Arrays.copyOf(written.copy(), (int) size);
    }

    /// Replaces the content, durably.
    void become(byte[] bytes, long newSize) {
        written.become(bytes);
        durable.become(bytes);
        size = newSize;
        durableSize = newSize;
        pending.clear();
    }

    void makeUnreadable(long from, long to) {
        unreadableFrom = from;
        unreadableTo = to;
    }

    /// Bytes that grow at the end and are overwritten in the middle.
    private static final class Content {

        /// The first `length` count; those behind are not looked at.
        private byte[] bytes = new byte[0];

        private int length;

        byte[] bytes() {
            return bytes;
        }

        int length() {
            return length;
        }

        void put(long position, byte[] source, int from, int count) {
            if (count == 0) {
                return;
            }
            int end = Math.toIntExact(position + count);
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, length + (length >> 1)));
            }
            if (position > length) {
                Arrays.fill(bytes, length, (int) position, (byte) 0);
            }
            System.arraycopy(source, from, bytes, (int) position, count);
            length = Math.max(length, end);
        }

        void cut(int newLength) {
            length = newLength;
        }

        byte[] copy() {
            return Arrays.copyOf(bytes, length);
        }

        void become(byte[] newBytes) {
            bytes = newBytes.clone();
            length = newBytes.length;
        }
    }
}
