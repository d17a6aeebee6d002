package io.witan.storage;

import io.witan.storage.testing.FakeDisk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The data directories recorded from real ZooKeeper servers, in `testdata/vectors/disk`.
final class Vectors {

    private static final Path FOLDER = find();

    private Vectors() {}

    static Path path(String name) {
        return FOLDER.resolve(name);
    }

    /// A copy of a recorded directory, as `/data`.
    static FakeDisk disk(String name) {
        FakeDisk disk = new FakeDisk();
        try {
            disk.putDirectory(Path.of("/data"), path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return disk;
    }

    static List<String> expected(String name) {
        try {
            return Files.readAllLines(path("expected/" + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The first value of `key` in a line of JSON, without quotes; a missing one is an error.
    static String field(String json, String key) {
        Matcher matcher = Pattern.compile("\"" + key + "\":(\"([^\"]*)\"|[^,}\\]]*)").matcher(json);
        if (!matcher.find()) {
            throw new AssertionError("no " + key + " in " + json);
        }
        return matcher.group(2) != null ? unescape(matcher.group(2)) : matcher.group(1);
    }

    private static String unescape(String text) {
        return Pattern.compile("\\\\u([0-9a-f]{4})")
                .matcher(text)
                .replaceAll(match -> Character.toString(Integer.parseInt(match.group(1), 16)));
    }

    private static Path find() {
        for (Path path = Path.of("").toAbsolutePath(); path != null; path = path.getParent()) {
            Path vectors = path.resolve("testdata/vectors/disk");
            if (Files.isDirectory(vectors)) {
                return vectors;
            }
        }
        throw new AssertionError("testdata/vectors/disk not found");
    }
}
