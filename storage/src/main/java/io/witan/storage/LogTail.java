package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What stands at the end of the log.
///
/// @param last the last file that holds records, if any
/// @param recordsEnd where its records end
/// @param torn the torn write behind them, if there is one
/// @param empty files behind `last` that hold no record
record LogTail(
        @Nullable LogFile last, long recordsEnd, @Nullable LogEnd torn, List<LogFile> empty) {

    static final LogTail NONE = new LogTail(null, 0, null, List.of());
}
