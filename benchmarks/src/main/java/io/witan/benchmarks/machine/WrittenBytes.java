package io.witan.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a process has had written to disks, as `/proc/PID/io` counts it: whole pages, each once
/// more when it is changed again after it was written; without what was deleted before it was
/// written. The file system's own journal is not part of it.
public final class WrittenBytes {

    private WrittenBytes() {}

    public static long of(ProcessHandle process) {
        var file = Path.of("/proc/" + process.pid() + "/io");
        try {
            return of(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    static long of(String text) {
        return value(text, "write_bytes: ") - value(text, "cancelled_write_bytes: ");
    }

    private static long value(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.substring(name.length()).strip()))
                .findFirst()
                .orElseThrow();
    }
}
