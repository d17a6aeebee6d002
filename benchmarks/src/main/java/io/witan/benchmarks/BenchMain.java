package io.witan.benchmarks;

import io.witan.benchmarks.load.LoadFailureException;
import io.witan.benchmarks.machine.Stalls;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Results;
import io.witan.benchmarks.subject.ApacheZooKeeper;
import io.witan.benchmarks.subject.JvmFlags;
import io.witan.benchmarks.subject.SetupException;
import io.witan.benchmarks.subject.Subject;
import io.witan.benchmarks.subject.Witan;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The command line of the benchmark.
@Command(
        name = "witan bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {
            FailoverCommand.class,
            RollingRestartCommand.class,
            ScaleCommand.class,
            StallsCommand.class
        },
        description = {
            "Measures Witan and Apache ZooKeeper side by side: same JDK, same heap, same"
                    + " configuration, same load, in turn.",
            "Prints as it goes and writes a report (Markdown, SVG, CSV)."
        },
        footer = {
            "",
            "Workloads: getData exists getChildren setData mix-90-10 mix-50-50 create create-delete"
                    + " ephemeral multi",
            "Others:    start restart znodes watches sessions fan-out snapshot large"
        })
public final class BenchMain implements Callable<Integer> {

    private static final int EXIT_FAILED = 1;
    private static final int SERVERS_MAX = 7;

    /// The servers of an ensemble that may lose one.
    private static final int ENSEMBLE = 3;

    enum Rival {
        apache,
        none
    }

    enum Product {
        witan,
        apache
    }

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--against",
            scope = ScopeType.INHERIT,
            description =
                    "whom to compare with: ${COMPLETION-CANDIDATES} (default: apache; scale: none)")
    private @Nullable Rival against;

    @Option(
            names = "--just",
            scope = ScopeType.INHERIT,
            paramLabel = "PRODUCT",
            description = "measure only one of ${COMPLETION-CANDIDATES}, for profiling it")
    private @Nullable Product just;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "NAME",
            description = "only these workloads and measurements (see below)")
    private List<String> only = List.of();

    @Option(
            names = "--servers",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "how many servers of each: 1 (default), or an ensemble that the clients are"
                            + " spread over, with the workloads alone")
    private int servers = 1;

    @Option(
            names = "--connections",
            split = ",",
            paramLabel = "N",
            description = "instead of the standard rows: these numbers of connections")
    private List<Integer> connections = List.of();

    @Option(
            names = "--depth",
            split = ",",
            paramLabel = "N",
            description = "with --connections: unanswered requests a connection may have")
    private List<Integer> depths = List.of(1);

    @Option(
            names = "--bytes",
            paramLabel = "N",
            defaultValue = "100",
            description = "with --connections: size of the data, 100 or 1024 (default: 100)")
    private int dataBytes;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description = "rounds, each with new processes (default: 3, with --quick 1)")
    private @Nullable Integer repeats;

    @Option(names = "--quick", description = "a few rows once, small sizes: about 10 minutes")
    private boolean quick;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3",
            description = "measured time of each row and subject (default: 3)")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "2",
            description = "seconds before each row, not measured (default: 2)")
    private int warmUpSeconds;

    @Option(
            names = "--sessions",
            paramLabel = "N",
            description = "how many idle sessions (default: 10000, with --quick 1000)")
    private @Nullable Integer sessions;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "for how long the large tree is under load (default: 1)")
    private @Nullable Integer minutes;

    @Option(
            names = "--quiet-wait",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description =
                    "how long each row waits for other programs to leave the machine alone"
                            + " (default: 30)")
    private int quietWaitSeconds;

    @Option(
            names = "--heap",
            scope = ScopeType.INHERIT,
            paramLabel = "SIZE",
            defaultValue = "2g",
            description = "heap of each server, fixed (default: 2g)")
    private String heap = "2g";

    @Option(
            names = "--jvm-flags",
            scope = ScopeType.INHERIT,
            paramLabel = "FLAGS",
            defaultValue = "",
            description = "more flags for both servers, in one argument")
    private String jvmFlags = "";

    @Option(
            names = "--micro",
            arity = "0..1",
            fallbackValue = ".*",
            paramLabel = "REGEX",
            description = "run the JMH benchmarks whose names match instead, and no servers")
    private @Nullable String micro;

    @Option(
            names = "--out",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "where the report goes (default: benchmarks/results)")
    private @Nullable Path out;

    @Option(
            names = "--scratch",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description =
                    "where the servers keep their data meanwhile, some GB on the disk to be"
                            + " measured (default: benchmarks/target/bench)")
    private @Nullable Path scratch;

    @Option(
            names = "--home",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "the checkout whose Witan is measured (default: the current directory)")
    private Path home = Path.of(System.getProperty("witan.home", ""));

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        var output = new PrintStream(out, true, StandardCharsets.UTF_8);
        var errors = new PrintWriter(err, true, StandardCharsets.UTF_8);
        return new CommandLine(new BenchMain(arguments, output))
                .setOut(new PrintWriter(output, true, StandardCharsets.UTF_8))
                .setErr(errors)
                .setExecutionExceptionHandler((exception, commandLine, _) -> {
                    if (exception instanceof SetupException
                            || exception instanceof LoadFailureException) {
                        commandLine.getErr().println("witan bench: " + exception.getMessage());
                        return EXIT_FAILED;
                    }
                    throw exception;
                })
                .execute(arguments);
    }

    private final List<String> arguments;
    private final PrintStream console;

    private BenchMain(String[] arguments, PrintStream console) {
        this.arguments = List.of(arguments);
        this.console = console;
    }

    @Override
    public Integer call() throws RunnerException {
        if (micro != null) {
            new Runner(new OptionsBuilder().include(micro).build()).run();
            return 0;
        }
        var settings = settings();
        var subjects = subjects();
        subjects.forEach(Subject::check);
        var outcome =
                new SideBySide(settings, subjects, new Progress(console), commandLine())
                        .run(results());
        console.printf("%nThe report: %s%n", outcome.report());
        if (!outcome.complete()) {
            console.println("Parts of it failed; its remarks say which.");
        }
        return outcome.complete() ? 0 : EXIT_FAILED;
    }

    /// Runs what is measured by taking servers away, and writes its report.
    int outages(
            String name,
            String title,
            Metric charted,
            OutageOptions options,
            int rounds,
            int silentRounds,
            Consumer<Outages> measurement) {
        check(servers == 1 || servers >= 3, "--servers: an ensemble has 3 or more");
        check(rounds > 0, "--rounds must be at least 1, not " + rounds);
        var settings =
                options.settings(
                        servers == 1 ? ENSEMBLE : servers,
                        rounds,
                        silentRounds,
                        flags(),
                        scratch());
        var subjects = subjects();
        subjects.forEach(Subject::check);
        var results = new Results();
        measurement.accept(new Outages(settings, subjects, results, new Progress(console)));
        var report =
                new OutageReport(settings, subjects, commandLine())
                        .write(results(), name, title, charted, results);
        console.printf("%nThe report: %s%n", report);
        return 0;
    }

    /// Runs what is measured at several sizes, and writes its report.
    int scale(List<String> names, boolean small, int measuredSeconds, int warmUp, int quietWait) {
        var unknown = new TreeSet<>(names);
        Dimension.ids().forEach(unknown::remove);
        check(
                unknown.isEmpty(),
                "--only knows no %s; it knows %s"
                        .formatted(String.join(", ", unknown), String.join(", ", Dimension.ids())));
        check(measuredSeconds > 0, "--seconds must be at least 1, not " + measuredSeconds);
        check(warmUp >= 0, "--warm-up must be at least 0, not " + warmUp);
        check(quietWait >= 0, "--quiet-wait must be at least 0, not " + quietWait);
        check(servers == 1, "--servers: scale has ensembles of its own");
        if (against == null) {
            against = Rival.none;
        }
        var settings =
                new Settings(
                        1,
                        List.of(),
                        Set.of(),
                        1,
                        Duration.ZERO,
                        Duration.ofSeconds(warmUp),
                        Duration.ofSeconds(measuredSeconds),
                        Settings.Scale.full(),
                        Duration.ofSeconds(quietWait),
                        flags(),
                        scratch());
        var subjects = subjects();
        subjects.forEach(Subject::check);
        var results = new Results();
        var bed = new TestBed(settings, subjects, results, new Progress(console));
        new Scale(bed, small)
                .run(
                        Arrays.stream(Dimension.values())
                                .filter(one -> names.isEmpty() || names.contains(one.id()))
                                .toList());
        var report = new ScaleReport(settings, subjects, commandLine()).write(results(), results);
        console.printf("%nThe report: %s%n", report);
        return results.isComplete() ? 0 : EXIT_FAILED;
    }

    private Settings settings() {
        checkNames();
        check(seconds > 0, "--seconds must be at least 1, not " + seconds);
        check(warmUpSeconds >= 0, "--warm-up must be at least 0, not " + warmUpSeconds);
        check(repeats == null || repeats > 0, "--repeat must be at least 1, not " + repeats);
        check(BenchTree.SIZES.contains(dataBytes), "--bytes must be one of " + BenchTree.SIZES);
        check(connections.stream().allMatch(n -> n >= 1 && n <= 999), "--connections: 1 to 999");
        check(depths.stream().allMatch(n -> n >= 1), "--depth must be at least 1");
        check(servers >= 1 && servers <= SERVERS_MAX, "--servers: 1 to " + SERVERS_MAX);
        check(sessions == null || sessions > 0, "--sessions must be at least 1, not " + sessions);
        check(minutes == null || minutes > 0, "--minutes must be at least 1, not " + minutes);
        check(quietWaitSeconds >= 0, "--quiet-wait must be at least 0, not " + quietWaitSeconds);
        check(
                servers == 1 || Special.ids().stream().noneMatch(only::contains),
                "with --servers only workloads: " + String.join(", ", Workload.ids()));
        return new Settings(
                servers,
                cells().stream().filter(cell -> wanted(cell.workload().id())).toList(),
                Arrays.stream(Special.values())
                        .filter(special -> servers == 1 && wanted(special.id()))
                        .collect(Collectors.toSet()),
                repeats != null ? repeats : quick ? 1 : 3,
                Duration.ofSeconds(quick ? 1 : 2),
                Duration.ofSeconds(warmUpSeconds),
                Duration.ofSeconds(seconds),
                scale(),
                Duration.ofSeconds(quietWaitSeconds),
                flags(),
                scratch());
    }

    private Settings.Scale scale() {
        var scale = quick ? Settings.Scale.quick() : Settings.Scale.full();
        if (sessions != null) {
            scale = scale.withSessions(sessions);
        }
        return minutes == null ? scale : scale.withMixedFor(Duration.ofMinutes(minutes));
    }

    private JvmFlags flags() {
        return new JvmFlags(
                heap, true, jvmFlags.isBlank() ? List.of() : List.of(jvmFlags.strip().split(" +")));
    }

    private Path scratch() {
        return (scratch == null ? home.resolve("benchmarks/target/bench") : scratch)
                .toAbsolutePath()
                .normalize();
    }

    private Path results() {
        return out == null ? home.resolve("benchmarks/results") : out;
    }

    private List<Cell> cells() {
        if (connections.isEmpty()) {
            return quick ? Cell.quick() : Cell.standard();
        }
        var cells = new ArrayList<Cell>();
        for (var workload : Workload.values()) {
            for (var count : connections) {
                for (var depth : depths) {
                    cells.add(new Cell(workload, count, depth, dataBytes));
                }
            }
        }
        return cells;
    }

    int stalls(int seconds) {
        check(seconds > 0, "--seconds must be at least 1, not " + seconds);
        var progress = new Progress(console);
        progress.heading("what this machine does to a program that only reads the clock");
        var threads = Stalls.measure(Duration.ofSeconds(seconds));
        for (var i = 0; i < threads.size(); i++) {
            var stalls = threads.get(i);
            progress.step(
                    "thread %d of %d: %s of %d s"
                            .formatted(i + 1, threads.size(), stalls, seconds));
        }
        return 0;
    }

    private boolean wanted(String name) {
        return only.isEmpty() || only.contains(name);
    }

    private void checkNames() {
        var known = new ArrayList<>(Workload.ids());
        known.addAll(Special.ids());
        var unknown = new TreeSet<>(only);
        known.forEach(unknown::remove);
        check(
                unknown.isEmpty(),
                "--only knows no %s; it knows %s"
                        .formatted(String.join(", ", unknown), String.join(", ", known)));
    }

    private void check(boolean fine, String message) {
        if (!fine && spec != null) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    /// The reference first: ratios are the last subject's values over the first one's.
    private List<Subject> subjects() {
        var apache =
                new ApacheZooKeeper(
                        home.resolve("benchmarks/apache/target/classpath.txt"),
                        home.resolve("benchmarks/apache/logback.xml").toAbsolutePath());
        var witan = new Witan(home.resolve("witan").toAbsolutePath().normalize());
        if (just != null) {
            return List.of(just == Product.witan ? witan : apache);
        }
        return against != Rival.none ? List.of(apache, witan) : List.of(witan);
    }

    private String commandLine() {
        return String.join(" ", "./witan bench", String.join(" ", arguments)).strip();
    }
}
