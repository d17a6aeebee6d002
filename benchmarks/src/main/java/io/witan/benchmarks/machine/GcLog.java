package io.witan.benchmarks.machine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The log that a JVM keeps of its collector (`-Xlog:gc`), in a file: how long it stood still.
///
/// ```
/// [12.345s][info][gc] GC(7) Pause Young (Normal) (G1 Evacuation Pause) 812M->431M(2048M) 6.021ms
/// [12.345s][info][gc,phases] GC(7) Y: Pause Mark Start 0.011ms
/// ```
///
/// @param flag what the JVM needs to write it
public record GcLog(Path file, String flag) {

    private static final Pattern PAUSE = Pattern.compile("\\bPause\\b.* ([0-9.]+)ms$");

    /// In milliseconds.
    public record Pauses(int count, double longestMillis, double sumMillis) {}

    public static GcLog at(Path file) {
        return new GcLog(file, "-Xlog:gc,gc+phases:file=" + file + "::filecount=0");
    }

    /// Where the log ends now.
    public long end() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /// The pauses that were logged behind that point.
    public Pauses since(long end) {
        try {
            var bytes = Files.readAllBytes(file);
            return of(new String(bytes, (int) end, bytes.length - (int) end, ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    static Pauses of(String text) {
        var millis =
                text.lines()
                        .map(PAUSE::matcher)
                        .filter(Matcher::find)
                        .mapToDouble(pause -> Double.parseDouble(pause.group(1)))
                        .summaryStatistics();
        return new Pauses((int) millis.getCount(), Math.max(0, millis.getMax()), millis.getSum());
    }

    public void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }
}
