package io.witan.storage;

import io.witan.wire.data.Acl;
import io.witan.wire.file.SnapshotFormat;
import io.witan.wire.file.SnapshotVisitor;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.zip.Adler32;

/// Reads a snapshot file and gives its content to a [SnapshotVisitor] (client-and-disk, section
/// 9.4). The file is read once, through one large array; what a znode costs beyond its data is a
/// call of the visitor. How fast that is: SnapshotBenchmark.
public final class SnapshotReader {

    private static final int BUFFER_BYTES_MIN = 1 << 12;
    private static final int BUFFER_BYTES_MAX = 1 << 20;
    private static final int STAT_BYTES = 60;

    /// Smallest entry of the ACL table: its key and a null list.
    private static final int ACL_ENTRY_BYTES_MIN = 12;

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final InputStream in;
    private final SnapshotVisitor visitor;
    private final Adler32 adler = new Adler32();

    private byte[] bytes;

    /// `summed <= position <= filled`: bytes up to `summed` are in the checksum, up to `position`
    /// consumed, up to `filled` read.
    private int summed;

    private int position;
    private int filled;

    /// Stream position of `bytes[0]`.
    private long base;

    private SnapshotReader(InputStream in, SnapshotVisitor visitor, int bufferBytes) {
        this.in = in;
        this.visitor = visitor;
        this.bytes = new byte[bufferBytes];
    }

    /// Reads a whole snapshot. `progress` hears how far the file has been read. After a
    /// [BadSnapshotException] everything given to the visitor is void.
    public static SnapshotTrailer read(
            Disk disk, SnapshotFile snapshot, SnapshotVisitor visitor, LongConsumer progress)
            throws BadSnapshotException {
        SnapshotReader reader = null;
        try (DiskFile file = disk.openForReading(snapshot.path())) {
            InputStream in = SnapshotInput.of(file, snapshot.compression(), progress);
            int bufferBytes = Math.clamp(file.size(), BUFFER_BYTES_MIN, BUFFER_BYTES_MAX);
            reader = new SnapshotReader(in, visitor, bufferBytes);
            return reader.readAll();
        } catch (IOException | DecodeException e) {
            throw new BadSnapshotException(
                    snapshot.path().getFileName()
                            + (reader == null ? "" : " at byte " + (reader.base + reader.position))
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /// Whether a file can be a whole snapshot, by the few bytes that tell most unfinished ones
    /// apart (section 9.6, step 1).
    public static boolean looksWhole(Disk disk, SnapshotFile snapshot) {
        try (DiskFile file = disk.openForReading(snapshot.path())) {
            return switch (snapshot.compression()) {
                case NONE ->
                        file.size() >= 10
                                && startsWith(file, file.size() - 5, new byte[] {0, 0, 0, 1, '/'});
                case GZIP -> startsWith(file, 0, new byte[] {0x1f, (byte) 0x8b});
                case SNAPPY -> startsWith(file, 0, SnappyOutput.MAGIC);
            };
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean startsWith(DiskFile file, long position, byte[] expected)
            throws IOException {
        byte[] found = new byte[expected.length];
        int count = file.read(ByteBuffer.wrap(found), position);
        return count == expected.length && Arrays.equals(found, expected);
    }

    private SnapshotTrailer readAll() throws IOException {
        need(16);
        if (intAt(0) != SnapshotFormat.MAGIC) {
            throw new DecodeException("it does not begin with ZKSN");
        }
        position += 16;
        readSessions();
        readAcls();
        readZnodes();
        checkSeal();
        SnapshotTrailer trailer = readTrailer();
        visitor.end();
        return trailer;
    }

    private void readSessions() throws IOException {
        need(4);
        int count = intAt(0);
        position += 4;
        for (int i = 0; i < count; i++) {
            need(12);
            visitor.session(longAt(0), intAt(8));
            position += 12;
        }
    }

    private void readAcls() throws IOException {
        need(4);
        int count = intAt(0);
        position += 4;
        JuteReader reader = new JuteReader(Integer.MAX_VALUE);
        for (int i = 0; i < count; i++) {
            int length = aclEntryBytes();
            reader.reset(bytes, position, length);
            visitor.acl(reader.readLong(), Acl.readList(reader));
            position += length;
        }
    }

    /// Measures the entry at the position, and sees to it that all of it is in the array.
    private int aclEntryBytes() throws IOException {
        need(ACL_ENTRY_BYTES_MIN);
        int entries = intAt(8);
        int length = ACL_ENTRY_BYTES_MIN;
        for (int i = 0; i < entries; i++) {
            length += 4;
            for (int string = 0; string < 2; string++) {
                need(length + 4);
                length += 4 + Math.max(0, lengthAt(length));
            }
        }
        need(length);
        return length;
    }

    private void readZnodes() throws IOException {
        while (true) {
            need(4);
            int pathLength = lengthAt(0);
            if (pathLength < 0) {
                throw new DecodeException("a znode without a path");
            }
            int dataAt = 4 + pathLength; // negative if that overflows
            need(dataAt + 4L);
            if (pathLength == 1 && bytes[position + 4] == '/') {
                position += dataAt;
                return;
            }
            int dataLength = lengthAt(dataAt);
            need(dataAt + 4L + Math.max(0, dataLength) + 8 + STAT_BYTES);
            int aclAt = dataAt + 4 + Math.max(0, dataLength);
            int stat = aclAt + 8;
            visitor.znode(
                    bytes,
                    position + 4,
                    pathLength,
                    position + dataAt + 4,
                    dataLength,
                    longAt(aclAt),
                    longAt(stat),
                    longAt(stat + 8),
                    longAt(stat + 16),
                    longAt(stat + 24),
                    intAt(stat + 32),
                    intAt(stat + 36),
                    intAt(stat + 40),
                    longAt(stat + 44),
                    longAt(stat + 52));
            position += stat + STAT_BYTES;
        }
    }

    /// Which sections follow is told by how many bytes do (section 13.2): the original takes one
    /// for the other when its settings have changed in between.
    private SnapshotTrailer readTrailer() throws IOException {
        int left =
                fillUpTo(SnapshotFormat.DIGEST_SECTION_BYTES + SnapshotFormat.ZXID_SECTION_BYTES);
        SnapshotTrailer.Digest digest = null;
        if (left >= SnapshotFormat.DIGEST_SECTION_BYTES) {
            digest = new SnapshotTrailer.Digest(longAt(0), intAt(8), longAt(12));
            position += 20;
            checkSeal();
            visitor.digest(digest.zxid(), digest.version(), digest.treeDigest());
            left -= SnapshotFormat.DIGEST_SECTION_BYTES;
        }
        Long lastProcessedZxid = null;
        if (left >= SnapshotFormat.ZXID_SECTION_BYTES) {
            lastProcessedZxid = longAt(0);
            position += 8;
            checkSeal();
            left -= SnapshotFormat.ZXID_SECTION_BYTES;
        }
        if (left > 0) {
            throw new DecodeException("the file ends within its last sections");
        }
        drain();
        return new SnapshotTrailer(digest, lastProcessedZxid);
    }

    private void checkSeal() throws IOException {
        sum();
        need(SnapshotFormat.SEAL_BYTES);
        if (longAt(0) != adler.getValue()) {
            throw new DecodeException("its content does not match its checksum");
        }
        if (intAt(8) != 1 || bytes[position + 12] != '/') {
            throw new DecodeException("a seal is hurt");
        }
        position += SnapshotFormat.SEAL_BYTES;
    }

    /// Reads to the end: a compressed stream has its own checksum there.
    private void drain() throws IOException {
        byte[] rest = new byte[512];
        while (in.read(rest) >= 0) {
            // Bytes behind the sections known here are left to newer versions.
        }
    }

    private int intAt(int offset) {
        return (int) INT.get(bytes, position + offset);
    }

    private long longAt(int offset) {
        return (long) LONG.get(bytes, position + offset);
    }

    /// Length of a string or buffer, -1 for null.
    private int lengthAt(int offset) {
        int length = intAt(offset);
        if (length < -1) {
            throw new DecodeException("Unreasonable length = " + length);
        }
        return length;
    }

    /// A hurt length can ask for more than an array can hold, hence the long.
    private void need(long count) throws IOException {
        boolean isTooMuch = count < 0 || count > Integer.MAX_VALUE;
        if (isTooMuch || (filled - position < count && fillUpTo((int) count) < count)) {
            throw new DecodeException("the file ends too early");
        }
    }

    /// Tries to have `count` bytes behind the position; returns how many there are, at most
    /// `count`.
    private int fillUpTo(int count) throws IOException {
        while (filled - position < count) {
            makeRoom(count);
            int read = SnapshotInput.readFully(in, bytes, filled, bytes.length - filled);
            if (read == 0) {
                break;
            }
            filled += read;
        }
        return Math.min(count, filled - position);
    }

    private void makeRoom(int count) {
        sum();
        int left = filled - position;
        System.arraycopy(bytes, position, bytes, 0, left);
        base += position;
        position = 0;
        summed = 0;
        filled = left;
        if (filled == bytes.length) {
            // Doubling, not `count`: a hurt length must not cost more memory than the file has
            // bytes.
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L));
            if (filled == bytes.length) {
                throw new DecodeException("a record of more than 2 GiB: " + count);
            }
        }
    }

    private void sum() {
        adler.update(bytes, summed, position - summed);
        summed = position;
    }

    /// Reads a snapshot whole for its last sections alone.
    static SnapshotTrailer readTrailerOf(Disk disk, SnapshotFile snapshot)
            throws BadSnapshotException {
        return read(disk, snapshot, Nothing.INSTANCE, position -> {});
    }

    /// Checks a snapshot as reading it would, and keeps nothing.
    public static @Nullable String problemOf(Disk disk, SnapshotFile snapshot) {
        try {
            readTrailerOf(disk, snapshot);
            return null;
        } catch (BadSnapshotException e) {
            return e.getMessage();
        }
    }

    private enum Nothing implements SnapshotVisitor {
        INSTANCE;

        @Override
        public void session(long id, int timeoutMillis) {}

        @Override
        public void acl(long key, @Nullable List<Acl> list) {}

        @Override
        public void znode(
                byte[] buffer,
                int pathOffset,
                int pathLength,
                int dataOffset,
                int dataLength,
                long aclKey,
                long czxid,
                long mzxid,
                long ctime,
                long mtime,
                int version,
                int cversion,
                int aversion,
                long ephemeralOwner,
                long pzxid) {}
    }
}
