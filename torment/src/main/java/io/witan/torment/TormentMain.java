package io.witan.torment;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The main class of `witan torment`. Starts itself once more, in namespaces of its own, where the
/// system permits that.
public final class TormentMain {

    /// Set in the process inside.
    private static final String INSIDE = "witan.torment.inside";

    private static final int PATIENCE_SECONDS = 10;

    private TormentMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean isInside = Boolean.getBoolean(INSIDE);
        TormentCommand command = new TormentCommand(isInside);
        CommandLine line = new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
        if (isInside) {
            endWithWhoeverStartedThis();
        } else if (wantsNamespaces(line, command, arguments)) {
            Enclosure.Entrance entrance = Enclosure.find();
            if (entrance.command() != null) {
                System.exit(runInside(entrance.command(), arguments));
            }
            System.out.printf(
                    "No namespaces here (%s): all servers on 127.0.0.1, faults of processes only.%n",
                    entrance.reason());
        }
        System.exit(line.execute(arguments));
    }

    private static boolean wantsNamespaces(
            CommandLine line, TormentCommand command, String[] arguments) {
        try {
            CommandLine.ParseResult parsed = line.parseArgs(arguments);
            return !parsed.isUsageHelpRequested()
                    && !parsed.isVersionHelpRequested()
                    && command.wantsNamespaces();
        } catch (CommandLine.ParameterException wrong) {
            return false; // It is said when it is executed.
        }
    }

    private static int runInside(List<String> entrance, String[] arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(entrance);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-D" + INSIDE + "=true", "-XX:+UseSerialGC"));
        command.add("-Dwitan.home=" + System.getProperty("witan.home", ""));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(TormentMain.class.getName());
        command.addAll(List.of(arguments));
        Process inside =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(inside), "cleanup"));
        return inside.waitFor();
    }

    /// Ctrl-C reaches both; other signals only this one, and the pipe tells the other.
    private static void end(Process inside) {
        try {
            inside.getOutputStream().close();
            if (!inside.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                inside.destroyForcibly();
            }
        } catch (IOException e) {
            inside.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The one outside holds the other end of the pipe and never writes: what comes is its end.
    private static void endWithWhoeverStartedThis() {
        Thread.ofPlatform()
                .daemon()
                .name("end-of-input")
                .start(() -> {
                    @Nullable IOException broken = null;
                    try {
                        System.in.transferTo(java.io.OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        broken = e;
                    }
                    System.exit(broken == null ? 130 : 131);
                });
    }
}
