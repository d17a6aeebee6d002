package io.witan.simulation.command;

import io.witan.simulation.check.Checkers;
import io.witan.simulation.fault.FaultKind;
import io.witan.simulation.fault.Limits;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.run.Options;
import io.witan.simulation.run.Result;
import io.witan.simulation.run.Sequence;
import io.witan.simulation.run.Shrinking;
import io.witan.simulation.run.Simulation;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Violation;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/// Runs simulations until there are enough of them or one shows a violation.
@Command(
        name = "witan simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs whole ensembles with their clients in virtual time, with faults, and checks every"
                    + " guarantee. One seed decides everything: the same seed is the same run on"
                    + " every machine.",
            ""
        })
final class SimulateCommand implements Callable<Integer> {

    private static final int ROWS_SHOWN = 60;
    private static final int ROWS_DRAWN = 400;
    private static final long SHRINK_NANOS = 60_000_000_000L;
    private static final long NANOS_PER_MINUTE = 60_000_000_000L;

    @Option(names = "--seeds", paramLabel = "N", description = "how many runs (default: no limit)")
    private long seeds = Long.MAX_VALUE;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            description = "for how long (default: 1, no limit with --seeds)")
    private @Nullable Double minutes;

    @Option(
            names = "--profile",
            paramLabel = "P",
            description = "what the runs are like: ${COMPLETION-CANDIDATES} (default: DEFAULT)")
    private Profile profile = Profile.DEFAULT;

    @Option(names = "--seed", paramLabel = "S", description = "the one run of this seed")
    private @Nullable Long seed;

    @Option(
            names = "--from",
            paramLabel = "S",
            description = "the first seed; the others count up from it (default: by the clock)")
    private @Nullable Long from;

    @Option(
            names = "--threads",
            paramLabel = "T",
            description = "runs at a time (default: one for each processor)")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--keep-going",
            description = "go on after a violation; count them by invariant")
    private boolean keepsGoing;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "where the drawing of a failed run goes (default: the current directory)")
    private Path out = Path.of("");

    @Option(names = "--voters", paramLabel = "N", description = "at most so many voters")
    private int voters = Integer.MAX_VALUE;

    @Option(names = "--observers", paramLabel = "N", description = "at most so many observers")
    private int observers = Integer.MAX_VALUE;

    @Option(names = "--clients", paramLabel = "N", description = "at most so many clients")
    private int clients = Integer.MAX_VALUE;

    @Option(names = "--faults", paramLabel = "N", description = "at most so many faults")
    private long faults = Long.MAX_VALUE;

    @Option(
            names = "--safety-micros",
            paramLabel = "N",
            description = "faults end after so long, of virtual time")
    private long safetyMicros = Long.MAX_VALUE;

    @Option(
            names = "--without",
            split = ",",
            paramLabel = "KIND",
            description = "kinds of faults that do not happen")
    private List<FaultKind> without = List.of();

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills in the fields
    SimulateCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        checkNumbers();
        Options options = Options.with(Checkers::all).withLimits(limits()).withKeptEvents(1);
        return seed == null ? many(options) : one(seed, options);
    }

    /// So that nobody takes it for a success that nothing has run.
    private void checkNumbers() {
        check(seeds > 0, "--seeds must be at least 1, not " + seeds);
        check(minutes == null || minutes > 0, "--minutes must be above 0, not " + minutes);
        check(threads > 0, "--threads must be at least 1, not " + threads);
        check(voters > 0, "--voters must be at least 1, not " + voters);
        check(observers >= 0, "--observers must be at least 0, not " + observers);
        check(clients >= 0, "--clients must be at least 0, not " + clients);
        check(faults >= 0, "--faults must be at least 0, not " + faults);
        check(safetyMicros >= 0, "--safety-micros must be at least 0, not " + safetyMicros);
        check(
                seed == null || (seeds == Long.MAX_VALUE && from == null),
                "--seed is one run; many are --from S --seeds N");
        check(
                Files.isDirectory(out.toAbsolutePath()),
                "--out: " + out.toAbsolutePath() + " is not a directory");
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private Limits limits() {
        Set<FaultKind> left = EnumSet.noneOf(FaultKind.class);
        left.addAll(without);
        return new Limits(voters, observers, clients, left, faults, safetyMicros);
    }

    private int one(long only, Options options) {
        Progress progress = new Progress(profile);
        Result result = Simulation.run(only, profile, options);
        progress.add(result);
        System.out.println(progress.summary());
        System.out.println("Trace " + result.hash());
        return report(result, options);
    }

    private int many(Options options) throws InterruptedException {
        double limit = minutes != null ? minutes : seeds == Long.MAX_VALUE ? 1 : Double.MAX_VALUE;
        long until = limit > 1e6 ? Long.MAX_VALUE : (long) (limit * NANOS_PER_MINUTE);
        long start = System.nanoTime();
        long first = from != null ? from : System.currentTimeMillis();
        AtomicLong next = new AtomicLong();
        Progress progress = new Progress(profile);
        ProgressLine line = new ProgressLine(progress);
        System.out.printf("Profile %s, seeds from %d%n", profile.text(), first);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread worker =
                    new Thread(
                            () -> {
                                long number = next.getAndIncrement();
                                while (number < seeds
                                        && System.nanoTime() - start < until
                                        && (keepsGoing || progress.violation() == null)) {
                                    run(first + number, options, progress, line);
                                    number = next.getAndIncrement();
                                }
                            },
                            "runs-" + i);
            worker.start();
            workers.add(worker);
        }
        for (Thread worker : workers) {
            while (worker.isAlive()) {
                worker.join(1000);
                line.show();
            }
        }
        line.end();
        System.out.println(progress.summary());
        Result failed = progress.violation();
        return failed == null ? 0 : keepsGoing ? 1 : report(failed, options);
    }

    private void run(long next, Options options, Progress progress, ProgressLine line) {
        Result result;
        try {
            result = Simulation.run(next, profile, options);
        } catch (RuntimeException | Error e) {
            line.say("The simulator fails itself: " + replay(next, limits()));
            throw e;
        }
        progress.add(result);
        if (keepsGoing && !result.isClean()) {
            line.say(
                    result.violation()
                            + System.lineSeparator()
                            + "  "
                            + replay(result.seed(), limits()));
        }
    }

    private int report(Result result, Options options) {
        if (result.isClean()) {
            return 0;
        }
        System.out.printf("%nSeed %d: %s%n%n", result.seed(), result.violation());
        System.out.println("Looking for a smaller run that shows it, for a minute at most.");
        long start = System.nanoTime();
        Shrinking shrinking =
                new Shrinking(result, options, () -> System.nanoTime() - start > SHRINK_NANOS);
        Result smallest = shrinking.run();
        Result whole =
                Simulation.run(
                        result.seed(),
                        profile,
                        options.withLimits(shrinking.limits()).withKeptEvents(Integer.MAX_VALUE));
        System.out.printf(
                "%nThe smallest run that shows it: %d voters, %d observers, %d clients, faults %s, %.3f"
                        + " s%n%n%s%n%n",
                smallest.plan().voters(),
                smallest.plan().observers(),
                smallest.plan().clients(),
                smallest.faults(),
                smallest.micros() / 1e6,
                whole.violation());
        boolean clientsMatter =
                whole.violation() == null
                        || whole.violation().event() instanceof TraceEvent.OnClient;
        System.out.println(Sequence.of(untilViolation(whole), ROWS_SHOWN, clientsMatter).text());
        draw(whole, clientsMatter, shrinking.limits());
        System.out.println("Again: " + replay(result.seed(), shrinking.limits()));
        return 1;
    }

    /// A step goes on to its end after the event that broke the invariant.
    private static List<TraceEvent> untilViolation(Result whole) {
        Violation violation = whole.violation();
        List<TraceEvent> events = whole.kept();
        return violation == null ? events : events.subList(0, (int) violation.number());
    }

    private void draw(Result whole, boolean clients, Limits smallest) {
        Path file = out.resolve("simulation-%d.svg".formatted(whole.seed())).toAbsolutePath();
        try {
            List<String> heading =
                    List.of(
                            "Seed %d of profile %s breaks an invariant"
                                    .formatted(whole.seed(), profile.text()),
                            String.valueOf(whole.violation()).lines().findFirst().orElse(""),
                            replay(whole.seed(), smallest));
            Files.writeString(
                    file, Sequence.of(untilViolation(whole), ROWS_DRAWN, clients).svg(heading));
            System.out.println("Drawn: " + file);
        } catch (IOException e) {
            System.err.println("Cannot write " + file + ": " + e.getMessage());
        }
    }

    private String replay(long failed, Limits smaller) {
        StringBuilder command =
                new StringBuilder("./witan simulate --profile ")
                        .append(profile.text())
                        .append(" --seed ")
                        .append(failed);
        append(command, "--voters", smaller.votersMax(), Integer.MAX_VALUE);
        append(command, "--observers", smaller.observersMax(), Integer.MAX_VALUE);
        append(command, "--clients", smaller.clientsMax(), Integer.MAX_VALUE);
        append(command, "--faults", smaller.faultsMax(), Long.MAX_VALUE);
        append(command, "--safety-micros", smaller.safetyMicrosMax(), Long.MAX_VALUE);
        if (!smaller.without().isEmpty()) {
            command.append(" --without ")
                    .append(String.join(",", smaller.without().stream().map(Enum::name).toList()));
        }
        return command.toString();
    }

    private static void append(StringBuilder command, String option, long value, long unlimited) {
        if (value != unlimited) {
            command.append(' ').append(option).append(' ').append(value);
        }
    }
}
