package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Supplier;

/// A file that is written from its beginning to its end in small pieces, each made durable: past
/// the page cache, in sectors instead of pages.
///
/// ```
///   | sector | sector | sec____ | zeros, as the file has them ...
///                       ^ end: the next piece is written together with what its first sector holds
/// ```
///
/// What the operating system has in its cache goes to the disk by pages of 4 KiB, so that a
/// transaction of 200 bytes that somebody waits for is 4,096 bytes of writing; so it is 512 or
/// 1,024. Bytes that were durable are written again with what they were, as in a page
/// (docs/decisions/0023-the-log-is-written-in-sectors.md).
///
/// Where this cannot be done (another system, a file system or a disk that refuses), and before the
/// file is so long that it is worth a second descriptor, all goes through the page cache, by
/// `cached`. A write that is refused is done again there; if that succeeds and [#force] does, it is
/// durable whatever the first attempt left.
///
/// Not thread safe, but not bound to one thread.
final class SectorFile implements DiskFile {

    static final int SECTOR_BYTES = 512;

    /// Sectors are written from here on. The C library takes some milliseconds to be found, which a
    /// start does not have.
    static final long SECTORS_FROM = 64 << 10;

    private static final int STAGED_BYTES_MAX = 256 << 10;

    private static final int NO_DESCRIPTOR = -1;

    private final Path path;
    private final DiskFile cached;
    private final Supplier<? extends @Nullable DirectWrites> system;

    /// Where the bytes end that were written, and the file.
    private long end;

    private long size;

    private boolean hasBegun;
    private @Nullable DirectWrites direct;
    private int descriptor = NO_DESCRIPTOR;

    /// Begins with what the sector at `end` holds, while there is a descriptor.
    private MemorySegment staged = MemorySegment.NULL;

    private @Nullable Arena arena;

    /// @param cached the same file, empty; closed with this
    /// @param system asked once; null if all is to go through the cache
    SectorFile(Path path, DiskFile cached, Supplier<? extends @Nullable DirectWrites> system) {
        this.path = path;
        this.cached = cached;
        this.system = system;
    }

    /// Whether what is written now goes past the cache.
    boolean isWrittenInSectors() {
        return descriptor != NO_DESCRIPTOR;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        if (position != end) {
            throw new IllegalArgumentException("position " + position + ", end " + end);
        }
        if (!hasBegun && end >= SECTORS_FROM) {
            hasBegun = true;
            begin();
        }
        while (isWrittenInSectors() && source.hasRemaining()) {
            writeStaged(source);
        }
        if (source.hasRemaining()) {
            int count = source.remaining();
            cached.write(source, end);
            wrote(count);
        }
    }

    private void begin() throws IOException {
        DirectWrites found = system.get();
        int opened = found == null ? NO_DESCRIPTOR : found.openDirect(path);
        if (opened < 0) {
            return;
        }
        direct = found;
        descriptor = opened;
        Arena own = Arena.ofShared();
        arena = own;
        // As a disk whose sectors are larger would have it, too.
        staged = own.allocate(STAGED_BYTES_MAX + SECTOR_BYTES, 4096);
        int before = (int) (end % SECTOR_BYTES);
        if (cached.read(staged.asSlice(0, before).asByteBuffer(), end - before) != before) {
            throw new IOException("the file has become shorter: " + path);
        }
    }

    private void writeStaged(ByteBuffer source) throws IOException {
        int before = (int) (end % SECTOR_BYTES);
        int count = Math.min(source.remaining(), STAGED_BYTES_MAX);
        MemorySegment.copy(
                MemorySegment.ofBuffer(source.slice(source.position(), count)),
                0,
                staged,
                before,
                count);
        source.position(source.position() + count);
        int used = before + count;
        int length = (used + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
        staged.asSlice(used, length - used).fill((byte) 0);
        long from = end - before;
        // Zeros beyond the end of the file would make it longer than it is to be.
        boolean isDone = from + length <= size && writeSectors(length, from);
        if (!isDone) {
            cached.write(staged.asSlice(before, count).asByteBuffer(), end);
        }
        wrote(count);
        int after = (int) (end % SECTOR_BYTES);
        MemorySegment.copy(staged, used - after, staged, 0, after);
        if (!isWrittenInSectors()) {
            release();
        }
    }

    /// Returns false if the disk has not taken all of it; then nothing goes there in sectors again.
    private boolean writeSectors(int length, long position) {
        if (direct != null && direct.write(descriptor, staged, length, position) == length) {
            return true;
        }
        closeDescriptor();
        return false;
    }

    private void closeDescriptor() {
        if (direct != null && descriptor != NO_DESCRIPTOR) {
            direct.close(descriptor);
        }
        direct = null;
        descriptor = NO_DESCRIPTOR;
    }

    private void wrote(int count) {
        end += count;
        size = Math.max(size, end);
    }

    @Override
    public long size() throws IOException {
        return cached.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return cached.read(target, position);
    }

    @Override
    public void force() throws IOException {
        // Of the file, whichever descriptor its bytes came by; also empties the disk's own cache.
        cached.force();
    }

    @Override
    public void forget(long position, long length) {
        if (!isWrittenInSectors()) {
            cached.forget(position, length);
        }
    }

    /// Only ever extends.
    @Override
    public void setSize(long newSize) throws IOException {
        if (newSize < size) {
            throw new IllegalArgumentException("size " + newSize + " after " + size);
        }
        cached.setSize(newSize);
        size = newSize;
    }

    @Override
    public void close() throws IOException {
        closeDescriptor();
        release();
        cached.close();
    }

    private void release() {
        staged = MemorySegment.NULL;
        Arena own = arena;
        arena = null;
        if (own != null) {
            own.close();
        }
    }
}
