package io.witan.wire.jute;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Reads jute, the encoding of every record on the wire and on disk (client-and-disk, section 1),
/// from a range of a byte array.
///
/// One reader is reused for many records: [#reset] points it at the next range. Nothing is ever
/// allocated before the bytes that fill it are known to be there, so a record costs at most about
/// what its frame costs. Every failure is a [DecodeException]. Not thread safe.
public final class JuteReader {

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] EMPTY = new byte[0];

    /// Longest string or buffer accepted, in bytes.
    private final int lengthMax;

    private byte[] bytes = EMPTY;
    private int position;
    private int limit;
    private int sliceOffset;

    /// A reader that refuses strings and buffers longer than `lengthMax` bytes.
    public JuteReader(int lengthMax) {
        this.lengthMax = lengthMax;
    }

    /// A reader over all of `bytes`, limited only by their number.
    public static JuteReader over(byte[] bytes) {
        return new JuteReader(Integer.MAX_VALUE).reset(bytes, 0, bytes.length);
    }

    /// Points this reader at `bytes[offset .. offset + length)`. The array is not copied.
    public JuteReader reset(byte[] bytes, int offset, int length) {
        if (offset < 0 || length < 0 || length > bytes.length - offset) {
            throw new IndexOutOfBoundsException(
                    "range " + offset + "+" + length + " of " + bytes.length + " bytes");
        }
        this.bytes = bytes;
        this.position = offset;
        this.limit = offset + length;
        return this;
    }

    /// The array that is being read; slices are ranges of it.
    public byte[] bytes() {
        return bytes;
    }

    /// Index in [#bytes] of the next byte to be read.
    public int position() {
        return position;
    }

    /// Goes back or forward to a position that [#position] returned before.
    public void position(int newPosition) {
        if (newPosition < 0 || newPosition > limit) {
            throw new IndexOutOfBoundsException("position " + newPosition + ", limit " + limit);
        }
        position = newPosition;
    }

    /// Bytes left.
    public int remaining() {
        return limit - position;
    }

    /// Ends the range `length` bytes from here, for a record within a record. Returns the end it
    /// had before, which [#widen] restores.
    public int narrow(int length) {
        if (length < 0 || length > remaining()) {
            throw new IndexOutOfBoundsException(length + " of " + remaining() + " bytes left");
        }
        int formerLimit = limit;
        limit = position + length;
        return formerLimit;
    }

    /// Undoes [#narrow], and steps over what the inner record left unread.
    public void widen(int formerLimit) {
        position = limit;
        limit = formerLimit;
    }

    public byte readByte() {
        require(1);
        return bytes[position++];
    }

    /// Any byte but zero is true.
    public boolean readBoolean() {
        return readByte() != 0;
    }

    public int readInt() {
        require(4);
        int value = (int) INT.get(bytes, position);
        position += 4;
        return value;
    }

    public long readLong() {
        require(8);
        long value = (long) LONG.get(bytes, position);
        position += 8;
        return value;
    }

    /// Steps over a string or buffer without copying it. Returns its length in bytes, -1 for null;
    /// [#sliceOffset] then tells where in [#bytes] it starts.
    public int readSlice() {
        int length = readInt();
        if (length == -1) {
            sliceOffset = position;
            return -1;
        }
        if (length < 0 || length > lengthMax) {
            throw new DecodeException("Unreasonable length = " + length);
        }
        require(length);
        sliceOffset = position;
        position += length;
        return length;
    }

    /// Start of the slice that the last [#readSlice] stepped over, an index in [#bytes].
    public int sliceOffset() {
        return sliceOffset;
    }

    /// A copy of a buffer (or of the bytes of a string), or null.
    public byte @Nullable [] readBuffer() {
        int length = readSlice();
        if (length < 0) {
            return null;
        }
        if (length == 0) {
            return EMPTY;
        }
        byte[] copy = new byte[length];
        System.arraycopy(bytes, sliceOffset, copy, 0, length);
        return copy;
    }

    /// A buffer or string that must not be null; `what` names it in the error.
    public byte[] readBufferNotNull(String what) {
        byte[] buffer = readBuffer();
        if (buffer == null) {
            throw new DecodeException("null " + what);
        }
        return buffer;
    }

    /// A string, or null. Bytes that are not UTF-8 become U+FFFD, as in the original.
    public @Nullable String readString() {
        int length = readSlice();
        return length < 0 ? null : new String(bytes, sliceOffset, length, StandardCharsets.UTF_8);
    }

    /// The element count of a vector: -1 for a null vector, 0 for any other negative number. A
    /// count that the remaining bytes cannot hold, at `elementBytesMin` bytes each, is refused at
    /// once.
    public int readCount(int elementBytesMin) {
        int count = readInt();
        if (count == -1) {
            return -1;
        }
        if (count <= 0) {
            return 0;
        }
        if ((long) count * elementBytesMin > remaining()) {
            throw new DecodeException(
                    "a vector of " + count + " elements in " + remaining() + " bytes");
        }
        return count;
    }

    /// A vector of records, or null.
    public <T> @Nullable List<T> readVector(
            int elementBytesMin, Function<JuteReader, T> readElement) {
        int count = readCount(elementBytesMin);
        if (count < 0) {
            return null;
        }
        List<T> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            elements.add(readElement.apply(this));
        }
        return elements;
    }

    /// Steps over these bytes if they are what comes next. False if they are not.
    public boolean skip(byte[] expected) {
        int end = position + expected.length;
        if (expected.length > limit - position
                || !Arrays.equals(bytes, position, end, expected, 0, expected.length)) {
            return false;
        }
        position = end;
        return true;
    }

    private void require(int count) {
        if (count > limit - position) {
            throw new DecodeException(
                    "end of data: " + count + " bytes wanted, " + (limit - position) + " left");
        }
    }
}
