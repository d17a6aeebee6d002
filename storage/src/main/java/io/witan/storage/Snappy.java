package io.witan.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.DataFormatException;

/// Raw snappy blocks, after the public description of the format: the length as a varint, then
/// literals and copies.
///
/// ```
/// literal      llllll00 [length bytes]  data        l = length - 1, 60..63: 1..4 bytes of length follow
/// copy, 1 byte ooolll01 oooooooo                    length 4..11, offset < 2048
/// copy, 2      llllll10 offset, 2 bytes little endian
/// copy, 4      llllll11 offset, 4 bytes little endian
/// ```
final class Snappy {

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int HASH_BITS = 13;
    private static final int MULTIPLIER = 0x1e35a7bd;

    /// Position in the input, by hash of the four bytes there.
    private final short[] table = new short[1 << HASH_BITS];

    static int compressedBytesMax(int length) {
        return 32 + length + length / 6;
    }

    /// Compresses the first `length` bytes of `in`, at most 32 KiB, to `out` from `offset` on.
    /// Returns the number of bytes written.
    int compress(byte[] in, int length, byte[] out, int offset) {
        int op = putVarint(out, offset, length);
        Arrays.fill(table, (short) 0);
        int literal = 0;
        int ip = 0;
        // Copies are found only where four bytes can be read on both sides.
        while (ip + 8 <= length) {
            int word = (int) INT.get(in, ip);
            int slot = (word * MULTIPLIER) >>> (32 - HASH_BITS);
            int candidate = table[slot];
            table[slot] = (short) ip;
            if (candidate >= ip || (int) INT.get(in, candidate) != word) {
                // The longer nothing matches, the wider the steps: incompressible data passes fast.
                ip += 1 + ((ip - literal) >> 5);
                continue;
            }
            op = putLiteral(in, literal, ip - literal, out, op);
            int matched = 4;
            while (ip + matched < length && in[ip + matched] == in[candidate + matched]) {
                matched++;
            }
            op = putCopy(ip - candidate, matched, out, op);
            ip += matched;
            literal = ip;
        }
        op = putLiteral(in, literal, length - literal, out, op);
        return op - offset;
    }

    /// Length of the block in `in[offset, end)` when decompressed.
    static int decompressedLength(byte[] in, int offset, int end) throws DataFormatException {
        int length = 0;
        for (int i = 0; i < 5; i++) {
            if (offset + i >= end) {
                break;
            }
            int value = in[offset + i];
            length |= (value & 0x7f) << (7 * i);
            if (value >= 0) {
                if (length < 0) {
                    break;
                }
                return length;
            }
        }
        throw new DataFormatException("bad length of a snappy block");
    }

    /// Decompresses the block in `in[offset, end)` to the start of `out`, whose length is at least
    /// [#decompressedLength]. Returns that length.
    static int decompress(byte[] in, int offset, int end, byte[] out) throws DataFormatException {
        int length = decompressedLength(in, offset, end);
        int ip = offset;
        while (in[ip] < 0) {
            ip++;
        }
        ip++;
        int op = 0;
        while (ip < end) {
            int tag = in[ip++] & 0xff;
            if ((tag & 3) == 0) {
                int count = tag >>> 2;
                if (count >= 60) {
                    int lengthBytes = count - 59;
                    need(ip + lengthBytes <= end);
                    count = littleEndian(in, ip, lengthBytes);
                    ip += lengthBytes;
                }
                count++;
                need(count > 0 && count <= end - ip && count <= length - op);
                System.arraycopy(in, ip, out, op, count);
                ip += count;
                op += count;
                continue;
            }
            int count;
            int distance;
            if ((tag & 3) == 1) {
                need(ip < end);
                count = 4 + (tag >>> 2 & 7);
                distance = ((tag >>> 5) << 8) | (in[ip++] & 0xff);
            } else {
                int distanceBytes = (tag & 3) == 2 ? 2 : 4;
                need(ip + distanceBytes <= end);
                count = 1 + (tag >>> 2);
                distance = littleEndian(in, ip, distanceBytes);
                ip += distanceBytes;
            }
            need(distance > 0 && distance <= op && count <= length - op);
            if (distance >= count) {
                System.arraycopy(out, op - distance, out, op, count);
                op += count;
            } else {
                // The copy overlaps itself: that is how runs are written.
                for (int stop = op + count; op < stop; op++) {
                    out[op] = out[op - distance];
                }
            }
        }
        need(op == length);
        return length;
    }

    private static int putVarint(byte[] out, int op, int value) {
        while (value >= 0x80) {
            out[op++] = (byte) (value | 0x80);
            value >>>= 7;
        }
        out[op++] = (byte) value;
        return op;
    }

    private static int putLiteral(byte[] in, int start, int length, byte[] out, int op) {
        if (length == 0) {
            return op;
        }
        int n = length - 1;
        if (n < 60) {
            out[op++] = (byte) (n << 2);
        } else if (n < 256) {
            out[op++] = (byte) (60 << 2);
            out[op++] = (byte) n;
        } else {
            out[op++] = (byte) (61 << 2);
            out[op++] = (byte) n;
            out[op++] = (byte) (n >>> 8);
        }
        System.arraycopy(in, start, out, op, length);
        return op + length;
    }

    private static int putCopy(int distance, int length, byte[] out, int op) {
        while (length > 0) {
            int count = Math.min(64, length);
            out[op++] = (byte) ((count - 1) << 2 | 2);
            out[op++] = (byte) distance;
            out[op++] = (byte) (distance >>> 8);
            length -= count;
        }
        return op;
    }

    private static int littleEndian(byte[] in, int offset, int count) throws DataFormatException {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value |= (in[offset + i] & 0xff) << (8 * i);
        }
        need(value >= 0);
        return value;
    }

    private static void need(boolean condition) throws DataFormatException {
        if (!condition) {
            throw new DataFormatException("bad snappy block");
        }
    }
}
