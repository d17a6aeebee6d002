package io.witan.benchmarks;

import io.witan.benchmarks.report.Measurement.Metric;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

import java.util.concurrent.Callable;

/// `./witan bench failover`.
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Kills the leader of an ensemble under load and takes the time until the first write"
                    + " that its successor acknowledges; then does the same to a leader that stands"
                    + " still, and reads at the other servers meanwhile."
        })
final class FailoverCommand implements Callable<Integer> {

    @ParentCommand private @Nullable BenchMain bench;

    @Mixin private OutageOptions options = new OutageOptions();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "15",
            description = "how often a leader is killed (default: 15)")
    private int rounds = 15;

    @Option(
            names = "--silent-rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "how often a leader stands still, 10 s or more each (default: 3)")
    private int silentRounds = 3;

    @Override
    public Integer call() {
        return bench == null
                ? 1
                : bench.outages(
                        "failover",
                        "Failover",
                        Metric.WRITE_AGAIN,
                        options,
                        rounds,
                        silentRounds,
                        Outages::failover);
    }
}
