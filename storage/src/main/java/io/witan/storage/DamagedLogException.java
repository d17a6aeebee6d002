package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// The transaction log does not hold what it must: a record is damaged, missing, repeated or in a
/// wrong place. A torn record at the very end is no error: that write was never acknowledged, and
/// recovery cuts it off.
public final class DamagedLogException extends StorageException {

    private static final long serialVersionUID = 1;

    /// Nothing of moving directories away: a server that is alone would begin with nothing, and a
    /// member does what is needed by itself.
    private static final String ADVICE =
            " The server does not start, rather than serve a state with a hole in it. Keep a copy"
                    + " of the directory and see docs/operations/damaged-log.md for what can be"
                    + " saved and how.";

    private static final String TORN_GROUP =
            " (Only if the machine lost power at that very moment can these be transactions that"
                    + " were never acknowledged: the document below tells how to decide.)";

    private final String problem;
    private final transient Path file;
    private final long offset;
    private final long lastGoodZxid;
    private final long nextGoodZxid;

    private DamagedLogException(
            Path file,
            long offset,
            long lastGoodZxid,
            long nextGoodZxid,
            String message,
            @Nullable Throwable cause) {
        super(message + ADVICE);
        if (cause != null) {
            initCause(cause);
        }
        this.problem = message;
        this.file = file;
        this.offset = offset;
        this.lastGoodZxid = lastGoodZxid;
        this.nextGoodZxid = nextGoodZxid;
    }

    /// A bad place within a file.
    static DamagedLogException inside(Path file, LogEnd end, long lastGoodZxid) {
        LogEnd.Found next = end.next();
        return new DamagedLogException(
                file,
                end.offset(),
                lastGoodZxid,
                next == null ? -1 : next.zxid(),
                "Transaction log "
                        + file
                        + " is damaged at byte "
                        + end.offset()
                        + ": "
                        + end.what()
                        + ". "
                        + lastGood(lastGoodZxid)
                        + (next == null
                                ? " No whole transaction follows, but no interrupted write leaves"
                                        + " such bytes: at least one acknowledged transaction is lost."
                                : " Transaction "
                                        + Zxids.hex(next.zxid())
                                        + " follows whole at byte "
                                        + next.offset()
                                        + missing(lastGoodZxid, next.zxid())
                                        + TORN_GROUP),
                null);
    }

    /// Transactions that do not join: some are missing between them. `before` is the file with
    /// transaction `last`, null if that is the snapshot's.
    static DamagedLogException gap(
            @Nullable Path before, Path file, long offset, long last, long next) {
        String first =
                before == null
                        ? "the snapshot ends with transaction " + Zxids.hex(last)
                        : before + " has transaction " + Zxids.hex(last);
        String second =
                (file.equals(before) ? "at byte " + offset : "at byte " + offset + " " + file)
                        + " goes on with "
                        + Zxids.hex(next);
        return new DamagedLogException(
                file,
                offset,
                last,
                next,
                "The transaction log has a hole: "
                        + first
                        + ", and "
                        + second
                        + missing(last, next),
                null);
    }

    /// A bad place with which a file ends too early: the next file does not continue it. `known` is
    /// the last transaction in it or in the snapshot.
    static DamagedLogException endsEarly(
            Path file, LogEnd end, long lastGoodZxid, Path nextFile, long next) {
        return new DamagedLogException(
                file,
                end.offset(),
                lastGoodZxid,
                next,
                "Transaction log "
                        + file
                        + " is damaged at byte "
                        + end.offset()
                        + ": "
                        + end.what()
                        + ". "
                        + lastGood(lastGoodZxid)
                        + " The next file, "
                        + nextFile
                        + ", begins with "
                        + Zxids.hex(next)
                        + missing(lastGoodZxid, next),
                null);
    }

    /// A whole record that does not belong where it lies.
    static DamagedLogException outOfPlace(Path file, long offset, long last, long found) {
        return new DamagedLogException(
                file,
                offset,
                last,
                found,
                "Transaction log "
                        + file
                        + " holds at byte "
                        + offset
                        + " transaction "
                        + Zxids.hex(found)
                        + ", where the one after "
                        + Zxids.hex(last)
                        + " belongs: a write went to a wrong place, and what belongs here is lost.",
                null);
    }

    /// A file whose first record is not the one its name says.
    static DamagedLogException misnamed(Path file, long nameZxid, long found) {
        return new DamagedLogException(
                file,
                16,
                -1,
                found,
                "Transaction log "
                        + file
                        + " should begin with transaction "
                        + Zxids.hex(nameZxid)
                        + ", as its name says, but begins with "
                        + Zxids.hex(found)
                        + ": it was renamed, or a write went to a wrong place.",
                null);
    }

    /// A record with a right checksum that is no transaction known here.
    static DamagedLogException undecodable(
            Path file, long offset, long zxid, RuntimeException cause) {
        return new DamagedLogException(
                file,
                offset,
                zxid - 1,
                -1,
                "Transaction log "
                        + file
                        + " holds at byte "
                        + offset
                        + " transaction "
                        + Zxids.hex(zxid)
                        + ", which this version cannot read ("
                        + cause.getMessage()
                        + "); its checksum is right, so it was written like this, perhaps by a newer"
                        + " version.",
                cause);
    }

    /// A snapshot is bad, and the log ends before the transaction that it ended with.
    static DamagedLogException endsBefore(Path snapshot, long lastGoodZxid, long snapshotZxid) {
        return new DamagedLogException(
                snapshot,
                0,
                lastGoodZxid,
                -1,
                "Snapshot "
                        + snapshot
                        + " is bad, and the transaction log does not reach as far as it did, which"
                        + " is transaction "
                        + Zxids.hex(snapshotZxid)
                        + ". "
                        + lastGood(lastGoodZxid),
                null);
    }

    /// A snapshot is bad, and its transaction is not in the log, which goes on behind it: what it
    /// came from was never in this log.
    static DamagedLogException skips(
            Path file, long offset, long last, long snapshotZxid, long next) {
        return new DamagedLogException(
                file,
                offset,
                last,
                next,
                "The transaction log has a hole: at byte "
                        + offset
                        + " "
                        + file
                        + " goes from "
                        + Zxids.hex(last)
                        + " to "
                        + Zxids.hex(next)
                        + ", and the snapshot of "
                        + Zxids.hex(snapshotZxid)
                        + " that lay between is bad.",
                null);
    }

    /// The disk does not give the bytes.
    static DamagedLogException unreadable(
            Path file, long offset, long lastGoodZxid, Throwable cause) {
        return new DamagedLogException(
                file,
                offset,
                lastGoodZxid,
                -1,
                "Transaction log "
                        + file
                        + " cannot be read at or after byte "
                        + offset
                        + ": "
                        + cause.getMessage()
                        + ". "
                        + lastGood(lastGoodZxid),
                cause);
    }

    /// A new log file would get the name of one that holds transactions.
    static DamagedLogException wouldOverwrite(Path file, long zxid) {
        return new DamagedLogException(
                file,
                16,
                -1,
                zxid,
                "A new transaction log would replace "
                        + file
                        + ", which holds transaction "
                        + Zxids.hex(zxid)
                        + " and was not there, or not readable, when the server started.",
                null);
    }

    public Path file() {
        return file;
    }

    /// The message without the advice for a server that does not start.
    public String problem() {
        return problem;
    }

    /// Where in [#file] the damage starts.
    public long offset() {
        return offset;
    }

    /// The last transaction before the damage, in the log or in the snapshot; at most 0 if there is
    /// none.
    public long lastGoodZxid() {
        return lastGoodZxid;
    }

    /// The next transaction behind the damage, -1 if there is none.
    public long nextGoodZxid() {
        return nextGoodZxid;
    }

    private static String lastGood(long zxid) {
        return zxid <= 0
                ? "No transaction is known before it."
                : "Last good transaction: " + Zxids.hex(zxid) + ".";
    }

    private static String missing(long last, long next) {
        if (last >= 0 && Zxids.epoch(last) == Zxids.epoch(next) && next > last + 1) {
            return next == last + 2
                    ? "; transaction " + Zxids.hex(last + 1) + " is missing."
                    : "; transactions "
                            + Zxids.hex(last + 1)
                            + " to "
                            + Zxids.hex(next - 1)
                            + " are missing.";
        }
        return ".";
    }
}
