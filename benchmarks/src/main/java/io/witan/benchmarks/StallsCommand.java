package io.witan.benchmarks;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

import java.util.concurrent.Callable;

/// `./witan bench stalls`.
@Command(
        name = "stalls",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Says how long this machine keeps a program waiting that does nothing but read the clock,"
                    + " one thread for each processor. The longest pauses of a server here are hardly shorter."
        })
final class StallsCommand implements Callable<Integer> {

    @ParentCommand private @Nullable BenchMain bench;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "for how long (default: 60)")
    private int seconds = 60;

    @Override
    public Integer call() {
        return bench == null ? 1 : bench.stalls(seconds);
    }
}
