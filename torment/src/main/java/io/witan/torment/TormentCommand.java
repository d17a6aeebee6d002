package io.witan.torment;

import io.witan.torment.fault.FaultKind;
import io.witan.torment.history.DividedHistoryException;
import io.witan.torment.history.UnknownHistoryException;
import io.witan.torment.lan.Lan;
import io.witan.torment.lan.LoopbackLan;
import io.witan.torment.lan.NamespaceLan;
import io.witan.torment.server.ClassPaths;
import io.witan.torment.server.Ensemble;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// `witan torment`: round after round, each with an ensemble of its own, until the time is over or
/// a checker objects.
@Command(
        name = "witan torment",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeOnExecutionException = 2,
        description = {
            "Torments real ensembles, each server a process on a network and a disk of its own:"
                    + " kills, freezes, partitions, slow links, full disks. Then holds what clients"
                    + " were told against what the disks say.",
            "Exit code: 0 all was well, 1 a promise was broken, 2 it could not be run at all,"
                    + " 3 no round could be judged."
        })
final class TormentCommand implements Callable<Integer> {

    /// What a round has if nobody says how many.
    private static final int SERVERS_LEAST = 3;

    private static final long NANOS_PER_MINUTE = 60_000_000_000L;

    @Option(names = "--minutes", paramLabel = "M", description = "for how long (default: 2)")
    private double minutes = 2;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "how many rounds at most that can be judged")
    private long rounds = Long.MAX_VALUE;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "the first seed; other rounds count up from it (default: by the clock)")
    private long seed = System.currentTimeMillis();

    @Option(
            names = "--round-seconds",
            paramLabel = "N",
            description = "how long a round has faults (default: ${DEFAULT-VALUE})")
    private int roundSeconds = 40;

    @Option(
            names = "--servers",
            paramLabel = "N",
            description = "how many servers (default: 3 or 5, as the seed says)")
    private int servers;

    @Option(
            names = "--apache",
            paramLabel = "N",
            description = "how many of them are Apache ZooKeeper's (default: ${DEFAULT-VALUE})")
    private int apache;

    @Option(
            names = "--apache-class-path",
            paramLabel = "JARS",
            description = "where Apache ZooKeeper's server is")
    private String apacheClassPath = "";

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "KIND",
            description = "only these kinds of faults: ${COMPLETION-CANDIDATES}")
    private List<FaultKind> only = List.of();

    @Option(
            names = "--without",
            split = ",",
            paramLabel = "KIND",
            description = "kinds of faults that do not happen")
    private List<FaultKind> without = List.of();

    @Option(
            names = "--loopback",
            description = "no namespaces: all servers on 127.0.0.1, faults of processes only")
    private boolean loopback;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "where rounds keep their files (default: the current directory)")
    private Path out = Path.of("");

    @Option(names = "--keep", description = "keep the files of rounds that went well, too")
    private boolean keep;

    @Option(
            names = "--progress-seconds",
            paramLabel = "N",
            description = "how often a line tells how it goes (default: ${DEFAULT-VALUE})")
    private int progressSeconds = 5;

    @Spec private CommandSpec spec;

    private final boolean isInside;

    /// @param isInside whether this process has namespaces of its own
    @SuppressWarnings("NullAway.Init") // picocli fills in the fields
    TormentCommand(boolean isInside) {
        this.isInside = isInside;
    }

    /// Whether namespaces are wanted.
    boolean wantsNamespaces() {
        return !loopback;
    }

    @Override
    public Integer call() {
        checkOptions();
        if (isInside) {
            Enclosure.furnish();
        }
        long end = System.nanoTime() + (long) (minutes * NANOS_PER_MINUTE);
        Rounds made = new Rounds(rounds, () -> System.nanoTime() >= end, n -> round(seed + n));
        int code = made.run();
        if (code != Rounds.BROKEN) {
            System.out.printf(
                    "%d rounds from seed %d: %d were well, %d could not be judged.%n",
                    made.count(), seed, made.judgedCount(), made.count() - made.judgedCount());
        }
        return code;
    }

    private void checkOptions() {
        check(minutes > 0, "--minutes must be above 0, not " + minutes);
        check(rounds > 0, "--rounds must be at least 1, not " + rounds);
        check(roundSeconds > 0, "--round-seconds must be at least 1, not " + roundSeconds);
        check(progressSeconds > 0, "--progress-seconds must be at least 1, not " + progressSeconds);
        check(servers >= 0, "--servers must be at least 1, not " + servers);
        int least = servers == 0 ? SERVERS_LEAST : servers;
        check(
                apache >= 0 && apache <= least,
                "--apache must be from 0 to the number of servers, %d, not %d"
                        .formatted(least, apache));
        check(
                apacheClassPath.isEmpty() || isThere(apacheClassPath),
                "--apache-class-path: nothing of it is there: " + apacheClassPath);
        try {
            Files.createDirectories(out.toAbsolutePath());
        } catch (IOException e) {
            check(false, "--out: no files can be kept in %s (%s)".formatted(out, e));
        }
    }

    /// A server that does not begin for want of its jars would look like a broken promise. Single
    /// entries may be missing, as in any class path.
    private static boolean isThere(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator, -1))
                .map(entry -> entry.endsWith("/*") ? entry.substring(0, entry.length() - 2) : entry)
                .anyMatch(entry -> !entry.isEmpty() && Files.exists(Path.of(entry)));
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new CommandLine.ParameterException(spec.commandLine(), otherwise);
        }
    }

    /// Apache's server is where the benchmarks put it, if nobody says where else.
    private ClassPaths programs() {
        String own = System.getProperty("java.class.path");
        if (apache == 0 || !apacheClassPath.isEmpty()) {
            return new ClassPaths(own, apacheClassPath, List.of());
        }
        Path benchmarks = Path.of(System.getProperty("witan.home", ""), "benchmarks", "apache");
        Path list = benchmarks.resolve(Path.of("target", "classpath.txt"));
        try {
            return new ClassPaths(
                    own,
                    Files.readString(list).strip(),
                    List.of(
                            "-Dlogback.configurationFile="
                                    + benchmarks.resolve("logback.xml").toAbsolutePath()));
        } catch (IOException notThere) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "Where Apache ZooKeeper is should be in "
                            + list
                            + ". Run 'mvn -q -pl benchmarks/apache generate-resources', or name its"
                            + " jars with --apache-class-path.",
                    notThere);
        }
    }

    private Set<FaultKind> kinds() {
        Set<FaultKind> kinds = EnumSet.allOf(FaultKind.class);
        if (!only.isEmpty()) {
            kinds.retainAll(only);
        }
        kinds.removeAll(without);
        kinds.removeIf(kind -> !isInside && kind.needs() != FaultKind.Needs.PROCESS);
        return kinds;
    }

    private int round(long roundSeed) {
        var wishes = new RoundPlan.Wishes(servers, apache, roundSeconds * 1000L, kinds());
        RoundPlan plan = RoundPlan.draw(roundSeed, wishes);
        System.out.println(plan);
        Path directory = out.resolve("torment-" + roundSeed).toAbsolutePath();
        remove(directory);
        List<Long> sids = plan.ensemble().sids();
        ClassPaths programs = programs();
        try (Lan lan = isInside ? new NamespaceLan(sids) : new LoopbackLan(sids);
                Ensemble ensemble =
                        new Ensemble(plan.ensemble(), lan, programs, directory, isInside);
                var _ = new Cleanup(ensemble)) {
            Round round = new Round(plan, ensemble, lan, System.out::println, progressSeconds);
            int code = Rounds.NOT_JUDGED;
            try {
                code = judged(plan, round, directory);
            } finally {
                if (code != 0) {
                    ensemble.keepDisks();
                    System.out.printf(
                            "%nFiles of the round: %s%nAgain: %s%n", directory, again(plan));
                }
            }
            if (code != 0) {
                return code;
            }
        }
        if (!keep) {
            remove(directory);
        }
        return 0;
    }

    private static int judged(RoundPlan plan, Round round, Path directory) {
        try {
            Judgement judgement = round.run();
            write(directory.resolve("history.txt"), judgement.history());
            if (judgement.violation() == null) {
                System.out.printf(
                        "seed %d: all was well. %s; checked: %s%n",
                        plan.seed(), judgement.counts(), judgement.reached());
                return Rounds.WELL;
            }
            System.out.printf(
                    "%n%s%nA promise is broken, seed %d: %s%n",
                    judgement.nearby(), plan.seed(), judgement.violation());
            return Rounds.BROKEN;
        } catch (NotServedException | DividedHistoryException broken) {
            System.out.printf(
                    "%nA promise is broken, seed %d: %s%n", plan.seed(), broken.getMessage());
            return Rounds.BROKEN;
        } catch (UnknownHistoryException unknown) {
            System.out.printf(
                    "%nSeed %d cannot be judged: %s%n", plan.seed(), unknown.getMessage());
            return Rounds.NOT_JUDGED;
        }
    }

    private String again(RoundPlan plan) {
        var command = new StringBuilder("./witan torment --rounds 1 --seed " + plan.seed());
        command.append(" --round-seconds ").append(roundSeconds);
        if (servers > 0) {
            command.append(" --servers ").append(servers);
        }
        if (apache > 0) {
            command.append(" --apache ").append(apache);
        }
        if (!apacheClassPath.isEmpty()) {
            command.append(" --apache-class-path ").append(apacheClassPath);
        }
        appendKinds(command, "--only", only);
        appendKinds(command, "--without", without);
        return command.append(isInside ? "" : " --loopback").toString();
    }

    private static void appendKinds(StringBuilder command, String option, List<FaultKind> kinds) {
        if (!kinds.isEmpty()) {
            command.append(' ').append(option).append(' ');
            command.append(String.join(",", kinds.stream().map(Enum::name).toList()));
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(all::add);
            for (Path path : all) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends the servers when this process is ended from outside. Namespaces need none of it.
    private static final class Cleanup implements AutoCloseable {

        private final Thread hook;

        Cleanup(Ensemble ensemble) {
            hook = new Thread(ensemble::killAll, "cleanup");
            Runtime.getRuntime().addShutdownHook(hook);
        }

        @Override
        public void close() {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The hook is about to run.
            }
        }
    }
}
