package io.witan.wire.jute;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/// Writes jute (client-and-disk, section 1) into a byte array that grows as needed and is reused
/// after [#reset]. Not thread safe.
public final class JuteWriter {

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int length;

    public JuteWriter(int initialCapacity) {
        bytes = new byte[Math.max(64, initialCapacity)];
    }

    public JuteWriter() {
        this(256);
    }

    /// The array being written; valid up to [#length], and only until the next write.
    public byte[] bytes() {
        return bytes;
    }

    /// Bytes written since the last [#reset].
    public int length() {
        return length;
    }

    /// Bytes that it holds room for.
    public int capacity() {
        return bytes.length;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    public JuteWriter reset() {
        length = 0;
        return this;
    }

    /// As [#reset], and gives the array back to the collector if it has grown beyond `capacityKept`
    /// bytes, so that one large record does not keep its memory for ever.
    public JuteWriter reset(int capacityKept) {
        length = 0;
        if (bytes.length > capacityKept) {
            bytes = new byte[capacityKept];
        }
        return this;
    }

    /// Drops everything written after `newLength`.
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IndexOutOfBoundsException(newLength + " of " + length);
        }
        length = newLength;
    }

    public JuteWriter writeByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
        return this;
    }

    public JuteWriter writeBoolean(boolean value) {
        return writeByte(value ? 1 : 0);
    }

    public JuteWriter writeInt(int value) {
        ensure(4);
        INT.set(bytes, length, value);
        length += 4;
        return this;
    }

    public JuteWriter writeLong(long value) {
        ensure(8);
        LONG.set(bytes, length, value);
        length += 8;
        return this;
    }

    /// A buffer, or the UTF-8 bytes of a string; null is written as length -1.
    public JuteWriter writeBuffer(byte @Nullable [] value) {
        if (value == null) {
            return writeInt(-1);
        }
        return writeBuffer(value, 0, value.length);
    }

    public JuteWriter writeBuffer(byte[] source, int offset, int count) {
        ensure(4 + count);
        INT.set(bytes, length, count);
        System.arraycopy(source, offset, bytes, length + 4, count);
        length += 4 + count;
        return this;
    }

    /// Bytes as they are, without a length.
    public JuteWriter writeRaw(byte[] source, int offset, int count) {
        ensure(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return this;
    }

    /// A string in standard UTF-8, or null.
    public JuteWriter writeString(@Nullable String value) {
        return writeBuffer(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    /// A vector of records, or null.
    public <T> JuteWriter writeVector(
            @Nullable List<T> elements, BiConsumer<JuteWriter, T> writeElement) {
        if (elements == null) {
            return writeInt(-1);
        }
        writeInt(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            writeElement.accept(this, elements.get(i));
        }
        return this;
    }

    /// Overwrites the int at `position`, which must have been written already. Used for lengths
    /// that are known only after what they count.
    public void patchInt(int position, int value) {
        checkWritten(position, 4);
        INT.set(bytes, position, value);
    }

    /// Overwrites the long at `position`, which must have been written already.
    public void patchLong(int position, long value) {
        checkWritten(position, 8);
        LONG.set(bytes, position, value);
    }

    /// Room for `count` more bytes without another allocation.
    public void ensure(int count) {
        if (bytes.length - length < count) {
            grow(count);
        }
    }

    private void checkWritten(int position, int count) {
        if (position < 0 || position > length - count) {
            throw new IndexOutOfBoundsException(position + " of " + length);
        }
    }

    private void grow(int count) {
        long needed = (long) length + count;
        if (needed > Integer.MAX_VALUE - 8) {
            throw new OutOfMemoryError("a record of " + needed + " bytes");
        }
        int doubled = (int) Math.min(Integer.MAX_VALUE - 8, bytes.length * 2L);
        bytes = Arrays.copyOf(bytes, Math.max(doubled, (int) needed));
    }
}
