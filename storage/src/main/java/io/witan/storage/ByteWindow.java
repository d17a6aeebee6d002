package io.witan.storage;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A file seen through one array that slides over it. Reads ahead in large pieces; grows only if
/// one caller wants more at once.
final class ByteWindow {

    private static final int INITIAL_BYTES = 1 << 20;

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final DiskFile file;
    private final long size;

    private byte[] bytes;

    /// File position of `bytes[0]`, and how many bytes from there are filled.
    private long start;

    private int filled;

    ByteWindow(DiskFile file, long size) {
        this.file = file;
        this.size = size;
        this.bytes = new byte[(int) Math.min(INITIAL_BYTES, Math.max(16, size))];
    }

    byte[] bytes() {
        return bytes;
    }

    /// Index in [#bytes] of the byte at `position`, with `count` bytes there; -1 if the file ends
    /// before. Indexes given before are void.
    int require(long position, int count) throws IOException {
        if (position < 0 || count > size - position) {
            return -1;
        }
        if (position < start || position + count > start + filled) {
            slide(position, count);
        }
        return (int) (position - start);
    }

    /// As [#require] for as many bytes as there are, at most `countMax`; see [#available].
    int requireSome(long position, int countMax) throws IOException {
        return require(position, (int) Math.min(countMax, size - position));
    }

    /// Bytes in the array from `index` on.
    int available(int index) {
        return filled - index;
    }

    /// One byte, without moving the window for it; -1 beyond the end of the file.
    int peek(long position) throws IOException {
        if (position < 0 || position >= size) {
            return -1;
        }
        if (position >= start && position < start + filled) {
            return bytes[(int) (position - start)] & 0xff;
        }
        ByteBuffer one = ByteBuffer.allocate(1);
        read(one, position);
        return one.get(0) & 0xff;
    }

    int intAt(int index) {
        return (int) INT.get(bytes, index);
    }

    long longAt(int index) {
        return (long) LONG.get(bytes, index);
    }

    private void slide(long position, int count) throws IOException {
        int kept = 0;
        byte[] target = count > bytes.length ? new byte[count] : bytes;
        if (position >= start && position < start + filled) {
            int from = (int) (position - start);
            kept = filled - from;
            System.arraycopy(bytes, from, target, 0, kept);
        }
        bytes = target;
        start = position;
        filled = kept;
        int wanted = (int) Math.min(bytes.length, size - position);
        read(ByteBuffer.wrap(bytes, kept, wanted - kept), position + kept);
        filled = wanted;
    }

    private void read(ByteBuffer target, long position) throws IOException {
        int wanted = target.remaining();
        int count = file.read(target, position);
        if (count != wanted) {
            throw new IOException("read " + count + " of " + wanted + " bytes at byte " + position);
        }
    }
}
