package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/// The real disk. New directories get mode 0700 and new files 0600: what a server stores is its
/// own. What exists already keeps its mode.
public final class PosixDisk implements Disk {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    public PosixDisk() {}

    @Override
    public Kind kind(Path path) {
        if (Files.isDirectory(path)) {
            return Kind.DIRECTORY;
        }
        if (Files.isRegularFile(path)) {
            return Kind.FILE;
        }
        // A dangling symbolic link exists without leading anywhere.
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? Kind.OTHER : Kind.MISSING;
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    @Override
    public long size(Path file) throws IOException {
        return Files.size(file);
    }

    @Override
    public DiskFile openForReading(Path file) throws IOException {
        return new PosixFile(file, FileChannel.open(file, StandardOpenOption.READ));
    }

    @Override
    public DiskFile openForWriting(Path file) throws IOException {
        return new PosixFile(
                file, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        return new PosixFile(file, open(file, StandardOpenOption.CREATE_NEW));
    }

    @Override
    public DiskFile createForAppending(Path file) throws IOException {
        return new SectorFile(file, create(file), CLibrary::ofThisSystem);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, ownerOnly("rwx------"));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        if (!POSIX) {
            return; // A directory cannot be opened there; its entries are durable by themselves.
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableSpace(Path path) {
        // Not by FileStore: that looks the mount point up, and in a chroot finds none.
        return path.toFile().getUsableSpace();
    }

    @Override
    public boolean isWritable(Path directory) {
        return Files.isWritable(directory);
    }

    @Override
    public @Nullable Lock tryLock(Path file) throws IOException {
        FileChannel channel = open(file, StandardOpenOption.CREATE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            // Then lock stays null.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            return null;
        }
        // For the message to whoever comes second; on a full disk the lock has to do without.
        try {
            channel.truncate(0);
            String pid = ProcessHandle.current().pid() + "\n";
            writeFully(channel, ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
        } catch (IOException e) {
            // The lock is held all the same.
        }
        return new ChannelLock(channel);
    }

    private static FileChannel open(Path file, OpenOption creation) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, creation),
                ownerOnly("rw-------"));
    }

    private static FileAttribute<?>[] ownerOnly(String mode) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
                }
                : new FileAttribute<?>[0];
    }

    private static void writeFully(FileChannel channel, ByteBuffer source, long position)
            throws IOException {
        while (source.hasRemaining()) {
            position += channel.write(source, position);
        }
    }

    private record ChannelLock(FileChannel channel) implements Lock {

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException ignored) {
                // The descriptor is gone all the same, and the lock with it.
            }
        }
    }

    private record PosixFile(Path path, FileChannel channel) implements DiskFile {

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            writeFully(channel, source, position);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int start = target.position();
            while (target.hasRemaining()) {
                int count = channel.read(target, position + target.position() - start);
                if (count < 0) {
                    break;
                }
            }
            return target.position() - start;
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void forget(long position, long length) {
            CLibrary library = CLibrary.ofThisSystem();
            if (library != null) {
                library.forget(path, position, length);
            }
        }

        @Override
        public void setSize(long size) throws IOException {
            long now = channel.size();
            if (size < now) {
                channel.truncate(size);
            } else if (size > now) {
                writeFully(channel, ByteBuffer.allocate(1), size - 1);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
