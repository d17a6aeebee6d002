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
/// @param quietWait how long a measurement waits for other programs to leave the machine alone
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
        Duration quietWait,
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
    /// @param znodes how many znodes of 100 B the trees hold whose memory is measured, of which a
    ///   snapshot is written, and with which servers are started
    /// @param starts how often each is started
    record Scale(
            int znodes,
            Watches watches,
            Idle idle,
            FanOut fanOut,
            int starts,
            Paced paced,
            Large large) {

        static Scale full() {
            return new Scale(
                    1_000_000,
                    new Watches(1_000_000, 100_000),
                    new Idle(10_000, Duration.ofSeconds(20)),
                    new FanOut(5_000, 20, 21),
                    5,
                    new Paced(4_000, Duration.ofMinutes(2)),
                    new Large(3_000_000, Duration.ofMinutes(1)));
        }

        static Scale quick() {
            return new Scale(
                    200_000,
                    new Watches(200_000, 20_000),
                    new Idle(1_000, Duration.ofSeconds(5)),
                    new FanOut(1_000, 20, 11),
                    3,
                    new Paced(4_000, Duration.ofSeconds(30)),
                    new Large(400_000, Duration.ofSeconds(15)));
        }

        Scale withSessions(int sessions) {
            return new Scale(
                    znodes, watches, new Idle(sessions, idle.length), fanOut, starts, paced, large);
        }

        Scale withMixedFor(Duration length) {
            return new Scale(
                    znodes, watches, idle, fanOut, starts, paced, new Large(large.znodes, length));
        }
    }

    record Watches(int watches, int znodes) {}

    /// @param length for how long they ping
    record Idle(int sessions, Duration length) {}

    /// @param warmUps unmeasured changes before the measured ones
    record FanOut(int sessions, int warmUps, int changes) {}

    record Paced(int perSecond, Duration length) {}

    /// A tree that fills a good part of the heap.
    ///
    /// @param length for how long it is read and changed
    record Large(int znodes, Duration length) {}
}
