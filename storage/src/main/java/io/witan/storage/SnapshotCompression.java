package io.witan.storage;

/// How a snapshot file is compressed; its name tells (client-and-disk, section 9.4).
public enum SnapshotCompression {
    NONE(""),
    GZIP(".gz"),
    SNAPPY(".snappy");

    private final String suffix;

    SnapshotCompression(String suffix) {
        this.suffix = suffix;
    }

    /// What follows the zxid in the file's name.
    public String suffix() {
        return suffix;
    }
}
