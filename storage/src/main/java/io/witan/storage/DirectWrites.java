package io.witan.storage;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// Writing past the page cache, where the operating system can.
///
/// Thread safe.
interface DirectWrites {

    /// Opens an existing file. Returns a descriptor for the others; less than 0 where that is
    /// refused, as some file systems do.
    int openDirect(Path file);

    /// Writes the first `length` bytes of `source` at `position`, both whole sectors. Returns how
    /// many were written; less than 0 if that failed.
    long write(int descriptor, MemorySegment source, long length, long position);

    void close(int descriptor);
}
