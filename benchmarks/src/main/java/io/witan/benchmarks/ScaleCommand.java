package io.witan.benchmarks;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

import java.util.List;
import java.util.concurrent.Callable;

/// `./witan bench scale`.
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures the same at several sizes - znodes, sessions, watches, children, data, servers -"
                    + " and says with which exponent each cost grows. Witan alone, unless --against"
                    + " apache is given."
        })
final class ScaleCommand implements Callable<Integer> {

    @ParentCommand private @Nullable BenchMain bench;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "DIMENSION",
            description = "only these of znodes, sessions, watches, children, data, servers")
    private List<String> only = List.of();

    @Option(names = "--quick", description = "the three smallest sizes of each: about 3 minutes")
    private boolean quick;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "1",
            description = "each of the three measured times of a cost under load (default: 1)")
    private int seconds = 1;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "3",
            description = "seconds before each, not measured (default: 3)")
    private int warmUpSeconds = 3;

    @Option(
            names = "--quiet-wait",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description =
                    "how long each size waits for other programs to leave the machine alone"
                            + " (default: 10)")
    private int quietWaitSeconds = 10;

    @Override
    public Integer call() {
        return bench == null
                ? 1
                : bench.scale(only, quick, seconds, warmUpSeconds, quietWaitSeconds);
    }
}
