package io.witan.wire.quorum;

import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Cuts the byte stream of a quorum connection into packets, however the stream is split. Packets
/// have no frame: where one ends is told by the lengths within it.
///
/// It stops behind each packet, because what follows a SNAP packet is not a packet:
///
/// ```
/// while (length > 0) {
///     int consumed = parser.feed(bytes, offset, length);
///     offset += consumed;
///     length -= consumed;
///     QuorumPacket packet = parser.take();
///     ...
/// }
/// ```
///
/// After a [DecodeException] the stream is worth nothing. Not thread safe.
public final class QuorumPacketParser {

    /// Longest buffer or string that real servers accept with their defaults (quorum, section 0.1).
    public static final int LENGTH_MAX = 2_097_150;

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final byte[] NOTHING = new byte[0];

    /// Type, zxid, and the length of the data.
    private static final int HEAD_BYTES = 16;

    /// What the last four of the bytes needed so far are.
    private enum Part {
        DATA_LENGTH,
        IDENTITY_COUNT,
        STRING_LENGTH,
        LAST
    }

    private final int lengthMax;
    private final JuteReader reader = new JuteReader(Integer.MAX_VALUE);

    /// The beginning of a packet that did not come in one piece; empty otherwise.
    private final PendingBytes pending = new PendingBytes();

    /// As many bytes of the packet as its lengths, so far as they are known, announce.
    private int needed = HEAD_BYTES;

    private Part part = Part.DATA_LENGTH;

    /// Strings of identities that are still to come, with the one whose length is next.
    private long stringsLeft;

    private @Nullable QuorumPacket packet;

    /// A parser that refuses data and strings longer than `lengthMax` bytes, and packets of more
    /// than about twice that.
    public QuorumPacketParser(int lengthMax) {
        this.lengthMax = lengthMax;
    }

    public QuorumPacketParser() {
        this(LENGTH_MAX);
    }

    /// Takes bytes up to the end of the next packet, if it comes. Returns how many.
    public int feed(byte[] bytes, int offset, int length) {
        if (packet != null) {
            throw new IllegalStateException("a packet waits to be taken");
        }
        if (pending.length() == 0 && measure(bytes, offset, length)) {
            return complete(bytes, offset);
        }
        int consumed = 0;
        while (consumed < length) {
            int count = Math.min(needed - pending.length(), length - consumed);
            pending.append(bytes, offset + consumed, count, needed);
            consumed += count;
            if (measure(pending.bytes(), 0, pending.length())) {
                complete(pending.bytes(), 0);
                pending.clear();
                break;
            }
        }
        return consumed;
    }

    /// The packet whose end the last [#feed] has found, once; null if it has found none.
    public @Nullable QuorumPacket take() {
        QuorumPacket taken = packet;
        packet = null;
        return taken;
    }

    /// Whether the stream stands between two packets.
    public boolean isBetweenPackets() {
        return packet == null && pending.length() == 0;
    }

    private int complete(byte[] bytes, int offset) {
        int length = needed;
        packet = QuorumPacket.read(reader.reset(bytes, offset, length));
        reader.reset(NOTHING, 0, 0);
        needed = HEAD_BYTES;
        part = Part.DATA_LENGTH;
        return length;
    }

    /// Looks at those lengths that are there; true when the whole packet is.
    private boolean measure(byte[] bytes, int offset, int available) {
        while (needed <= available) {
            if (part == Part.LAST) {
                return true;
            }
            int value = (int) INT.get(bytes, offset + needed - 4);
            switch (part) {
                case DATA_LENGTH -> {
                    need(length(value) + 4L);
                    part = Part.IDENTITY_COUNT;
                }
                case IDENTITY_COUNT -> {
                    stringsLeft = 2L * Math.max(0, value);
                    if (stringsLeft * 4 > bytesMax() - needed) {
                        throw new DecodeException("a packet with " + value + " identities");
                    }
                    expectString();
                }
                case STRING_LENGTH -> {
                    need(length(value));
                    stringsLeft--;
                    expectString();
                }
                case LAST -> throw new AssertionError();
            }
        }
        return false;
    }

    private void expectString() {
        if (stringsLeft == 0) {
            part = Part.LAST;
        } else {
            need(4);
            part = Part.STRING_LENGTH;
        }
    }

    private void need(long more) {
        if (needed + more > bytesMax()) {
            throw new DecodeException("a packet of more than " + bytesMax() + " bytes");
        }
        needed += (int) more;
    }

    private long bytesMax() {
        return Math.min(Integer.MAX_VALUE - 8, 2L * lengthMax + QuorumPacket.BYTES_MIN);
    }

    /// Bytes of a buffer or string; null has none.
    private int length(int announced) {
        if (announced < -1 || announced > lengthMax) {
            throw new DecodeException("Unreasonable length = " + announced);
        }
        return Math.max(0, announced);
    }
}
