package io.witan.interop.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// A directory with the launcher in it, and whatever a test puts beside it. What the launcher finds
/// on the PATH are only the tools that it may need: no JDK and no Maven of this machine.
final class Checkout {

    private static final List<String> TOOLS =
            List.of(
                    "sh",
                    "date",
                    "find",
                    "readlink",
                    "mkdir",
                    "mv",
                    "rm",
                    "grep",
                    "head",
                    "mktemp",
                    "flock");

    private final Path root;
    private final Map<String, String> environment = new TreeMap<>();

    Checkout(Path root, Path launcher) throws IOException {
        this.root = root;
        Files.copy(launcher, root.resolve("witan"));
        for (String tool : TOOLS) {
            for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
                Path program = Path.of(directory, tool);
                if (Files.isExecutable(program)) {
                    program("tools/" + tool, "exec %s \"$@\"".formatted(program));
                    break;
                }
            }
        }
        environment.put("PATH", root + "/tools");
        environment.put("WITAN_JDK_PLACES", root + "/jdks/*");
        environment.put("HOME", root.toString());
    }

    Path path(String name) {
        return root.resolve(name);
    }

    Checkout with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /// What a build leaves: the jar of the command and a library.
    Checkout built() throws IOException {
        file("cli/target/witan-cli.jar", "");
        file("cli/target/lib/library.jar", "");
        return this;
    }

    /// A JDK whose `java` prints its arguments, a line each, instead of running them.
    Path jdk(String name, String version) throws IOException {
        Path jdk = path("jdks").resolve(name);
        file(
                "jdks/" + name + "/release",
                "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        program("jdks/" + name + "/bin/java", "printf '%s\\n' \"java of " + name + "\" \"$@\"");
        return jdk;
    }

    /// One that refuses to start with this flag.
    Path jdkWithout(String name, String version, String flag) throws IOException {
        Path jdk = jdk(name, version);
        program(
                "jdks/" + name + "/bin/java",
                """
                case " $* " in *" %s "*) exit 1 ;; esac
                printf '%%s\\n' "java of %s" "$@"
                """
                        .formatted(flag, name));
        return jdk;
    }

    void program(String name, String script) throws IOException {
        if (!file(name, "#!/bin/sh\n" + script + "\n").toFile().setExecutable(true)) {
            throw new IOException(name + " cannot be made executable");
        }
    }

    Path file(String name, String content) throws IOException {
        Path file = path(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content, UTF_8);
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        Path output = path("output.txt");
        Process process = start(output, arguments);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the launcher hangs: " + Files.readString(output));
        }
        return new Result(process.exitValue(), Files.readString(output));
    }

    Process start(Path output, String... arguments) throws IOException {
        var command = new ProcessBuilder(path("witan").toString());
        command.command().addAll(List.of(arguments));
        command.environment().clear();
        command.environment().putAll(environment);
        return command.directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    record Result(int exitCode, String output) {

        List<String> lines() {
            return output.lines().toList();
        }
    }
}
