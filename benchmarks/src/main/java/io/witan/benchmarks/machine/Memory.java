package io.witan.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Memory of a JVM: what is live on its heap after a full collection, and what the process holds of
/// the machine's memory.
public record Memory(long liveHeapBytes, long residentBytes) {

    /// Collects the garbage of the process first, so this stops it for a moment.
    public static Memory of(ProcessHandle process) {
        // The second collection takes what the first one only made ready to go (references with
        // cleaners, for example).
        histogram(process.pid());
        var live = liveHeapBytesOf(histogram(process.pid()));
        return new Memory(live, residentBytes(process));
    }

    public static long residentBytes(ProcessHandle process) {
        var status = Path.of("/proc/" + process.pid() + "/status");
        try {
            return residentBytesOf(Files.readString(status));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + status, e);
        }
    }

    public Memory minus(Memory other) {
        return new Memory(liveHeapBytes - other.liveHeapBytes, residentBytes - other.residentBytes);
    }

    /// From a line of `/proc/PID/status`: `VmRSS: 123456 kB`.
    static long residentBytesOf(String status) {
        return status.lines()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .map(line -> line.replaceAll("[^0-9]", ""))
                        .mapToLong(Long::parseLong)
                        .findFirst()
                        .orElseThrow()
                * 1024;
    }

    /// From the last line of a class histogram: `Total 123456 7890123`, instances and bytes.
    static long liveHeapBytesOf(String histogram) {
        return histogram
                .lines()
                .filter(line -> line.startsWith("Total"))
                .map(line -> line.trim().split(" +"))
                .mapToLong(fields -> Long.parseLong(fields[2]))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("jcmd printed no total:\n" + histogram));
    }

    private static String histogram(long pid) {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            var process =
                    new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
                            .redirectErrorStream(true)
                            .start();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("jcmd failed:\n" + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + jcmd, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while jcmd ran", e);
        }
    }
}
