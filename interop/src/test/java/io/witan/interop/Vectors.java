package io.witan.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The bytes recorded from a real server: `testdata/vectors` at the root of the repository, where a
/// README tells what is what.
public final class Vectors {

    private Vectors() {}

    /// Frames, either recorded for their own sake or while a data directory was written.
    public static Path traffic(String file) {
        Path frames = folder().resolve("wire").resolve(file);
        return Files.exists(frames) ? frames : expected(file);
    }

    /// A connection between two servers, without the ending that names the direction.
    public static Path quorum(String name) {
        return folder().resolve("quorum").resolve(name);
    }

    public static Path expected(String file) {
        return folder().resolve("disk/expected").resolve(file);
    }

    /// Copies a recorded data directory: a server writes into it.
    public static void copyDataDir(String name, Path target) {
        Path source = folder().resolve("disk").resolve(name);
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.write(copy, Files.readAllBytes(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path found = at.resolve("testdata/vectors");
            if (Files.isDirectory(found)) {
                return found;
            }
        }
        throw new AssertionError("testdata/vectors is not in " + Path.of("").toAbsolutePath());
    }
}
