package io.witan.simulation.client;

import java.util.Arrays;
import java.util.function.Consumer;

/// Cuts a stream of bytes into frames: four bytes of length, then so many bytes.
final class FrameSplitter {

    private static final int LENGTH_BYTES = 4;

    private final Consumer<byte[]> frames;

    /// What has come and is not a whole frame yet.
    private byte[] rest = new byte[0];

    FrameSplitter(Consumer<byte[]> frames) {
        this.frames = frames;
    }

    void received(byte[] bytes) {
        byte[] all = rest.length == 0 ? bytes : joined(rest, bytes);
        int at = 0;
        while (all.length - at >= LENGTH_BYTES) {
            int length = lengthAt(all, at);
            if (length < 0) {
                throw new IllegalStateException("frame of " + length + " bytes");
            }
            if (all.length - at - LENGTH_BYTES < length) {
                break;
            }
            at += LENGTH_BYTES;
            frames.accept(Arrays.copyOfRange(all, at, at + length));
            at += length;
        }
        rest = Arrays.copyOfRange(all, at, all.length);
    }

    private static int lengthAt(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
