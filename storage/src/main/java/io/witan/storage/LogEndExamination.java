package io.witan.storage;

import io.witan.wire.file.LogFormat;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.Adler32;

/// Tells a torn tail from damage, at a place where no whole record starts.
///
/// An interrupted write leaves, of the bytes meant, some sectors and not others; what is missing
/// reads as the zeros of the padding, or the file ends. So a tail is torn only if that explains it
/// and nothing whole follows. Everything else is damage: a flipped bit, a record overwritten by
/// zeros, and also a hole with whole records behind it. The last can come from a power cut in the
/// middle of a large group too, but the bytes cannot tell that apart from a lost sector under
/// acknowledged transactions, and guessing would lose those.
final class LogEndExamination {

    private static final int CHUNK_BYTES = 1 << 20;
    private static final byte[] ZEROS = new byte[1 << 16];
    private static final int ADLER_BASE = 65521;

    /// Where the half of a record's checksum begins that is not always zero.
    private static final int CHECKSUM_LOW_OFFSET = 4;

    private final ByteWindow window;
    private final long size;

    LogEndExamination(ByteWindow window, long size) {
        this.window = window;
        this.size = size;
    }

    LogEnd at(long offset) throws IOException {
        long lastNonZero = lastNonZeroFrom(offset);
        if (lastNonZero < 0) {
            return LogEnd.clean(offset);
        }
        LogEnd.Found next = wholeRecordFrom(offset + 1);
        String what = whatIsWrong(offset);
        if (next != null) {
            return LogEnd.damaged(offset, what, next);
        }
        return isTorn(offset, lastNonZero)
                ? LogEnd.torn(offset, what)
                : LogEnd.damaged(offset, what, null);
    }

    /// The first whole record that starts at `from` or behind it, on whatever byte.
    LogEnd.@Nullable Found wholeRecordFrom(long from) throws IOException {
        long position = from;
        int smallest = LogFormat.RECORD_HEAD_BYTES + TxnHeader.BYTES + 1;
        Adler32 adler = new Adler32();
        while (size - position >= smallest) {
            int index = window.requireSome(position, CHUNK_BYTES);
            int count = window.available(index) - smallest + 1;
            int i = 0;
            for (; i < count; i++) {
                int length = window.intAt(index + i + 8);
                // In padding this one comparison is all that is done for a byte.
                if (length >= TxnHeader.BYTES
                        && length <= size - (position + i) - LogFormat.RECORD_HEAD_BYTES - 1
                        && window.intAt(index + i) == 0) {
                    break;
                }
            }
            position += i;
            if (i == count) {
                continue;
            }
            LogEnd.Found found = wholeRecordAt(position, adler);
            if (found != null) {
                return found;
            }
            position++;
        }
        return null;
    }

    private LogEnd.@Nullable Found wholeRecordAt(long position, Adler32 adler) throws IOException {
        int head = window.require(position, LogFormat.RECORD_HEAD_BYTES);
        long checksum = window.longAt(head);
        int length = window.intAt(head + 8);
        long payload = position + LogFormat.RECORD_HEAD_BYTES;
        if (window.peek(payload + length) != LogFormat.RECORD_END) {
            return null;
        }
        adler.reset();
        for (long at = payload, left = length; left > 0; ) {
            int index = window.requireSome(at, (int) Math.min(left, CHUNK_BYTES));
            int count = (int) Math.min(left, window.available(index));
            adler.update(window.bytes(), index, count);
            at += count;
            left -= count;
        }
        if (adler.getValue() != checksum) {
            return null;
        }
        int index = window.require(payload, TxnHeader.BYTES);
        return new LogEnd.Found(position, window.longAt(index + 12));
    }

    private String whatIsWrong(long offset) throws IOException {
        int head = window.require(offset, LogFormat.RECORD_HEAD_BYTES);
        if (head < 0) {
            return "the file ends within the head of a record";
        }
        boolean checksumIsZero = window.longAt(head) == 0;
        int length = window.intAt(head + 8);
        if (length == 0) {
            return checksumIsZero
                    ? "zeros stand where a record should start, with other bytes behind them"
                    : "the head of a record lacks its length";
        }
        if (length < 0) {
            return "a record claims a length of " + length + " bytes";
        }
        if (length > size - offset - LogFormat.RECORD_HEAD_BYTES - 1) {
            return "a record claims a length of " + length + " bytes, more than the file has left";
        }
        int last = window.peek(offset + LogFormat.RECORD_HEAD_BYTES + length);
        return last == LogFormat.RECORD_END
                ? "a record of " + length + " bytes does not match its checksum"
                : "a record of "
                        + length
                        + " bytes ends with byte "
                        + last
                        + " instead of 66 ('B')";
    }

    /// Whether an interrupted write explains the bytes at `offset`, given that nothing whole
    /// follows.
    private boolean isTorn(long offset, long lastNonZero) throws IOException {
        int head = window.require(offset, LogFormat.RECORD_HEAD_BYTES);
        if (head < 0) {
            return true;
        }
        long checksum = window.longAt(head);
        int length = window.intAt(head + 8);
        long payload = offset + LogFormat.RECORD_HEAD_BYTES;
        if (isWholeButForItsLength(payload, checksum, lastNonZero)) {
            return false;
        }
        if (lastNonZero < payload) {
            return true; // Nothing of a payload is there, whatever the head says.
        }
        if (length == 0) {
            return true;
        }
        if (length < 0 || checksum >>> 32 != 0) {
            return false;
        }
        if (lacksFirstSector(offset)) {
            return true;
        }
        if (length > size - payload - 1) {
            return true; // The file ends within the record.
        }
        int last = window.peek(payload + length);
        if (last == 0) {
            return true;
        }
        if (last == LogFormat.RECORD_END) {
            return hasZeroSector(payload, payload + length);
        }
        // If half of the length is missing it points anywhere.
        return (offset + 8) / SECTOR != (offset + 11) / SECTOR;
    }

    private static final int SECTOR = LogReader.SECTOR_BYTES;

    /// Whether the head lies across two sectors and of the first one only zeros are there, in place
    /// of some of the checksum.
    private boolean lacksFirstSector(long offset) throws IOException {
        int count = (int) (SECTOR - offset % SECTOR);
        int head = window.require(offset, LogFormat.RECORD_HEAD_BYTES);
        return count > CHECKSUM_LOW_OFFSET
                && count < LogFormat.RECORD_HEAD_BYTES
                && isZero(window.bytes(), head, head + count);
    }

    /// Whether the payload matches its checksum and has its end byte, at another length than the
    /// head says. Then only the length was hurt, after the record had been written whole.
    private boolean isWholeButForItsLength(long payload, long checksum, long lastNonZero)
            throws IOException {
        int a = 1;
        int b = 0;
        long position = payload;
        while (position <= lastNonZero) {
            int index = window.requireSome(position, CHUNK_BYTES);
            int count = (int) Math.min(window.available(index), lastNonZero - position + 1);
            byte[] bytes = window.bytes();
            for (int i = 0; i < count; i++) {
                int value = bytes[index + i] & 0xff;
                if (value == LogFormat.RECORD_END
                        && ((long) b << 16 | a) == checksum
                        && position + i - payload >= TxnHeader.BYTES) {
                    return true;
                }
                a += value;
                if (a >= ADLER_BASE) {
                    a -= ADLER_BASE;
                }
                b += a;
                if (b >= ADLER_BASE) {
                    b -= ADLER_BASE;
                }
            }
            position += count;
        }
        return false;
    }

    /// Whether a sector that lies wholly between the two positions holds nothing but zeros.
    private boolean hasZeroSector(long from, long to) throws IOException {
        long sector = (from + SECTOR - 1) / SECTOR * SECTOR;
        for (; sector + SECTOR <= to; sector += SECTOR) {
            int index = window.require(sector, SECTOR);
            if (isZero(window.bytes(), index, index + SECTOR)) {
                return true;
            }
        }
        return false;
    }

    /// Position of the last byte from `offset` on that is not zero, or -1.
    private long lastNonZeroFrom(long offset) throws IOException {
        long last = -1;
        long position = offset;
        while (position < size) {
            int index = window.requireSome(position, CHUNK_BYTES);
            int count = window.available(index);
            byte[] bytes = window.bytes();
            if (!isZero(bytes, index, index + count)) {
                int i = index + count - 1;
                while (bytes[i] == 0) {
                    i--;
                }
                last = position + i - index;
            }
            position += count;
        }
        return last;
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        while (from < to) {
            int count = Math.min(ZEROS.length, to - from);
            if (Arrays.mismatch(bytes, from, from + count, ZEROS, 0, count) >= 0) {
                return false;
            }
            from += count;
        }
        return true;
    }
}
