package io.witan.wire.fuzz;

import java.util.Arrays;

/// One change to a frame, as a broken or hostile sender might make it.
///
/// @param at where, as a fraction of the frame of 65536 parts; so one mutation fits any frame
/// @param value what to put there
record Mutation(Kind kind, int at, int value) {

    enum Kind {
        /// The frame ends here.
        CUT,
        /// One byte is another one.
        BYTE,
        /// Four bytes are another int: a length, a count, a type.
        INT,
        /// Some bytes more.
        INSERT,
        /// Some bytes less.
        REMOVE,
        /// Some bytes twice.
        REPEAT
    }

    byte[] apply(byte[] frame) {
        int position = (int) (((at & 0xFFFFL) * (frame.length + 1)) >>> 16);
        int count = Math.min(Math.floorMod(value, 64), frame.length - position);
        return switch (kind) {
            case CUT -> Arrays.copyOf(frame, position);
            case BYTE -> overwritten(frame, position, 1);
            case INT -> overwritten(frame, position, 4);
            case INSERT -> spliced(frame, position, position, intBytes());
            case REMOVE -> spliced(frame, position, position + count, new byte[0]);
            case REPEAT ->
                    spliced(
                            frame,
                            position,
                            position,
                            Arrays.copyOfRange(frame, position, position + count));
        };
    }

    private byte[] overwritten(byte[] frame, int position, int count) {
        byte[] changed = frame.clone();
        byte[] bytes = intBytes();
        for (int i = 0; i < count && position + i < changed.length; i++) {
            changed[position + i] = bytes[4 - count + i];
        }
        return changed;
    }

    /// `frame` with `bytes` instead of what is between `from` and `to`.
    private static byte[] spliced(byte[] frame, int from, int to, byte[] bytes) {
        byte[] changed = Arrays.copyOf(frame, frame.length - (to - from) + bytes.length);
        System.arraycopy(bytes, 0, changed, from, bytes.length);
        System.arraycopy(frame, to, changed, from + bytes.length, frame.length - to);
        return changed;
    }

    private byte[] intBytes() {
        return new byte[] {
            (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
        };
    }
}
