package io.witan.tree.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Seeded hashes of names and paths. The seed is a secret of the server, so that no client can
/// choose names that all fall into one place.
///
/// A path's hash is folded from those of its components, so that one pass over a path gives the
/// hashes of all its ancestors: matching the prefixes of a path of n bytes costs n, not n squared.
public final class KeyHash {

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long K0 = 0x9E3779B97F4A7C15L;
    private static final long K1 = 0xD6E8FEB86659FD93L;
    private static final long K2 = 0xA0761D6478BD642FL;

    private KeyHash() {}

    /// Hash of one name.
    public static int name(byte[] bytes, int offset, int length, long seed) {
        return fold(wide(bytes, offset, length, seed));
    }

    /// Hash state of the root, from which [#step] goes down.
    public static long pathStart(long seed) {
        return mix(seed ^ K2, K0);
    }

    /// Hash state of a child of the path whose state is given.
    public static long step(long state, byte[] bytes, int offset, int length, long seed) {
        return mix(state ^ wide(bytes, offset, length, seed), K2);
    }

    /// Hash of a path, from its state.
    public static int fold(long state) {
        return (int) (state ^ (state >>> 32));
    }

    /// Hash of a whole path; any bytes will do, well-formed or not.
    public static int path(byte[] bytes, int offset, int length, long seed) {
        long state = pathStart(seed);
        int end = offset + length;
        int start = length > 0 && bytes[offset] == '/' ? offset + 1 : offset;
        if (start == end) {
            return fold(state);
        }
        for (int i = start; i < end; i++) {
            if (bytes[i] == '/') {
                state = step(state, bytes, start, i - start, seed);
                start = i + 1;
            }
        }
        return fold(step(state, bytes, start, end - start, seed));
    }

    private static long wide(byte[] bytes, int offset, int length, long seed) {
        long h = seed ^ (length * K0);
        int i = offset;
        int left = length;
        while (left > 8) {
            h = mix(h ^ (long) LONG.get(bytes, i), K1);
            i += 8;
            left -= 8;
        }
        return mix(h ^ tail(bytes, i, left), K2);
    }

    /// The last 0 to 8 bytes as one number; together with the length no two inputs give the same.
    private static long tail(byte[] bytes, int i, int left) {
        if (left == 8) {
            return (long) LONG.get(bytes, i);
        }
        if (left >= 4) {
            return ((int) INT.get(bytes, i) & 0xFFFF_FFFFL)
                    | (long) (int) INT.get(bytes, i + left - 4) << 32;
        }
        if (left == 0) {
            return 0;
        }
        return (bytes[i] & 0xFFL)
                | (bytes[i + (left >> 1)] & 0xFFL) << 8
                | (bytes[i + left - 1] & 0xFFL) << 16;
    }

    private static long mix(long a, long b) {
        return Math.multiplyHigh(a, b) ^ (a * b);
    }
}
