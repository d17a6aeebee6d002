package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The files of one server. [PosixDisk] is the real one; [io.witan.storage.testing.FakeDisk] keeps
/// written and durable bytes apart and fails on demand.
///
/// What a power cut leaves is stated as weakly as file systems promise it: bytes of a file are
/// durable after [DiskFile#force]; the existence, absence and name of a file after [#syncDirectory]
/// of its directory. Before that, any part of them may be there.
public interface Disk {

    /// What a path names.
    enum Kind {
        MISSING,
        FILE,
        DIRECTORY,
        OTHER
    }

    Kind kind(Path path) throws IOException;

    /// Names in a directory, sorted.
    List<String> list(Path directory) throws IOException;

    long size(Path file) throws IOException;

    /// Opens an existing file for reading.
    DiskFile openForReading(Path file) throws IOException;

    /// Opens an existing file for reading and writing.
    DiskFile openForWriting(Path file) throws IOException;

    /// Creates a file, readable by its owner only; fails if the name is taken.
    DiskFile create(Path file) throws IOException;

    /// Creates a file as [#create] does that is then written from its beginning to its end in small
    /// pieces, each followed by [DiskFile#force]: no position twice, none left out, no bytes cut.
    /// [DiskFile#setSize] may extend it ahead of them.
    default DiskFile createForAppending(Path file) throws IOException {
        return create(file);
    }

    /// Creates a directory and its missing parents, open to their owner only.
    void createDirectories(Path directory) throws IOException;

    /// Renames within a directory, replacing atomically what has the new name.
    void rename(Path from, Path to) throws IOException;

    void delete(Path file) throws IOException;

    /// Makes creations, renames and deletions in `directory` durable.
    void syncDirectory(Path directory) throws IOException;

    /// Bytes that this process can still write to the file system of an existing path.
    long usableSpace(Path path) throws IOException;

    /// Whether this process may create files in an existing directory.
    boolean isWritable(Path directory);

    /// Takes the lock of a file, which is created if need be; null if another process, or another
    /// part of this one, holds it. The lock ends with its holder, however that dies.
    @Nullable Lock tryLock(Path file) throws IOException;

    /// A lock that is held.
    interface Lock extends AutoCloseable {

        @Override
        void close();
    }
}
