package io.witan.cli.ensemble;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/// Reads what was asked for, sees that nothing is in the way, and hands over to [RunningEnsemble].
@Command(
        name = "ensemble",
        description = {
            "Starts an ensemble of servers on this machine, for trying things out, each in a process"
                    + " of its own. They listen on the loopback address. Ctrl-C stops all; the data"
                    + " stays for the next start."
        },
        mixinStandardHelpOptions = true)
public final class EnsembleCommand implements Callable<Integer> {

    /// More would be a mistake, not a trial.
    private static final int SERVERS_MAX = 25;

    @Spec private CommandSpec spec;

    @Option(
            names = "--servers",
            paramLabel = "N",
            defaultValue = "3",
            description = "how many take part in votes (default: ${DEFAULT-VALUE})")
    private int servers;

    @Option(
            names = "--observers",
            paramLabel = "M",
            defaultValue = "0",
            description = "how many more follow without a vote (default: ${DEFAULT-VALUE})")
    private int observers;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description =
                    "has a directory for each server, with configuration, log and data (default:"
                            + " ./${DEFAULT-VALUE})")
    private Path data;

    @Option(
            names = "--client-port",
            paramLabel = "PORT",
            defaultValue = "2181",
            description =
                    "of the first server, the others have the next ones; 0: whichever are free"
                            + " (default: ${DEFAULT-VALUE})")
    private int clientPort;

    @Option(
            names = "--quorum-port",
            paramLabel = "PORT",
            defaultValue = "2888",
            description = "where learners connect to their leader (default: ${DEFAULT-VALUE})")
    private int quorumPort;

    @Option(
            names = "--election-port",
            paramLabel = "PORT",
            defaultValue = "3888",
            description = "where servers elect (default: ${DEFAULT-VALUE})")
    private int electionPort;

    @SuppressWarnings("NullAway.Init") // picocli fills in the fields
    public EnsembleCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        int count = servers + observers;
        var ports = new Ports();
        var ensemble =
                LocalEnsemble.of(
                        data.toAbsolutePath().normalize(),
                        servers,
                        ports.from(clientPort, count),
                        ports.from(quorumPort, count),
                        ports.from(electionPort, count));
        List<String> earlier = ensemble.earlierParts();
        if (!earlier.isEmpty() && !earlier.equals(ensemble.parts())) {
            throw wrong(
                    "%s holds the data of %s, and %s would mix it up. Start it as it was (%s), name"
                                    .formatted(
                                            ensemble.data(),
                                            inWords(earlier),
                                            inWords(ensemble.parts()),
                                            options(earlier))
                            + " another directory (--data DIR), or delete that one.");
        }
        List<String> inUse = ensemble.portsInUse();
        if (!inUse.isEmpty()) {
            throw wrong(
                    "Not all ports can be had:%n  %s%nNothing was started. Stop what has them (ss -ltnp shows it), or name others:%n  --client-port PORT --quorum-port PORT --election-port PORT (0: whichever are free)."
                            .formatted(String.join(System.lineSeparator() + "  ", inUse)));
        }
        try {
            ensemble.write();
        } catch (IOException e) {
            throw wrong(
                    "The files of the servers cannot be written to %s (%s). Name a directory that this user may write to: --data DIR."
                            .formatted(ensemble.data(), e));
        }
        return new RunningEnsemble(ensemble, spec.commandLine().getOut()).run();
    }

    private void check() {
        if (servers < 1 || observers < 0 || servers + observers > SERVERS_MAX) {
            throw wrong(
                    "%d servers and %d observers: at least one server, and not more than %d in all."
                            .formatted(servers, observers, SERVERS_MAX));
        }
        for (int port : List.of(clientPort, quorumPort, electionPort)) {
            if (port < 0 || port > Ports.LARGEST) {
                throw wrong("%d is not a port: 0 to %d.".formatted(port, Ports.LARGEST));
            }
        }
    }

    private static String inWords(List<String> parts) {
        return "an ensemble of %d servers and %d observers"
                .formatted(count(parts, "participant"), count(parts, "observer"));
    }

    private static String options(List<String> parts) {
        return "--servers %d --observers %d"
                .formatted(count(parts, "participant"), count(parts, "observer"));
    }

    private static long count(List<String> parts, String part) {
        return parts.stream().filter(part::equals).count();
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
