package io.witan.wire;

import io.witan.wire.data.Acl;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The bytes recorded from real ZooKeeper servers, in `testdata/vectors` of the repository.
public final class Vectors {

    private static final Path FOLDER = find();

    private Vectors() {}

    public static Path path(String name) {
        return FOLDER.resolve(name);
    }

    public static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<String> lines(String name) {
        try {
            return Files.readAllLines(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Lines that are neither empty nor comments.
    public static List<String> values(String name) {
        return lines("values/" + name).stream()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    /// Names of all files below `folder` that begin with `prefix`, sorted.
    public static List<String> files(String folder, String prefix) {
        try (Stream<Path> files = Files.walk(path(folder))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().startsWith(prefix))
                    .map(file -> FOLDER.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A string as the vectors quote it, non-ASCII characters as `\\uXXXX`.
    public static String unquoted(String quoted) {
        if (!quoted.startsWith("\"") || !quoted.endsWith("\"")) {
            throw new IllegalArgumentException(quoted);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < quoted.length() - 1; i++) {
            if (quoted.startsWith("\\u", i)) {
                text.append((char) Integer.parseInt(quoted.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                text.append(quoted.charAt(i));
            }
        }
        return text.toString();
    }

    /// The other way round.
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x7F) {
                quoted.append(c);
            } else {
                quoted.append(String.format("\\u%04x", (int) c));
            }
        }
        return quoted.append('"').toString();
    }

    /// An access control list as the decoded files show it.
    public static String aclJson(@Nullable List<Acl> acl) {
        if (acl == null) {
            return "null";
        }
        return acl.stream()
                .map(entry ->
                        "{\"perms\":%d,\"scheme\":\"%s\",\"id\":\"%s\"}"
                                .formatted(entry.perms(), entry.id().scheme(), entry.id().id()))
                .collect(Collectors.joining(",", "[", "]"));
    }

    /// `"a",null,"bc"` as its elements.
    public static List<String> elements(String list) {
        return list.isEmpty() ? new ArrayList<>() : List.of(list.split(",", -1));
    }

    private static Path find() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("testdata/vectors"))) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new IllegalStateException("no testdata/vectors above the working directory");
            }
            folder = parent;
        }
        return folder.resolve("testdata/vectors");
    }
}
