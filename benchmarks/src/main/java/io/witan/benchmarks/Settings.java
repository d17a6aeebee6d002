package io.witan.benchmarks;

import io.witan.benchmarks.subject.JvmFlags;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What a run measures and for how long.
///
/// @param servers how many each subject has; more than one are an ensemble
/// @param repeats how often each subject is measured, each time as a new process
/// @param warmUp before each cell, unmeasured, so that the server's compiled code fits the cell
/// @param firstWarmUp for each kind of workload, right after a server has started
/// @param scratch where the servers keep their data meanwhile
record Settings(
        int servers,
        List<Cell> cells,
        Set<Special> specials,
        int repeats,
        Duration firstWarmUp,
        Duration warmUp,
        Duration length,
        Scale scale,
        JvmFlags flags,
        Path scratch) {

    Settings {
        if (servers > 1 && !specials.isEmpty()) {
            throw new IllegalArgumentException("only closed loops run against ensembles");
        }
        cells = List.copyOf(cells);
        specials = Set.copyOf(specials);
    }

    /// The sizes of the measurements that are not closed loops.
    ///
    /// @param znodes how many znodes of 100 B the trees hold whose memory is measured and of which
    ///   a snapshot is written
    record Scale(
            int znodes,
            int watches,
            int watchedZnodes,
            int sessions,
            int starts,
            int pacedWritesPerSecond,
            Duration paced) {

        static Scale full() {
            return new Scale(
                    1_000_000, 1_000_000, 100_000, 10_000, 5, 1_000, Duration.ofSeconds(40));
        }

        static Scale quick() {
            return new Scale(200_000, 200_000, 20_000, 1_000, 3, 1_000, Duration.ofSeconds(15));
        }
    }
}
