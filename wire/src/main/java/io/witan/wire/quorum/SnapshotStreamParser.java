package io.witan.wire.quorum;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.witan.wire.data.Acl;
import io.witan.wire.data.StoredStat;
import io.witan.wire.file.SnapshotVisitor;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Reads a [SnapshotStream] as it comes, however it is split, and gives its content to a
/// [SnapshotVisitor]. Finds its end without a look at what follows, which is the next packet.
///
/// A unit (a count, a session, an ACL, a znode, the signature) that came in one piece is read where
/// it stands; only one that did not is put together first. So memory is bounded by the largest unit
/// that was really sent.
///
/// After a [DecodeException], its own or the visitor's, the stream is worth nothing. Not thread
/// safe.
public final class SnapshotStreamParser {

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final byte[] SIGNATURE = SnapshotStream.SIGNATURE.getBytes(US_ASCII);

    /// ACL key and stat, behind a znode's data.
    private static final int ZNODE_TAIL_BYTES = 8 + StoredStat.BYTES;

    /// Smallest entry of an ACL: permissions and two null strings.
    private static final int ACL_ENTRY_BYTES_MIN = 12;

    private enum Section {
        SESSION_COUNT,
        SESSIONS,
        ACL_COUNT,
        ACLS,
        ZNODES,
        SIGNATURE,
        COMPLETE
    }

    /// What the bytes of the unit that are needed so far end with.
    private enum Part {
        ACL_ENTRY_COUNT,
        ACL_SCHEME_LENGTH,
        ACL_ID_LENGTH,
        PATH_LENGTH,
        PATH,
        DATA_LENGTH,
        SIGNATURE_LENGTH,
        LAST
    }

    private final SnapshotVisitor visitor;
    private final int lengthMax;
    private final JuteReader reader = new JuteReader(Integer.MAX_VALUE);

    /// The beginning of a unit that did not come in one piece; empty otherwise.
    private final PendingBytes pending = new PendingBytes();

    private Section section = Section.SESSION_COUNT;

    /// Sessions or ACLs of the section that are still to come.
    private int unitsLeft;

    /// As many bytes of the unit as its lengths, so far as they are known, announce.
    private int needed = 4;

    private Part part = Part.LAST;

    /// Entries of the ACL that are still to come, with the one whose length is next.
    private int entriesLeft;

    /// A parser that refuses data and strings longer than `lengthMax` bytes, and znodes and ACLs of
    /// more than about twice that.
    public SnapshotStreamParser(SnapshotVisitor visitor, int lengthMax) {
        this.visitor = visitor;
        this.lengthMax = lengthMax;
    }

    public SnapshotStreamParser(SnapshotVisitor visitor) {
        this(visitor, QuorumPacketParser.LENGTH_MAX);
    }

    /// Takes bytes up to the end of the stream, if it comes. Returns how many.
    public int feed(byte[] bytes, int offset, int length) {
        int consumed = 0;
        while (consumed < length && section != Section.COMPLETE) {
            if (pending.length() == 0 && measure(bytes, offset + consumed, length - consumed)) {
                int unitBytes = needed;
                give(bytes, offset + consumed);
                consumed += unitBytes;
                continue;
            }
            int count = Math.min(needed - pending.length(), length - consumed);
            pending.append(bytes, offset + consumed, count, needed);
            consumed += count;
            if (measure(pending.bytes(), 0, pending.length())) {
                give(pending.bytes(), 0);
                pending.clear();
            }
        }
        return consumed;
    }

    /// Whether the end has come, with a good signature, and the visitor's `end` was called.
    public boolean isComplete() {
        return section == Section.COMPLETE;
    }

    // Where a unit ends.

    /// Looks at those lengths that are there; true when the whole unit is.
    private boolean measure(byte[] bytes, int offset, int available) {
        while (needed <= available) {
            if (part == Part.LAST) {
                return true;
            }
            int value = (int) INT.get(bytes, offset + needed - 4);
            switch (part) {
                case ACL_ENTRY_COUNT -> expectEntries(value);
                case ACL_SCHEME_LENGTH -> expect(length(value) + 4L, Part.ACL_ID_LENGTH);
                case ACL_ID_LENGTH -> expectNextEntry(length(value));
                case PATH_LENGTH -> {
                    if (value < 0) {
                        throw new DecodeException("a znode without a path");
                    }
                    expect(length(value), Part.PATH);
                }
                case PATH -> {
                    // The end mark has no more bytes than these, so none may be asked for.
                    if (isEndMark(bytes, offset)) {
                        part = Part.LAST;
                    } else {
                        expect(4, Part.DATA_LENGTH);
                    }
                }
                case DATA_LENGTH -> expect(length(value) + (long) ZNODE_TAIL_BYTES, Part.LAST);
                case SIGNATURE_LENGTH -> {
                    if (value != SIGNATURE.length) {
                        throw badSignature();
                    }
                    expect(SIGNATURE.length, Part.LAST);
                }
                case LAST -> throw new AssertionError();
            }
        }
        return false;
    }

    private void expectEntries(int count) {
        if (count < -1 || (long) count * ACL_ENTRY_BYTES_MIN > bytesMax()) {
            throw new DecodeException("an ACL of " + count + " entries");
        }
        if (count <= 0) {
            part = Part.LAST;
        } else {
            entriesLeft = count;
            expect(8, Part.ACL_SCHEME_LENGTH);
        }
    }

    private void expectNextEntry(int idLength) {
        entriesLeft--;
        if (entriesLeft == 0) {
            expect(idLength, Part.LAST);
        } else {
            expect(idLength + 8L, Part.ACL_SCHEME_LENGTH);
        }
    }

    private void expect(long more, Part next) {
        if (needed + more > bytesMax()) {
            throw new DecodeException("a znode or ACL of more than " + bytesMax() + " bytes");
        }
        needed += (int) more;
        part = next;
    }

    private long bytesMax() {
        return Math.min(Integer.MAX_VALUE - 8, 2L * lengthMax + ZNODE_TAIL_BYTES + 16);
    }

    /// Bytes of a buffer or string; null has none.
    private int length(int announced) {
        if (announced < -1 || announced > lengthMax) {
            throw new DecodeException("Unreasonable length = " + announced);
        }
        return Math.max(0, announced);
    }

    private boolean isEndMark(byte[] bytes, int offset) {
        return needed == 5 && bytes[offset + 4] == '/';
    }

    // What a unit says.

    private void give(byte[] bytes, int offset) {
        switch (section) {
            case SESSION_COUNT -> begin(Section.SESSIONS, count(bytes, offset, "sessions"));
            case SESSIONS -> {
                visitor.session(longAt(bytes, offset), intAt(bytes, offset + 8));
                begin(Section.SESSIONS, unitsLeft - 1);
            }
            case ACL_COUNT -> begin(Section.ACLS, count(bytes, offset, "ACLs"));
            case ACLS -> {
                reader.reset(bytes, offset, needed);
                visitor.acl(reader.readLong(), Acl.readList(reader));
                begin(Section.ACLS, unitsLeft - 1);
            }
            case ZNODES -> {
                if (isEndMark(bytes, offset)) {
                    begin(Section.SIGNATURE, 1);
                } else {
                    giveZnode(bytes, offset);
                    begin(Section.ZNODES, 1);
                }
            }
            case SIGNATURE -> {
                if (!Arrays.equals(
                        bytes, offset + 4, offset + needed, SIGNATURE, 0, SIGNATURE.length)) {
                    throw badSignature();
                }
                section = Section.COMPLETE;
                visitor.end();
            }
            case COMPLETE -> throw new AssertionError();
        }
    }

    /// Goes to the next unit: of that section if it has units left, else of the one behind it.
    private void begin(Section next, int units) {
        section = next;
        unitsLeft = units;
        if (units == 0) {
            section = next == Section.SESSIONS ? Section.ACL_COUNT : Section.ZNODES;
        }
        switch (section) {
            case SESSIONS -> expectUnit(12, Part.LAST);
            case ACLS -> expectUnit(12, Part.ACL_ENTRY_COUNT);
            case ZNODES -> expectUnit(4, Part.PATH_LENGTH);
            case SIGNATURE -> expectUnit(4, Part.SIGNATURE_LENGTH);
            default -> expectUnit(4, Part.LAST);
        }
    }

    private void expectUnit(int bytes, Part first) {
        needed = bytes;
        part = first;
    }

    private void giveZnode(byte[] bytes, int offset) {
        int pathLength = intAt(bytes, offset);
        int dataAt = offset + 4 + pathLength + 4;
        int dataLength = intAt(bytes, dataAt - 4);
        int tail = offset + needed - ZNODE_TAIL_BYTES;
        int stat = tail + 8;
        visitor.znode(
                bytes,
                offset + 4,
                pathLength,
                dataAt,
                dataLength,
                longAt(bytes, tail),
                longAt(bytes, stat),
                longAt(bytes, stat + 8),
                longAt(bytes, stat + 16),
                longAt(bytes, stat + 24),
                intAt(bytes, stat + 32),
                intAt(bytes, stat + 36),
                intAt(bytes, stat + 40),
                longAt(bytes, stat + 44),
                longAt(bytes, stat + 52));
    }

    private static int count(byte[] bytes, int offset, String what) {
        int count = intAt(bytes, offset);
        if (count < 0) {
            throw new DecodeException(count + " " + what);
        }
        return count;
    }

    private static int intAt(byte[] bytes, int index) {
        return (int) INT.get(bytes, index);
    }

    private static long longAt(byte[] bytes, int index) {
        return (long) LONG.get(bytes, index);
    }

    private static DecodeException badSignature() {
        return new DecodeException("the snapshot does not end with its signature");
    }
}
