package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// The operating system's copy, in memory, of what files hold. Java has no way to speak of it, so
/// this calls `posix_fadvise` of the C library, on Linux; elsewhere, or where native access is
/// denied to this module, nothing is forgotten
/// (docs/decisions/0014-a-written-log-leaves-memory.md).
///
/// Thread safe.
final class PageCache {

    // <fcntl.h> of Linux on the processors named below.
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int POSIX_FADV_DONTNEED = 4;

    private final MethodHandle open;
    private final MethodHandle fadvise;
    private final MethodHandle close;

    private PageCache(Linker linker) {
        // No C type has another size on the 64-bit systems that this is for.
        var intSize = ValueLayout.JAVA_INT;
        var offset = ValueLayout.JAVA_LONG;
        open =
                function(
                        linker,
                        "open",
                        FunctionDescriptor.of(intSize, ValueLayout.ADDRESS, intSize),
                        Linker.Option.firstVariadicArg(2));
        fadvise =
                function(
                        linker,
                        "posix_fadvise",
                        FunctionDescriptor.of(intSize, intSize, offset, offset, intSize));
        close = function(linker, "close", FunctionDescriptor.of(intSize, intSize));
    }

    // The launcher permits native access; where it is not permitted, nothing is forgotten.
    @SuppressWarnings("restricted")
    private static MethodHandle function(
            Linker linker, String name, FunctionDescriptor type, Linker.Option... options) {
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(), type, options);
    }

    /// That of this system; null where it cannot be spoken to. Takes some milliseconds the first
    /// time.
    static @Nullable PageCache ofThisSystem() {
        return Found.PAGE_CACHE;
    }

    private static final class Found {

        static final @Nullable PageCache PAGE_CACHE = find();

        private static @Nullable PageCache find() {
            String processor = System.getProperty("os.arch", "");
            if (!System.getProperty("os.name", "").equals("Linux")
                    || !(processor.equals("amd64") || processor.equals("aarch64"))) {
                return null;
            }
            try {
                return new PageCache(Linker.nativeLinker());
            } catch (RuntimeException | LinkageError denied) {
                return null;
            }
        }
    }

    /// Says that these bytes of a file, which are durable, will hardly be read soon. A hint;
    /// whether it was taken does not show.
    void forget(Path file, long position, long length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(file.toString());
            int descriptor = (int) open.invokeExact(name, O_RDONLY_CLOEXEC);
            if (descriptor < 0) {
                return;
            }
            int advised =
                    (int) fadvise.invokeExact(descriptor, position, length, POSIX_FADV_DONTNEED);
            int closed = (int) close.invokeExact(descriptor);
            assert advised == 0 && closed == 0;
        } catch (RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new AssertionError("a C function has thrown", impossible);
        }
    }
}
