package io.witan.storage;

import java.util.Locale;

/// Names of the files in a data directory (client-and-disk, section 9.1): `log.HEX` and
/// `snapshot.HEX[.gz|.snappy]`.
final class LogFiles {

    static final String LOG = "log";
    static final String SNAPSHOT = "snapshot";

    private LogFiles() {}

    static String logName(long zxid) {
        return LOG + "." + Long.toHexString(zxid);
    }

    static String snapshotName(long zxid, SnapshotCompression compression) {
        return SNAPSHOT + "." + Long.toHexString(zxid) + compression.suffix();
    }

    /// The zxid in the name of a file of the given kind, or -1 if it is none.
    static long zxid(String name, String kind) {
        String[] parts = name.split("\\.", -1);
        if (parts.length < 2 || !parts[0].equals(kind) || parts[1].isEmpty()) {
            return -1;
        }
        try {
            // As in the original: signed, so at most 63 bits.
            long zxid = Long.parseLong(parts[1], 16);
            return zxid < 0 ? -1 : zxid;
        } catch (NumberFormatException notHex) {
            return -1;
        }
    }

    /// What the third part of a snapshot's name says.
    static SnapshotCompression compression(String name) {
        String[] parts = name.split("\\.", -1);
        if (parts.length < 3) {
            return SnapshotCompression.NONE;
        }
        return switch (parts[2].toLowerCase(Locale.ROOT)) {
            case "gz" -> SnapshotCompression.GZIP;
            case "snappy" -> SnapshotCompression.SNAPPY;
            default -> SnapshotCompression.NONE;
        };
    }
}
