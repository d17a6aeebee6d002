package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// What Java has no way to ask of the operating system: calls of the C library, on Linux;
/// elsewhere, or where native access is denied to this module, there is none, and its callers do
/// without (docs/decisions/0014-a-written-log-leaves-memory.md,
/// docs/decisions/0023-the-log-is-written-in-sectors.md).
///
/// Thread safe.
final class CLibrary implements DirectWrites {

    // <fcntl.h> of Linux on the processors named below.
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_DIRECT_AMD64 = 0x4000;
    private static final int O_DIRECT_AARCH64 = 0x10000;
    private static final int POSIX_FADV_DONTNEED = 4;

    // <sys/resource.h>. There, 0 is the calling thread.
    private static final int PRIO_PROCESS = 0;

    private final int directFlag;
    private final MethodHandle open;
    private final MethodHandle close;
    private final MethodHandle pwrite;
    private final MethodHandle fadvise;
    private final MethodHandle setpriority;

    private CLibrary(Linker linker, int directFlag) {
        this.directFlag = directFlag;
        // No C type has another size on the 64-bit systems that this is for.
        var address = ValueLayout.ADDRESS;
        var intSize = ValueLayout.JAVA_INT;
        var offset = ValueLayout.JAVA_LONG;
        open =
                function(
                        linker,
                        "open",
                        FunctionDescriptor.of(intSize, address, intSize),
                        Linker.Option.firstVariadicArg(2));
        close = function(linker, "close", FunctionDescriptor.of(intSize, intSize));
        pwrite =
                function(
                        linker,
                        "pwrite",
                        FunctionDescriptor.of(offset, intSize, address, offset, offset));
        fadvise =
                function(
                        linker,
                        "posix_fadvise",
                        FunctionDescriptor.of(intSize, intSize, offset, offset, intSize));
        setpriority =
                function(
                        linker,
                        "setpriority",
                        FunctionDescriptor.of(intSize, intSize, intSize, intSize));
    }

    // The launcher permits native access; where it is not permitted, callers do without.
    @SuppressWarnings("restricted")
    private static MethodHandle function(
            Linker linker, String name, FunctionDescriptor type, Linker.Option... options) {
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(), type, options);
    }

    /// That of this system; null where there is none. Takes some milliseconds the first time.
    static @Nullable CLibrary ofThisSystem() {
        return Found.LIBRARY;
    }

    private static final class Found {

        static final @Nullable CLibrary LIBRARY = find();

        private static @Nullable CLibrary find() {
            if (!System.getProperty("os.name", "").equals("Linux")) {
                return null;
            }
            int directFlag =
                    switch (System.getProperty("os.arch", "")) {
                        case "amd64" -> O_DIRECT_AMD64;
                        case "aarch64" -> O_DIRECT_AARCH64;
                        default -> 0;
                    };
            if (directFlag == 0) {
                return null;
            }
            try {
                return new CLibrary(Linker.nativeLinker(), directFlag);
            } catch (RuntimeException | LinkageError denied) {
                return null;
            }
        }
    }

    /// Says that these bytes of a file, which are durable, will hardly be read soon: they may leave
    /// the page cache. A hint; whether it was taken does not show.
    void forget(Path file, long position, long length) {
        int descriptor = open(file, O_RDONLY);
        if (descriptor < 0) {
            return;
        }
        try {
            int advised =
                    (int) fadvise.invokeExact(descriptor, position, length, POSIX_FADV_DONTNEED);
            assert advised == 0;
        } catch (RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw hasThrown(impossible);
        } finally {
            close(descriptor);
        }
    }

    /// Sets the nice value of the calling thread, 0 to 19; higher than it is now may be refused.
    void setNiceOfThisThread(int nice) {
        try {
            int done = (int) setpriority.invokeExact(PRIO_PROCESS, 0, nice);
            assert done == 0 || done == -1;
        } catch (RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw hasThrown(impossible);
        }
    }

    @Override
    public int openDirect(Path file) {
        return open(file, O_WRONLY | directFlag);
    }

    @Override
    public long write(int descriptor, MemorySegment source, long length, long position) {
        try {
            return (long) pwrite.invokeExact(descriptor, source, length, position);
        } catch (RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw hasThrown(impossible);
        }
    }

    @Override
    public void close(int descriptor) {
        try {
            int closed = (int) close.invokeExact(descriptor);
            assert closed == 0;
        } catch (RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw hasThrown(impossible);
        }
    }

    private int open(Path file, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(file.toString());
            return (int) open.invokeExact(name, flags | O_CLOEXEC);
        } catch (RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw hasThrown(impossible);
        }
    }

    private static AssertionError hasThrown(Throwable impossible) {
        return new AssertionError("a C function has thrown", impossible);
    }
}
