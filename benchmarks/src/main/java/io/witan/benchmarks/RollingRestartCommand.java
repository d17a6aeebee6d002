package io.witan.benchmarks;

import io.witan.benchmarks.report.Measurement.Metric;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

import java.util.concurrent.Callable;

/// `./witan bench rolling-restart`.
@Command(
        name = "rolling-restart",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Restarts the servers of an ensemble one by one under load, the leader last, and prints"
                    + " the longest time without an acknowledged write, and whether sessions and"
                    + " their ephemeral znodes survived."
        })
final class RollingRestartCommand implements Callable<Integer> {

    @ParentCommand private @Nullable BenchMain bench;

    @Mixin private OutageOptions options = new OutageOptions();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "how often all servers are restarted (default: 5)")
    private int rounds = 5;

    @Override
    public Integer call() {
        return bench == null
                ? 1
                : bench.outages(
                        "rolling-restart",
                        "Rolling restart",
                        Metric.WRITE_GAP,
                        options,
                        rounds,
                        0,
                        Outages::rollingRestart);
    }
}
