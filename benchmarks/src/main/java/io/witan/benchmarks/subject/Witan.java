package io.witan.benchmarks.subject;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Witan, started by the launcher that its users start it with.
public final class Witan implements Subject {

    private final Path launcher;

    public Witan(Path launcher) {
        this.launcher = launcher;
    }

    @Override
    public String name() {
        return "witan";
    }

    @Override
    public String description() {
        return "this checkout, started by `./witan server`";
    }

    @Override
    public void check() {
        if (!Files.isExecutable(launcher)) {
            throw new SetupException(
                    "%s is not there or cannot be executed; name the checkout with --home DIR"
                            .formatted(launcher));
        }
    }

    @Override
    public List<String> command(Path config, JvmFlags flags) {
        return List.of(launcher.toString(), "server", config.toString());
    }

    @Override
    public List<String> environment(JvmFlags flags) {
        return List.of(
                "SERVER_JVMFLAGS=" + String.join(" ", flags.all()),
                "JAVA_HOME=" + System.getProperty("java.home"));
    }
}
