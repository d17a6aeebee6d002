package io.witan.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// An open file of a [Disk].
public interface DiskFile extends Closeable {

    long size() throws IOException;

    /// Writes all that remains in `source` at `position`.
    void write(ByteBuffer source, long position) throws IOException;

    /// Reads into `target` until it is full or the file ends. Returns the number of bytes read, 0
    /// at the end of the file.
    int read(ByteBuffer target, long position) throws IOException;

    /// Makes the bytes written so far, and the size, durable. After a failure nobody can tell which
    /// of them are, now or by trying again.
    void force() throws IOException;

    /// Says that these bytes, which are durable, will hardly be read soon: the operating system
    /// need not keep a copy of them in memory. It may do so all the same.
    void forget(long position, long length);

    /// Sets the size: cuts the file, or extends it by zeros.
    void setSize(long size) throws IOException;
}
