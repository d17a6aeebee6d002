package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The file `witan.damaged` beside the snapshots: this server may have lost what it had
/// acknowledged, so it must not vote, whatever its files look like now, until a leader that an
/// intact quorum elected has synchronised it. ZooKeeper ignores the file.
///
/// @param aside beginnings of the names of the files that were moved aside
/// @param moving whether the move was under way
/// @param voidAt where the log ended when a snapshot was about to replace it: if it ends there at a
///   start, nothing is lost; -1 if there is no such point
record DamageMark(Cause cause, List<String> aside, boolean moving, long voidAt, String reason) {

    /// Nothing makes it void but a leader.
    private static final long NEVER = -1;

    static final String FILE = "witan.damaged";

    private static final String EXPLANATION =
            """
            This server takes part in its ensemble without a vote: it may have lost transactions or
            promises that the others rely on. A leader brings it up to date; then this file goes, and
            it votes again. It is read by the server: do not edit it. What to do if no leader can be
            elected without this server: docs/operations/damaged-log.md.

            """;

    /// Why.
    enum Cause {
        /// Transactions or snapshots could not be read, and were moved aside.
        DAMAGED,
        /// An epoch file is lost or could not be read.
        EPOCH_LOST,
        /// There are no data, and nobody said that a new database may begin.
        NO_DATA,
        /// A snapshot from a leader has replaced a longer log; the rest was to follow.
        TAKEN_BACK
    }

    DamageMark(Cause cause, List<String> aside, boolean moving, String reason) {
        this(cause, aside, moving, NEVER, reason);
    }

    /// The mark of a server whose log, which ends at `lastZxid`, is to be replaced by less.
    static DamageMark takenBack(long lastZxid, String reason) {
        return new DamageMark(Cause.TAKEN_BACK, List.of(), false, lastZxid, reason);
    }

    /// Whether a log with that end holds all that this server has ever acknowledged: the snapshot
    /// has not replaced it, or the rest has come.
    boolean isVoidWith(long lastZxid) {
        return cause == Cause.TAKEN_BACK && voidAt != NEVER && voidAt == lastZxid;
    }

    /// The mark, or null if there is none. One that cannot be read is one.
    static @Nullable DamageMark read(DataDirectory directory) {
        Path path = path(directory);
        try {
            if (directory.disk().kind(path) == Disk.Kind.MISSING) {
                return null;
            }
            return parse(SmallFiles.read(directory.disk(), path));
        } catch (IOException e) {
            return new DamageMark(
                    Cause.DAMAGED,
                    List.of(),
                    false,
                    path + " cannot be read: " + LogWriteException.describe(e));
        }
    }

    /// Makes the mark, durably.
    void write(DataDirectory directory) {
        try {
            SmallFiles.write(
                    directory.disk(), directory.snapshotDirectory(), FILE, EXPLANATION + lines());
        } catch (IOException e) {
            throw failed("write", directory, e);
        }
    }

    /// Removes the mark, durably.
    static void clear(DataDirectory directory) {
        try {
            if (directory.disk().kind(path(directory)) != Disk.Kind.MISSING) {
                directory.disk().delete(path(directory));
                directory.disk().syncDirectory(directory.snapshotDirectory());
            }
        } catch (IOException e) {
            throw failed("remove", directory, e);
        }
    }

    static Path path(DataDirectory directory) {
        return directory.snapshotDirectory().resolve(FILE);
    }

    private String lines() {
        return "cause="
                + cause.name().toLowerCase(Locale.ROOT)
                + "\naside="
                + String.join(" ", aside)
                + "\nmoving="
                + moving
                + (voidAt == NEVER ? "" : "\nvoidAt=" + Long.toHexString(voidAt))
                + "\nreason="
                + reason.replace('\n', ' ').replace('\r', ' ')
                + "\n";
    }

    private static DamageMark parse(String text) {
        Cause cause = Cause.DAMAGED;
        List<String> aside = List.of();
        boolean moving = false;
        long voidAt = NEVER;
        String reason = "the file does not say why";
        for (String line : text.lines().toList()) {
            int end = line.indexOf('=');
            String value = end < 0 ? "" : line.substring(end + 1);
            switch (end < 0 ? "" : line.substring(0, end)) {
                case "cause" -> cause = causeOf(value);
                case "aside" -> aside = value.isEmpty() ? List.of() : List.of(value.split(" ", -1));
                case "moving" -> moving = value.equals("true");
                case "voidAt" -> voidAt = zxidOf(value);
                case "reason" -> reason = value;
                default -> {
                    // The explanation.
                }
            }
        }
        return new DamageMark(cause, aside, moving, voidAt, reason);
    }

    private static long zxidOf(String hex) {
        try {
            return Long.parseLong(hex, 16);
        } catch (NumberFormatException notHex) {
            return NEVER;
        }
    }

    private static Cause causeOf(String name) {
        for (Cause cause : Cause.values()) {
            if (cause.name().toLowerCase(Locale.ROOT).equals(name)) {
                return cause;
            }
        }
        return Cause.DAMAGED;
    }

    private static DataDirectoryException failed(
            String what, DataDirectory directory, IOException cause) {
        return new DataDirectoryException(
                "Cannot "
                        + what
                        + " "
                        + path(directory)
                        + ": "
                        + LogWriteException.describe(cause)
                        + ". The server stops: the file decides whether it may vote. Check free"
                        + " space and health of the disk under dataDir.",
                cause);
    }
}
