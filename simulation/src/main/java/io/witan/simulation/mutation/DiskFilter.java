package io.witan.simulation.mutation;

import io.witan.storage.Disk;
import io.witan.storage.DiskFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// Passes everything on as it is. A defect overrides what it spoils.
class DiskFilter implements Disk {

    private final Disk inner;

    DiskFilter(Disk inner) {
        this.inner = inner;
    }

    void force(DiskFile file) throws IOException {
        file.force();
    }

    /// @param written the end of what was written to the file since it was opened
    void setSize(DiskFile file, Path path, long size, long written) throws IOException {
        file.setSize(size);
    }

    @Override
    public Kind kind(Path path) throws IOException {
        return inner.kind(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return inner.list(directory);
    }

    @Override
    public long size(Path file) throws IOException {
        return inner.size(file);
    }

    @Override
    public DiskFile openForReading(Path file) throws IOException {
        return new Filtered(file, inner.openForReading(file));
    }

    @Override
    public DiskFile openForWriting(Path file) throws IOException {
        return new Filtered(file, inner.openForWriting(file));
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        return new Filtered(file, inner.create(file));
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        inner.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        inner.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        inner.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        inner.syncDirectory(directory);
    }

    @Override
    public long usableSpace(Path path) throws IOException {
        return inner.usableSpace(path);
    }

    @Override
    public boolean isWritable(Path directory) {
        return inner.isWritable(directory);
    }

    @Override
    public @Nullable Lock tryLock(Path file) throws IOException {
        return inner.tryLock(file);
    }

    private final class Filtered implements DiskFile {

        private final Path path;
        private final DiskFile file;
        private long written;

        Filtered(Path path, DiskFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            written = Math.max(written, position + source.remaining());
            file.write(source, position);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void force() throws IOException {
            DiskFilter.this.force(file);
        }

        @Override
        public void forget(long position, long length) {
            file.forget(position, length);
        }

        @Override
        public void setSize(long size) throws IOException {
            DiskFilter.this.setSize(file, path, size, written);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
