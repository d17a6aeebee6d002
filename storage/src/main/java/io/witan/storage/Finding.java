package io.witan.storage;

import java.nio.file.Path;

/// Something that recovery saw and the operator should read about, though the server starts.
public record Finding(Severity severity, Path file, String text) {

    /// INFO: as it happens after a crash. WARN: someone should look.
    public enum Severity {
        INFO,
        WARN
    }

    static Finding info(Path file, String text) {
        return new Finding(Severity.INFO, file, text);
    }

    static Finding warn(Path file, String text) {
        return new Finding(Severity.WARN, file, text);
    }
}
