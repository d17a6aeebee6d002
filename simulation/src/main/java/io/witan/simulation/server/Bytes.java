package io.witan.simulation.server;

import java.util.Arrays;

/// Bytes that came in and do not make up a whole message yet.
final class Bytes {

    private byte[] bytes = new byte[64];
    private int length;

    void add(byte[] more) {
        if (length + more.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more.length, 2 * bytes.length));
        }
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    int intAt(int position) {
        return bytes[position] << 24
                | (bytes[position + 1] & 0xff) << 16
                | (bytes[position + 2] & 0xff) << 8
                | (bytes[position + 3] & 0xff);
    }

    void removeFirst(int count) {
        length -= count;
        System.arraycopy(bytes, count, bytes, 0, length);
    }
}
