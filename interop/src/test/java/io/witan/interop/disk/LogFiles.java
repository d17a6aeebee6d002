package io.witan.interop.disk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Looks into the transaction logs of a server that runs.
public final class LogFiles {

    private LogFiles() {}

    /// Whether a transaction that names `path` is in one of the logs.
    public static boolean contain(Path dataDir, String path) throws IOException {
        for (Path log : new DataDirectory(dataDir).files("log")) {
            if (Files.readString(log, ISO_8859_1).contains(path)) {
                return true;
            }
        }
        return false;
    }
}
