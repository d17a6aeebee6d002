package io.witan.benchmarks;

import io.witan.benchmarks.load.LoadGenerator;
import io.witan.benchmarks.load.Script;
import io.witan.benchmarks.machine.WrittenBytes;
import io.witan.benchmarks.subject.ServerProcess;

import org.HdrHistogram.Histogram;

import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;

/// Writes at a steady rate while the server takes snapshots, and tells the writes that ran beside a
/// snapshot from the others.
///
/// The latency of a write counts from when it was due, not from when it could be sent: a server
/// that stops for 100 ms is charged for every write that was due meanwhile.
final class PacedWrites {

    private static final int CONNECTIONS = 10;
    private static final int DEPTH = 4096;
    private static final long NANOS_MAX = Duration.ofSeconds(60).toNanos();

    private final int perSecond;
    private final Duration length;

    PacedWrites(int perSecond, Duration length) {
        this.perSecond = perSecond;
        this.length = length;
    }

    /// Latencies in nanoseconds.
    ///
    /// @param writtenBytes what the server wrote to its disk meanwhile, see [WrittenBytes]
    record Outcome(
            Histogram all,
            Histogram without,
            Histogram beside,
            long writtenBytes,
            int snapshots,
            double snapshotSeconds) {}

    Outcome run(ServerProcess server, IntFunction<Script> script) {
        var samples = new Samples((int) (length.toSeconds() + 1) * perSecond);
        try (var load = LoadGenerator.connect(server.address(), CONNECTIONS)) {
            load.pace(script, DEPTH, perSecond, length.dividedBy(4), (_, _) -> {});
            try (var watcher = SnapshotWatcher.start(server.files())) {
                server.resetFigures();
                var before = WrittenBytes.of(server.handle());
                load.pace(script, DEPTH, perSecond, length, samples);
                var written = WrittenBytes.of(server.handle()) - before;
                return samples.split(watcher.finish(), written);
            }
        }
    }

    private static final class Samples implements LoadGenerator.SampleSink {
        private final long[] due;
        private final long[] answered;
        private int count;

        Samples(int capacity) {
            due = new long[capacity];
            answered = new long[capacity];
        }

        @Override
        public void sample(long dueNanos, long answeredNanos) {
            due[count] = dueNanos;
            answered[count] = answeredNanos;
            count++;
        }

        Outcome split(List<SnapshotWatcher.Span> snapshots, long writtenBytes) {
            var all = new Histogram(NANOS_MAX, 3);
            var without = new Histogram(NANOS_MAX, 3);
            var beside = new Histogram(NANOS_MAX, 3);
            for (var i = 0; i < count; i++) {
                var from = due[i];
                var to = answered[i];
                var touches = snapshots.stream().anyMatch(span -> span.touches(from, to));
                var latency = Math.min(to - from, NANOS_MAX);
                all.recordValue(latency);
                (touches ? beside : without).recordValue(latency);
            }
            var seconds = snapshots.stream().mapToLong(SnapshotWatcher.Span::nanos).sum() / 1e9;
            return new Outcome(all, without, beside, writtenBytes, snapshots.size(), seconds);
        }
    }
}
