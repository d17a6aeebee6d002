package io.witan.benchmarks.subject;

import java.nio.file.Path;
import java.util.List;

/// A product under measurement.
public interface Subject {

    String name();

    /// Which version, and how it is started.
    String description();

    /// Fails with a [SetupException] if this product cannot be started here.
    void check();

    /// The command that runs one server in the foreground with this configuration file.
    List<String> command(Path config, JvmFlags flags);

    /// Environment variables that the command needs, as `NAME=VALUE`.
    default List<String> environment(JvmFlags flags) {
        return List.of();
    }
}
