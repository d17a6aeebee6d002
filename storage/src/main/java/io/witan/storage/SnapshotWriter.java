package io.witan.storage;

import io.witan.wire.file.SnapshotFormat;
import io.witan.wire.jute.JuteWriter;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.zip.Adler32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Writes a snapshot from the chunks that the tree's cursor makes: sessions, ACL table, znodes.
/// Adds the header, the seals and the trailing sections, and compresses.
///
/// The file has a name that no reader takes for a snapshot until it is complete and durable; then
/// it is renamed, and the directory flushed. A snapshot that is there under its name is therefore
/// whole.
public final class SnapshotWriter implements AutoCloseable {

    /// Start of the names of files that are being written.
    static final String UNFINISHED = "unfinished.";

    private static final byte[] SLASH = {'/'};

    private final Disk disk;
    private final Path directory;
    private final String name;
    private final Path unfinished;
    private final long zxid;
    private final SnapshotCompression compression;
    private final SnapshotOutput file;
    private final OutputStream out;
    private final Adler32 adler = new Adler32();
    private final JuteWriter scratch = new JuteWriter(64);
    private long uncompressedBytes;
    private boolean finished;

    /// Starts the snapshot of the state after `zxid`.
    public SnapshotWriter(Disk disk, Path directory, long zxid, SnapshotCompression compression) {
        this(disk, directory, zxid, compression, UNFINISHED);
    }

    /// @param prefix of the name until [#publish]; begins with [#UNFINISHED], so that the next
    ///   start removes what a crash leaves
    SnapshotWriter(
            Disk disk, Path directory, long zxid, SnapshotCompression compression, String prefix) {
        this.disk = disk;
        this.directory = directory;
        this.zxid = zxid;
        this.compression = compression;
        this.name = LogFiles.snapshotName(zxid, compression);
        this.unfinished = directory.resolve(prefix + name);
        SnapshotOutput output = null;
        try {
            if (disk.kind(unfinished) != Disk.Kind.MISSING) {
                disk.delete(unfinished);
            }
            output = new SnapshotOutput(disk.create(unfinished));
            this.file = output;
            this.out =
                    switch (compression) {
                        case NONE -> output;
                        case GZIP -> new FastGzip(output);
                        case SNAPPY -> new SnappyOutput(output);
                    };
            scratch.writeInt(SnapshotFormat.MAGIC)
                    .writeInt(SnapshotFormat.VERSION)
                    .writeLong(SnapshotFormat.DBID);
            put(scratch.bytes(), 0, scratch.length());
        } catch (IOException e) {
            throw new SnapshotWriteException(unfinished, e);
        }
    }

    /// Adds bytes of the uncompressed stream, behind the header of the file.
    public void write(byte[] bytes, int offset, int length) {
        try {
            put(bytes, offset, length);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Completes the file, makes it durable and gives it its name.
    public SnapshotFile finish(SnapshotTrailer trailer) {
        complete(trailer);
        return publish();
    }

    /// Completes the file and makes it durable. No reader takes it for a snapshot yet.
    void complete(SnapshotTrailer trailer) {
        try {
            scratch.reset().writeBuffer(SLASH);
            put(scratch.bytes(), 0, scratch.length());
            seal();
            SnapshotTrailer.Digest digest = trailer.digest();
            if (digest != null) {
                scratch.reset()
                        .writeLong(digest.zxid())
                        .writeInt(digest.version())
                        .writeLong(digest.treeDigest());
                put(scratch.bytes(), 0, scratch.length());
                seal();
            }
            Long lastProcessedZxid = trailer.lastProcessedZxid();
            if (lastProcessedZxid != null) {
                scratch.reset().writeLong(lastProcessedZxid);
                put(scratch.bytes(), 0, scratch.length());
                seal();
            }
            if (out instanceof FastGzip gzip) {
                gzip.finish();
            } else {
                out.flush();
            }
            file.force();
            out.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Gives the complete file its name, durably.
    SnapshotFile publish() {
        return publish(name);
    }

    /// Gives the complete file another name.
    SnapshotFile publish(String fileName) {
        Path path = directory.resolve(fileName);
        try {
            disk.rename(unfinished, path);
            disk.syncDirectory(directory);
        } catch (IOException e) {
            throw failed(e);
        }
        finished = true;
        return new SnapshotFile(path, zxid, compression, file.written());
    }

    /// The name that a reader takes for a snapshot.
    String fileName() {
        return name;
    }

    /// Bytes of the uncompressed stream so far.
    public long uncompressedBytes() {
        return uncompressedBytes;
    }

    /// Gives up, unless the snapshot is finished: nothing of it remains.
    @Override
    public void close() {
        if (!finished) {
            finished = true;
            try {
                file.close();
                disk.delete(unfinished);
            } catch (IOException e) {
                // The next start removes what is left (DataDirectory).
            }
        }
    }

    private void put(byte[] bytes, int offset, int length) throws IOException {
        adler.update(bytes, offset, length);
        out.write(bytes, offset, length);
        uncompressedBytes += length;
    }

    private void seal() throws IOException {
        scratch.reset().writeLong(adler.getValue()).writeBuffer(SLASH);
        put(scratch.bytes(), 0, scratch.length());
    }

    private SnapshotWriteException failed(IOException cause) {
        close();
        return new SnapshotWriteException(unfinished, cause);
    }

    /// A snapshot is written while the server works, so speed matters more than the last percent.
    private static final class FastGzip extends GZIPOutputStream {

        FastGzip(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
