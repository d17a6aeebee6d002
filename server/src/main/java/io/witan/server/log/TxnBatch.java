package io.witan.server.log;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// Transactions on their way to the log thread, payload after payload in one array, and what is to
/// be done before them. Owned by one thread at a time: filled by the core's, handed over, emptied
/// by the log's.
final class TxnBatch {

    /// Memory beyond this is given back after a large batch.
    private static final int BYTES_KEPT = 4 << 20;

    private byte[] bytes = new byte[16 << 10];
    private int length;

    /// End of each payload in `bytes`.
    private int[] ends = new int[64];

    private long[] zxids = new long[64];
    private int count;

    private @Nullable Runnable before;

    void add(long zxid, byte[] source, int offset, int payloadLength) {
        if (bytes.length - length < payloadLength) {
            long wanted = Math.max(2L * bytes.length, (long) length + payloadLength);
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, wanted));
        }
        System.arraycopy(source, offset, bytes, length, payloadLength);
        length += payloadLength;
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            zxids = Arrays.copyOf(zxids, 2 * count);
        }
        ends[count] = length;
        zxids[count] = zxid;
        count++;
    }

    /// Something to be done before these transactions, when those of earlier batches are durable.
    void before(Runnable task) {
        before = task;
    }

    @Nullable Runnable before() {
        return before;
    }

    boolean isEmpty() {
        return count == 0 && before == null;
    }

    int count() {
        return count;
    }

    byte[] bytes() {
        return bytes;
    }

    int offset(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    int length(int index) {
        return ends[index] - offset(index);
    }

    long zxid(int index) {
        return zxids[index];
    }

    void clear() {
        length = 0;
        count = 0;
        before = null;
        if (bytes.length > BYTES_KEPT) {
            bytes = new byte[16 << 10];
        }
    }
}
