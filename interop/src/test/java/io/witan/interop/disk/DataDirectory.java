package io.witan.interop.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The files of a `version-2` directory, read with as little knowledge as will do.
record DataDirectory(Path dataDir) {

    private static final int FILE_HEADER_BYTES = 16;
    private static final int RECORD_HEADER_BYTES = 12;
    private static final int RECORD_END_BYTES = 1;

    /// Log or snapshot files, oldest first.
    List<Path> files(String kind) throws IOException {
        try (Stream<Path> files = Files.list(dataDir.resolve("version-2"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(kind + "."))
                    .sorted(Comparator.comparingLong(DataDirectory::zxid))
                    .toList();
        }
    }

    /// The digest of the tree as of the first transaction of the newest log. That transaction is
    /// the session of the first client after a start, which leaves the tree alone: so it is the
    /// digest of what was loaded.
    long digestAfterLoading() throws IOException {
        byte[] log = Files.readAllBytes(files("log").getLast());
        int payload = FILE_HEADER_BYTES + RECORD_HEADER_BYTES;
        int length = ByteBuffer.wrap(log).getInt(payload - 4);
        return ByteBuffer.wrap(log).getLong(payload + length - 8);
    }

    /// Where the records of a log begin, and at the end where the next one would.
    static List<Integer> recordOffsets(byte[] log) {
        var offsets = new ArrayList<Integer>();
        int at = FILE_HEADER_BYTES;
        offsets.add(at);
        while (at + RECORD_HEADER_BYTES < log.length) {
            int length = ByteBuffer.wrap(log).getInt(at + 8);
            if (length <= 0) {
                break;
            }
            at += RECORD_HEADER_BYTES + length + RECORD_END_BYTES;
            offsets.add(at);
        }
        return offsets;
    }

    private static long zxid(Path file) {
        return Long.parseLong(file.getFileName().toString().split("\\.")[1], 16);
    }
}
