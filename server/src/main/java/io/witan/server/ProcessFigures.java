package io.witan.server;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the system tells of this process. Read from /proc: the JDK's management beans would add a
/// tenth of a second to the start.
final class ProcessFigures {

    private static final String MAX_OPEN_FILES = "Max open files";

    private final Path self;

    /// @param self `/proc/self` on Linux; a directory that does not exist elsewhere
    ProcessFigures(Path self) {
        this.self = self;
    }

    /// -1 where the system does not tell.
    long openFileDescriptorCount() {
        String[] open = self.resolve("fd").toFile().list();
        return open == null ? -1 : open.length;
    }

    /// -1 where the system does not tell or there is no limit.
    long maxFileDescriptorCount() {
        try {
            return Files.readAllLines(self.resolve("limits"), StandardCharsets.US_ASCII).stream()
                    .filter(line -> line.startsWith(MAX_OPEN_FILES))
                    .map(line ->
                            List.of(line.substring(MAX_OPEN_FILES.length()).strip().split(" +", -1))
                                    .getFirst())
                    .filter(soft -> !soft.equals("unlimited"))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(-1);
        } catch (java.io.IOException unknown) {
            return -1;
        }
    }

    /// This machine's name without asking a name server, which can take seconds.
    static String hostName() {
        try {
            return Files.readString(new File("/etc/hostname").toPath()).strip();
        } catch (java.io.IOException unknown) {
            return "localhost";
        }
    }
}
