package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// The configuration files that a member rewrites itself (quorum, section 1.5), CFG being the path
/// of the static one. Each is replaced as a whole, durably: a crash leaves the old text or the new.
///
/// | file | holds |
/// | --- | --- |
/// | CFG | the static keys, and `dynamicConfigFile` |
/// | CFG.bak | CFG as the operator wrote it |
/// | CFG.dynamic.HEX | the members, committed at that version; no version line |
/// | CFG.dynamic.next | the newest members heard of, with their version; not committed yet |
///
/// It knows nothing of members: texts come in and go out.
public final class ConfigFiles {

    private static final int BYTES_MAX = 1 << 20;
    private static final String DYNAMIC = ".dynamic.";
    private static final String NEXT = "next";
    private static final String BACKUP = ".bak";

    private static final List<String> MEMBER_PREFIXES = List.of("server.", "group", "weight");
    private static final String DYNAMIC_KEY = "dynamicConfigFile";
    private static final List<String> MEMBER_KEYS = List.of(DYNAMIC_KEY, "peerType");
    private static final List<String> CLIENT_KEYS = List.of("clientPort", "clientPortAddress");

    private final Disk disk;
    private final Path directory;
    private final String name;

    /// @param staticFile the absolute path of CFG
    public ConfigFiles(Disk disk, Path staticFile) {
        this.disk = disk;
        this.directory = DataDirectory.parentOf(staticFile);
        this.name = staticFile.getFileName().toString();
    }

    /// The text of CFG.dynamic.next, or null if there is none.
    public @Nullable String next() {
        return read(name + DYNAMIC + NEXT);
    }

    /// Remembers a configuration that was seen and is not committed.
    public void writeNext(String text) {
        write(name + DYNAMIC + NEXT, text);
    }

    /// Forgets it: the newest one seen is committed.
    public void deleteNext() {
        Path path = directory.resolve(name + DYNAMIC + NEXT);
        try {
            if (disk.kind(path) != Disk.Kind.MISSING) {
                disk.delete(path);
                disk.syncDirectory(directory);
            }
        } catch (IOException e) {
            throw failed("delete", path, e);
        }
    }

    /// Writes the members of a committed configuration. Returns the path for `dynamicConfigFile`.
    public Path writeDynamic(long version, String text) {
        String fileName = name + DYNAMIC + Long.toHexString(version);
        write(fileName, text);
        return directory.resolve(fileName);
    }

    /// A text file, for the one that `dynamicConfigFile` names; null if it is missing.
    public @Nullable String dynamic(long version) {
        return read(name + DYNAMIC + Long.toHexString(version));
    }

    /// Keeps CFG as the operator wrote it, as long as it is that: one that names a dynamic file has
    /// been rewritten.
    public void backUp() {
        String text = read(name);
        if (text != null && text.lines().noneMatch(line -> keyOf(line).equals(DYNAMIC_KEY))) {
            write(name + BACKUP, text);
        }
    }

    /// Rewrites CFG: lines that say who the members are go, and it ends with the name of the file
    /// that does. All other lines stay as they are, comments too.
    ///
    /// @param dropClientPort whether the member's own entry says where clients connect
    public void rewriteStatic(Path dynamicFile, boolean dropClientPort) {
        String text = read(name);
        if (text != null) {
            write(name, rewritten(text, dynamicFile, dropClientPort));
        }
    }

    static String rewritten(String text, Path dynamicFile, boolean dropClientPort) {
        StringBuilder kept = new StringBuilder();
        boolean continues = false;
        boolean drop = false;
        for (String line : text.lines().toList()) {
            if (!continues) {
                drop = isDropped(keyOf(line), dropClientPort);
            }
            if (!drop) {
                kept.append(line).append('\n');
            }
            continues = (continues || !isComment(line)) && endsWithOpenBackslash(line);
        }
        if (continues && !drop) {
            kept.append('\n'); // Or the last line would go on with ours.
        }
        return kept.append("dynamicConfigFile=")
                .append(dynamicFile.toString().replace("\\", "\\\\"))
                .append('\n')
                .toString();
    }

    private static boolean isDropped(String key, boolean dropClientPort) {
        return MEMBER_KEYS.contains(key)
                || MEMBER_PREFIXES.stream().anyMatch(key::startsWith)
                || (dropClientPort && CLIENT_KEYS.contains(key));
    }

    private static boolean isComment(String line) {
        String text = line.stripLeading();
        return text.startsWith("#") || text.startsWith("!");
    }

    /// The key of a line of Java properties, "" for a comment.
    private static String keyOf(String line) {
        String text = line.stripLeading();
        if (isComment(text)) {
            return "";
        }
        int end = 0;
        while (end < text.length() && "=: \t\f".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(0, end);
    }

    /// Whether the line goes on in the next one.
    private static boolean endsWithOpenBackslash(String line) {
        int count = 0;
        while (count < line.length() && line.charAt(line.length() - 1 - count) == '\\') {
            count++;
        }
        return count % 2 == 1;
    }

    private @Nullable String read(String fileName) {
        Path path = directory.resolve(fileName);
        try {
            if (disk.kind(path) == Disk.Kind.MISSING) {
                return null;
            }
            long size = disk.size(path);
            if (size > BYTES_MAX) {
                throw new IOException("it has " + size + " bytes, more than " + BYTES_MAX);
            }
            byte[] bytes = new byte[(int) size];
            try (DiskFile file = disk.openForReading(path)) {
                int count = file.read(ByteBuffer.wrap(bytes), 0);
                return new String(bytes, 0, count, StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw failed("read", path, e);
        }
    }

    private void write(String fileName, String text) {
        try {
            SmallFiles.write(disk, directory, fileName, text);
        } catch (IOException e) {
            throw failed("write", directory.resolve(fileName), e);
        }
    }

    private static DataDirectoryException failed(String what, Path path, IOException cause) {
        return new DataDirectoryException(
                "Cannot "
                        + what
                        + " configuration file "
                        + path
                        + ": "
                        + LogWriteException.describe(cause)
                        + ". A server that takes part in reconfigurations must be able to write"
                        + " beside its configuration file. Check the permissions of that directory"
                        + " for the user that runs the server, free space and health of the disk.",
                cause);
    }
}
