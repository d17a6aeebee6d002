package io.witan.cli;

import io.witan.cli.ensemble.EnsembleCommand;
import io.witan.server.ServerMain;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.List;

/// The commands of `witan`, their help, and the version.
@Command(
        name = "witan",
        description = "A coordination service that speaks the protocols of Apache ZooKeeper 3.9.",
        mixinStandardHelpOptions = true,
        versionProvider = WitanCommand.Version.class,
        subcommands = {WitanCommand.ServerCommand.class, EnsembleCommand.class},
        footer = {
            "  bench     Measures Witan and Apache ZooKeeper side by side.",
            "  simulate  Runs whole ensembles with faults in virtual time.",
            "  torment   Runs real ensembles under faults and judges them.",
            "",
            "witan COMMAND --help has the options of each.",
            "",
            "The JVM of a server takes -D and -X options before CONFIG, and the variables",
            "SERVER_JVMFLAGS, JVMFLAGS and ZK_SERVER_HEAP (in MB), as ZooKeeper's scripts do."
        })
final class WitanCommand implements Runnable {

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills in the fields
    WitanCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    /// Only its help is ever shown from here: `Main` starts servers without the parser.
    @Command(
            name = "server",
            description = "Starts a server in the foreground. Ctrl-C or SIGTERM stops it cleanly.",
            customSynopsis = {
                "witan server [-Dkey=value ...] [CONFIG]",
                "       witan server [-Dkey=value ...] PORT DATADIR [TICKTIME [MAXCLIENTCNXNS]]"
            },
            mixinStandardHelpOptions = true)
    static final class ServerCommand implements Runnable {

        @Parameters(
                arity = "0..1",
                hideParamSyntax = true,
                paramLabel = "CONFIG",
                description =
                        "a zoo.cfg. Without it: a standalone server on port 2181, its data in"
                                + " ./data")
        private List<String> config = List.of();

        @Override
        public void run() {
            ServerMain.main(config.toArray(String[]::new));
        }
    }

    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = WitanCommand.class.getPackage().getImplementationVersion();
            return new String[] {
                "Witan %s (Java %s)"
                        .formatted(version == null ? "(not packaged)" : version, Runtime.version())
            };
        }
    }
}
