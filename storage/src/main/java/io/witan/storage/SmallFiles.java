package io.witan.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Whole small text files.
final class SmallFiles {

    private static final int BYTES_MAX = 1 << 16;

    static final String TEMPORARY = ".tmp";

    private SmallFiles() {}

    static String read(Disk disk, Path path) throws IOException {
        try (DiskFile file = disk.openForReading(path)) {
            byte[] bytes = new byte[(int) Math.min(BYTES_MAX, file.size())];
            int count = file.read(ByteBuffer.wrap(bytes), 0);
            return new String(bytes, 0, count, StandardCharsets.UTF_8);
        }
    }

    /// Replaces the file as a whole and durably: a crash leaves the old text or the new.
    static void write(Disk disk, Path directory, String name, String text) throws IOException {
        write(disk, directory, name, TEMPORARY, text);
    }

    /// As [#write], with another name for the temporary file.
    static void write(Disk disk, Path directory, String name, String suffix, String text)
            throws IOException {
        writeNew(disk, directory.resolve(name + suffix), text);
        disk.rename(directory.resolve(name + suffix), directory.resolve(name));
        disk.syncDirectory(directory);
    }

    /// Writes a file, durable with its name; a crash can leave any part of it.
    static void create(Disk disk, Path directory, String name, String text) throws IOException {
        writeNew(disk, directory.resolve(name), text);
        disk.syncDirectory(directory);
    }

    private static void writeNew(Disk disk, Path path, String text) throws IOException {
        if (disk.kind(path) != Disk.Kind.MISSING) {
            disk.delete(path);
        }
        try (DiskFile file = disk.create(path)) {
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            file.force();
        }
    }
}
