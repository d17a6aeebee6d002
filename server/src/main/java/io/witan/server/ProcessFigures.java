package io.witan.server;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What the system tells of this process. Read from /proc: the JDK's management beans would add a
/// tenth of a second to the start.
final class ProcessFigures {

    private static final String MAX_OPEN_FILES = "Max open files";

    /// Linux counts times of processes in hundredths of a second for its users, whatever it does
    /// inside.
    private static final int TICKS_A_SECOND = 100;

    /// Behind the name in parentheses, of the fields in `/proc/self/stat`.
    private static final int START_TIME = 19;

    private final Path proc;
    private final Path self;

    /// @param proc `/proc` on Linux; a directory that does not exist elsewhere
    ProcessFigures(Path proc) {
        this.proc = proc;
        this.self = proc.resolve("self");
    }

    /// How long this process has been there, to a hundredth of a second: the JDK's own answer is
    /// based on the second in which the system was started. The JDK's where the system does not
    /// tell, or tells of two times that have different beginnings, as in some containers.
    Duration age() {
        try {
            String stat = Files.readString(self.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            String uptime = Files.readString(proc.resolve("uptime"), StandardCharsets.ISO_8859_1);
            String[] seconds = uptime.substring(0, uptime.indexOf(' ')).split("[.]", -1);
            long ticks =
                    Long.parseLong(seconds[0]) * TICKS_A_SECOND
                            + Long.parseLong(seconds[1])
                            - Long.parseLong(fields[START_TIME]);
            if (ticks >= 0) {
                return Duration.ofMillis(ticks * 1_000 / TICKS_A_SECOND);
            }
        } catch (java.io.IOException | IndexOutOfBoundsException | NumberFormatException unknown) {
            // The JDK may know.
        }
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> Duration.between(start, Instant.now()))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
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
