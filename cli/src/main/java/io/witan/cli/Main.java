package io.witan.cli;

import io.witan.server.ServerMain;
import io.witan.server.logging.LineLogProvider;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import java.util.Arrays;
import java.util.Properties;

/// Where the `witan` command begins. The launcher beside the README starts it with a JDK that is
/// new enough, and starts `witan bench` itself, which has a class path of its own.
public final class Main {

    private Main() {}

    /// A server takes its arguments as they are and goes past the parser of the other commands: it
    /// should serve before that would have loaded.
    public static void main(String[] arguments) {
        chooseLog();
        if (startsServer(arguments)) {
            ServerMain.main(Arrays.copyOfRange(arguments, 1, arguments.length));
        } else {
            System.exit(commandLine().execute(arguments));
        }
    }

    /// Ours, unless the JVM was given another, before anything logs; SLF4J does not search then,
    /// and does not say so (decision 0040).
    private static void chooseLog() {
        Properties properties = System.getProperties();
        properties.putIfAbsent("slf4j.provider", LineLogProvider.class.getName());
        properties.putIfAbsent("slf4j.internal.verbosity", "WARN");
    }

    static CommandLine commandLine() {
        return new CommandLine(new WitanCommand())
                .setParameterExceptionHandler((wrong, _) -> refuse(wrong));
    }

    /// What is wrong comes last, where it is seen: no page of options behind it.
    private static int refuse(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String what =
                wrong instanceof UnmatchedArgumentException unmatched && command.getParent() == null
                        ? "There is no command or option '%s'."
                                .formatted(unmatched.getUnmatched().getFirst())
                        : wrong.getMessage();
        command.getErr().printf("%s%n%s --help has what there is.%n", what, name);
        command.getErr().flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static boolean startsServer(String[] arguments) {
        if (arguments.length == 0 || !arguments[0].equals("server")) {
            return false;
        }
        return Arrays.stream(arguments).noneMatch(it -> it.equals("--help") || it.equals("-h"));
    }
}
