package io.witan.benchmarks;

import io.witan.benchmarks.load.LoadGenerator;
import io.witan.benchmarks.load.Requests;
import io.witan.benchmarks.load.Script;
import io.witan.benchmarks.load.Scripts;
import io.witan.benchmarks.machine.Disturbance;
import io.witan.benchmarks.report.Growth;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.subject.Ensemble;
import io.witan.benchmarks.subject.JvmFlags;
import io.witan.benchmarks.subject.ServerProcess;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// What all measurements of one subject at one size have in common: what they record, and how the
/// CPU of a request is measured.
///
/// @param subject whose costs
/// @param size how large the [Dimension] is
record ScaleBed(TestBed bed, Dimension dimension, String subject, int size) {

    /// Enough work to fill the server, so that a request costs what Witan needs for it, rather than
    /// what the kernel needs to wake somebody.
    static final Load FULL = new Load(10, 10);

    static final Load SYNCHRONOUS = new Load(10, 1);

    private static final int KEYS = 100_000;

    /// Of these the median counts.
    private static final int WINDOWS = 3;

    record Load(int connections, int depth) {
        @Override
        public String toString() {
            return depth == 1 ? connections + " sync" : connections + " × " + depth;
        }
    }

    /// Room for the largest of the trees, the same at every size.
    JvmFlags flags() {
        return bed.settings().flags().withHeap("4g").growing();
    }

    void add(String cost, String load, Metric metric, double value) {
        add(cost, load, metric, 1, value);
    }

    private void add(String cost, String load, Metric metric, int window, double value) {
        bed.add(subject, Growth.row(dimension.title(), cost, load, size), metric, window, value);
    }

    /// The CPU of one request, in microseconds.
    void cpu(String cost, ServerProcess server, Load load, IntFunction<Script> script) {
        cpu(cost, server, load, script, Metric.CPU, 1);
    }

    /// The same, and beside it what each part of such a request costs, if it has so many.
    void cpu(
            String cost,
            ServerProcess server,
            Load load,
            IntFunction<Script> script,
            Metric ofPart,
            double parts) {
        var meter = new CpuMeter(List.of(server.handle()));
        Window window =
                (number, requests) -> {
                    var micros = meter.used().serverMicros() / (double) requests;
                    add(cost, load.toString(), Metric.CPU, number, micros);
                    if (ofPart != Metric.CPU) {
                        add(cost, load.toString(), ofPart, number, micros / parts);
                    }
                    remarkIfDisturbed(cost, meter);
                };
        var warmUp = bed.settings().warmUp();
        drive(List.of(server.address()), load, script, warmUp, meter, window);
    }

    /// The CPU of one request of all servers of an ensemble, and that of its leader alone.
    void cpu(
            String cost,
            Ensemble servers,
            List<InetSocketAddress> addresses,
            int leader,
            IntFunction<Script> script) {
        var all = new CpuMeter(servers.handles());
        var one = new CpuMeter(List.of(servers.handles().get(leader)));
        var both =
                new LoadGenerator.Boundary() {
                    @Override
                    public void begin() {
                        all.begin();
                        one.begin();
                    }

                    @Override
                    public void end() {
                        all.end();
                        one.end();
                    }
                };
        Window window =
                (number, requests) -> {
                    var micros = all.used().serverMicros() / (double) requests;
                    add(cost, FULL.toString(), Metric.CPU, number, micros);
                    var ofLeader = one.used().serverMicros() / (double) requests;
                    add(cost, FULL.toString(), Metric.LEADER_CPU, number, ofLeader);
                    remarkIfDisturbed(cost, all);
                };
        // Each of them gets but a part of the requests that its compiler needs.
        var warmUp = bed.settings().warmUp().multipliedBy(servers.size());
        drive(addresses, FULL, script, warmUp, both, window);
    }

    private interface Window {
        void measured(int number, long requests);
    }

    private void drive(
            List<InetSocketAddress> servers,
            Load load,
            IntFunction<Script> script,
            Duration warmUp,
            LoadGenerator.Boundary boundary,
            Window window) {
        try (var generator = LoadGenerator.connect(servers, load.connections())) {
            var length = bed.settings().length();
            for (var number = 1; number <= WINDOWS; number++) {
                var before = number == 1 ? warmUp : Duration.ZERO;
                var measured = generator.measure(script, load.depth(), before, length, boundary);
                window.measured(number, measured.requests());
            }
        }
    }

    private void remarkIfDisturbed(String cost, CpuMeter meter) {
        var others = meter.used().otherCores();
        if (others > Disturbance.CORES_MAX) {
            bed.remark(
                    "While %s ran %s with %,d %s, other programs used %.2f cores."
                            .formatted(subject, cost, size, dimension.title(), others));
        }
    }

    /// Reads all over a tree.
    static IntFunction<Script> reads(int znodes, IntFunction<String> path, int dataBytes) {
        return drawn(
                znodes,
                i -> Requests.getData(path.apply(i), false),
                Requests.getDataReplyBytes(dataBytes));
    }

    /// Writes all over a tree.
    static IntFunction<Script> writes(int znodes, IntFunction<String> path, int dataBytes) {
        return drawn(
                znodes,
                i -> Requests.setData(path.apply(i), new byte[dataBytes]),
                Requests.statReplyBytes());
    }

    private static IntFunction<Script> drawn(
            int znodes, IntFunction<byte[]> request, int replyBytes) {
        var count = Math.min(znodes, KEYS);
        var step = znodes / count;
        var frames = IntStream.range(0, count).map(i -> i * step).mapToObj(request).toList();
        return connection -> Scripts.anyOf(frames, replyBytes, connection);
    }
}
