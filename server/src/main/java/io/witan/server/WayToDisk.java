package io.witan.server;

import io.witan.server.log.GroupCommit;
import io.witan.server.net.CoreLoop;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Future;

/// On which thread what a batch has collected becomes durable: on the log thread, or, as long as
/// nobody waits for that who would not wait anyway, on the loop itself, which saves two changes of
/// thread (docs/decisions/0009-the-loop-waits-for-the-disk.md and 0041-all-clients-wait.md).
///
/// Everything here runs on the loop.
final class WayToDisk {

    private final CoreLoop core;
    private final GroupCommit commits;

    private @Nullable Future<?> endOfGathering;

    WayToDisk(CoreLoop core, GroupCommit commits) {
        this.core = core;
        this.commits = commits;
    }

    /// At the end of a batch.
    ///
    /// @param clients how many are connected
    /// @param everyClientWaits whether all of them wait for answers
    void take(int clients, boolean everyClientWaits) {
        boolean isForOne = clients <= 1;
        if ((isForOne || everyClientWaits) && commits.takeToCommit(isForOne)) {
            if (endOfGathering != null) {
                endOfGathering.cancel(false);
                endOfGathering = null;
            }
            core.waitAfterBatch(commits::commitTaken);
        } else {
            endGatheringAfter(commits.flush());
        }
    }

    private void endGatheringAfter(long nanos) {
        if (nanos > 0 && endOfGathering == null) {
            endOfGathering = core.alarm(nanos, this::endGathering);
        }
    }

    private void endGathering() {
        endOfGathering = null;
        endGatheringAfter(commits.endGathering());
    }
}
