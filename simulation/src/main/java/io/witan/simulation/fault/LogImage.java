package io.witan.simulation.fault;

import io.witan.storage.testing.FakeDisk;
import io.witan.wire.file.LogFormat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.Adler32;

/// A file of a server's log as it is on its disk: its bytes, and where the whole records in them
/// begin.
public final class LogImage {

    /// Where servers keep snapshots and logs.
    public static final Path FILES = Path.of("/data/version-2");

    private static final String NAME = "log.";
    private static final int LENGTH_OFFSET = 8;
    private static final int ZXID_OFFSET = LogFormat.RECORD_HEAD_BYTES + 12;

    private final Path path;
    private final byte[] bytes;
    private final List<Integer> starts = new ArrayList<>();
    private int end = LogFormat.HEADER_BYTES;

    private LogImage(Path path, byte[] bytes) {
        this.path = path;
        this.bytes = bytes;
        while (isWhole(end)) {
            starts.add(end);
            end += LogFormat.RECORD_HEAD_BYTES + ByteBuffer.wrap(bytes).getInt(end + LENGTH_OFFSET);
            end++;
        }
    }

    /// All files of the log, oldest first.
    public static List<LogImage> all(FakeDisk disk) {
        List<LogImage> images = new ArrayList<>();
        for (String name : names(disk)) {
            if (name.startsWith(NAME)) {
                Path path = FILES.resolve(name);
                images.add(new LogImage(path, disk.content(path)));
            }
        }
        images.sort(
                Comparator.comparingLong(image ->
                        Long.parseLong(
                                image.path.getFileName().toString().substring(NAME.length()), 16)));
        return images;
    }

    /// What there is beside the logs, too.
    static List<String> names(FakeDisk disk) {
        try {
            return disk.list(FILES);
        } catch (IOException e) {
            return List.of(); // Nothing has run on it yet.
        }
    }

    private boolean isWhole(int at) {
        if (at + LogFormat.RECORD_HEAD_BYTES > bytes.length) {
            return false;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int length = in.getInt(at + LENGTH_OFFSET);
        int payload = at + LogFormat.RECORD_HEAD_BYTES;
        if (length <= 0 || length >= bytes.length - payload) {
            return false;
        }
        return in.getLong(at) == checksum(payload, length)
                && bytes[payload + length] == LogFormat.RECORD_END;
    }

    private long checksum(int payload, int length) {
        var adler = new Adler32();
        adler.update(bytes, payload, length);
        return adler.getValue();
    }

    public Path path() {
        return path;
    }

    /// To be changed, and put on the disk again.
    byte[] bytes() {
        return bytes;
    }

    public int records() {
        return starts.size();
    }

    int start(int record) {
        return starts.get(record);
    }

    /// Behind its end byte.
    int end(int record) {
        return record + 1 < starts.size() ? starts.get(record + 1) : end;
    }

    /// Behind the last of them.
    int end() {
        return end;
    }

    public long zxid(int record) {
        return ByteBuffer.wrap(bytes).getLong(starts.get(record) + ZXID_OFFSET);
    }

    /// Gives a record another zxid, and the checksum that goes with it.
    void renumber(int record, long zxid) {
        int at = starts.get(record);
        ByteBuffer out = ByteBuffer.wrap(bytes);
        out.putLong(at + ZXID_OFFSET, zxid);
        out.putLong(at, checksum(at + LogFormat.RECORD_HEAD_BYTES, out.getInt(at + LENGTH_OFFSET)));
    }

    /// Whether something follows its records that is neither a record nor padding: what a write
    /// leaves that was not finished.
    public boolean isTorn() {
        for (int i = end; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return true;
            }
        }
        return false;
    }
}
