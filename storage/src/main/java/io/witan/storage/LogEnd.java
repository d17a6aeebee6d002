package io.witan.storage;

import org.jspecify.annotations.Nullable;

/// Where the whole records of a log file end, and what stands there.
///
/// @param offset first byte that is not part of a whole record; 0 if not even the header is there
/// @param what what was found there, as a clause for the operator
/// @param next the next whole record behind the bad place, if there is one
public record LogEnd(Kind kind, long offset, String what, @Nullable Found next) {

    /// What the bytes from `offset` on can be.
    public enum Kind {
        /// The file ends, or only padding follows.
        CLEAN,
        /// What an interrupted write leaves: part of a record, nothing whole behind it. It was
        /// never acknowledged.
        TORN,
        /// What no interrupted write leaves. Acknowledged transactions may be lost.
        DAMAGED
    }

    /// A whole record, checksum and all.
    public record Found(long offset, long zxid) {}

    static LogEnd clean(long offset) {
        return new LogEnd(Kind.CLEAN, offset, "the records end", null);
    }

    static LogEnd torn(long offset, String what) {
        return new LogEnd(Kind.TORN, offset, what, null);
    }

    static LogEnd damaged(long offset, String what, @Nullable Found next) {
        return new LogEnd(Kind.DAMAGED, offset, what, next);
    }
}
