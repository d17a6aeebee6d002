package io.witan.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a reader of a report must know about the machine: without it a number means nothing.
public final class Machine {

    private Machine() {}

    public static List<String> facts() {
        return List.of(
                "%s, %d cores, %d GiB of memory, %s %s"
                        .formatted(
                                processor(),
                                Runtime.getRuntime().availableProcessors(),
                                memoryGib(),
                                System.getProperty("os.name"),
                                System.getProperty("os.version")),
                "JDK %s (%s), for servers and load generator"
                        .formatted(
                                System.getProperty("java.vm.version"),
                                System.getProperty("java.vendor")));
    }

    private static String processor() {
        return read("/proc/cpuinfo")
                .lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
    }

    private static long memoryGib() {
        var kib =
                read("/proc/meminfo")
                        .lines()
                        .filter(line -> line.startsWith("MemTotal:"))
                        .map(line -> line.replaceAll("[^0-9]", ""))
                        .mapToLong(Long::parseLong)
                        .findFirst()
                        .orElse(0);
        return Math.round(kib / 1024.0 / 1024.0);
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
