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
        writeTemporary(disk, directory, name, text);
        finish(disk, directory, name);
    }

    /// Writes the temporary file, durable with its name, and leaves the file as it is.
    static void prepare(Disk disk, Path directory, String name, String text) throws IOException {
        writeTemporary(disk, directory, name, text);
        disk.syncDirectory(directory);
    }

    /// Gives the temporary file its name.
    static void finish(Disk disk, Path directory, String name) throws IOException {
        disk.rename(directory.resolve(name + TEMPORARY), directory.resolve(name));
        disk.syncDirectory(directory);
    }

    private static void writeTemporary(Disk disk, Path directory, String name, String text)
            throws IOException {
        Path temporary = directory.resolve(name + TEMPORARY);
        if (disk.kind(temporary) != Disk.Kind.MISSING) {
            disk.delete(temporary);
        }
        try (DiskFile file = disk.create(temporary)) {
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            file.force();
        }
    }
}
